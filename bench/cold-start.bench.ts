/**
 * A process that says what one clip is, from its start to its end, beside an empty one: wall and processor seconds, medians of runs in turn.
 * `npx tsx bench/cold-start.bench.ts [CLIP] [--runs N]`; needs a POSIX shell, whose `times` counts processor time in all threads.
 */
import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../test/corpora.js";

const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "11" } },
  allowPositionals: true,
});
const clip = positionals[0] ?? join(root, "examples/clips/03-01-05-02-01-01-16.flac");
const predict = [join(root, "packages/node/bin/undertone.js"), "predict", clip];
const empty = ["-e", "0"];

interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs Node once. */
function run(args: readonly string[]): Seconds {
  const script = '"$0" "$@" > /dev/null || exit 1; times';
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script, process.execPath, ...args], {
    encoding: "utf8",
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args.join(" ")} failed: ${stderr}`);
  // The second line is of the shell's children: user and system time.
  const parts = stdout
    .trim()
    .split("\n")[1]
    .matchAll(/(\d+)m([\d.]+)s/g);
  const cpu = [...parts].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
  return { wall, cpu };
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

run(predict); // bundles the source where it has changed, and fills the system's file cache
run(empty);
const pairs = Array.from({ length: Number(values.runs) }, () => [run(predict), run(empty)] as const);
console.log(
  `${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0].toFixed(1)}, node ${process.version}, ${pairs.length} runs of each in turn`,
);
for (const of of ["wall", "cpu"] as const) {
  const [ours, theirs] = [0, 1].map((i) => median(pairs.map((pair) => pair[i][of])));
  const ratio = median(pairs.map(([a, b]) => a[of] / b[of]));
  console.log(
    `${of.padEnd(4)}  predict ${ours.toFixed(3)} s, node -e 0 ${theirs.toFixed(3)} s, ratio ${ratio.toFixed(1)}`,
  );
}
