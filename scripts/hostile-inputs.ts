/**
 * Tries hostile files of all kinds in processes of their own, whose time and memory are watched: `npm run hostile -- --count 20000 --seed 1 --from 0`. Says which were the
 * slowest and the largest, and fails when one took more than 5 seconds or 500 MB, or ended with an error that is not ours. `--only N` runs one, `--write N` writes it to a file.
 */
import { type ChildProcess, fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type HostileOutcome, hostileInputs } from "../test/hostile/subjects.js";

const mostSeconds = 5;
const mostMegabytes = 500;
/** A process that has not answered by then hangs. */
const patienceSeconds = 60;
/** Inputs that one process tries: what it leaves in memory is not the next one's fault. */
const inputsPerProcess = 250;

interface Measured extends HostileOutcome {
  readonly index: number;
  readonly seconds: number;
  /** The most memory of the process so far. */
  readonly megabytes: number;
}

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    from: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    processes: { type: "string", default: "2" },
    only: { type: "string" },
    write: { type: "string" },
  },
});
const seed = Number(values.seed);

if (process.send) await answer(process.send.bind(process));
else if (values.write !== undefined) {
  const path = `hostile-${values.write}.bin`;
  writeFileSync(path, (await hostileInputs(seed)).bytes(Number(values.write)));
  console.log(path);
} else {
  const from = Number(values.only ?? values.from);
  await watch(from, from + (values.only === undefined ? Number(values.count) : 1));
}

/** The child: runs the inputs that it is asked for, one after the other. */
async function answer(send: (message: Measured) => void): Promise<void> {
  // Decoders print what they stumble over.
  console.error = () => undefined;
  console.warn = () => undefined;
  const inputs = await hostileInputs(seed);
  process.on("unhandledRejection", (error) => {
    process.stdout.write(`unhandled: ${(error as Error)?.stack ?? error}\n`);
    process.exit(3);
  });
  process.on("message", async (index: number) => {
    const start = performance.now();
    const outcome = await inputs.run(index);
    const seconds = (performance.now() - start) / 1000;
    send({ ...outcome, index, seconds, megabytes: process.resourceUsage().maxRSS / 1000 });
  });
  send({ name: "ready", outcome: "ok", foreign: false, index: -1, seconds: 0, megabytes: 0 });
}

async function watch(from: number, to: number): Promise<void> {
  const results: Measured[] = [];
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < to) {
      const last = Math.min(to, next + inputsPerProcess);
      const first = next;
      next = last;
      for (let index = first; index < last; ) index = await inProcess(index, last, results);
    }
  };
  await Promise.all(Array.from({ length: Number(values.processes) }, lane));
  report(results);
}

/** Runs inputs in one new process; resolves to the index of the first that it did not come to. */
function inProcess(first: number, last: number, results: Measured[]): Promise<number> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(fileURLToPath(import.meta.url), ["--seed", String(seed)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    let index = first - 1;
    let before = 0;
    let clock: NodeJS.Timeout;
    const lost = (outcome: string): void => {
      results.push({ index, name: `${index}`, outcome, foreign: true, seconds: 0, megabytes: 0 });
      print(results.at(-1)!);
    };
    const step = (): void => {
      index++;
      if (index === last) {
        child.disconnect();
        resolve(last);
        return;
      }
      child.send(index);
      clock = setTimeout(() => {
        lost(`no answer within ${patienceSeconds} s`);
        child.removeAllListeners();
        child.kill("SIGKILL");
        resolve(index + 1);
      }, 1000 * patienceSeconds);
    };
    child.on("message", (measured: Measured) => {
      clearTimeout(clock);
      if (measured.index >= 0) {
        results.push(measured);
        const grew = measured.megabytes > mostMegabytes && before <= mostMegabytes;
        if (measured.foreign || measured.seconds > mostSeconds || grew) print(measured);
        before = measured.megabytes;
        if (results.length % 1000 === 0) console.error(`${results.length} tried`);
        // What comes after a large one would be measured with it.
        if (measured.megabytes > 0.7 * mostMegabytes && index + 1 < last) {
          child.removeAllListeners("exit");
          child.disconnect();
          resolve(index + 1);
          return;
        }
      }
      step();
    });
    child.on("exit", (code, signal) => {
      clearTimeout(clock);
      if (index >= last) return;
      lost(`the process ended (${signal ?? code})`);
      resolve(index + 1);
    });
  });
}

function print({ name, outcome, seconds, megabytes }: Measured): void {
  console.log(`${name}: ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB, ${outcome}`);
}

function report(results: readonly Measured[]): void {
  const outcomes = new Map<string, number>();
  for (const { outcome, foreign } of results) {
    const key = foreign ? "NOT OURS" : outcome;
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
  }
  console.log(
    [...outcomes]
      .sort((a, b) => b[1] - a[1])
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join("\n"),
  );
  const by = (of: (one: Measured) => number): Measured[] =>
    [...results].sort((a, b) => of(b) - of(a)).slice(0, 5);
  console.log("slowest:");
  by(({ seconds }) => seconds).forEach(print);
  console.log("largest:");
  by(({ megabytes }) => megabytes).forEach(print);
  const slow = results.filter(({ seconds }) => seconds > mostSeconds).length;
  const large = results.filter(({ megabytes }) => megabytes > mostMegabytes).length;
  const foreign = results.filter((one) => one.foreign).length;
  console.log(
    `${results.length} hostile files: ${slow} took more than ${mostSeconds} s, ${large} more than ${mostMegabytes} MB, ${foreign} ended with an error that is not ours`,
  );
  if (slow + large + foreign > 0) process.exitCode = 1;
}
