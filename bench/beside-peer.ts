/** Times fits in processes of their own beside scikit-learn's on the same file, each within a limit: what took longer is said so, not left out. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

/** Processor seconds of the first fit of a process and of the quickest later one, and what it found where that can be compared. */
export interface Fitted {
  readonly first: number;
  readonly seconds: number;
  readonly value?: number | undefined;
}

/** What a fit found, or how to find it out when the clock has stopped. */
export type Found = number | undefined | (() => number | Promise<number>);

/** A row-major float32 file. */
export interface RowFile {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

export interface FitBench {
  /** The benchmark's own file, which is run again for each fit. */
  readonly file: string;
  /** The peer's script in `bench/peers`: PATH ROWS COLUMNS RUNS METHOD EXTRA..., prints a `Fitted` as JSON. */
  readonly script: string;
  readonly methods: readonly string[];
  readonly sizes: readonly string[];
  /** Sizes that `--large` adds. */
  readonly largeSizes: readonly string[];
  /** Returns the rows that both fit, and what the methods have to know beside them. */
  makeData(rows: number, cols: number): RowFile & { readonly extra?: readonly number[] };
  /** Fits once and returns what to compare. */
  fit(method: string, file: RowFile, extra: readonly number[]): Found | Promise<Found>;
}

/** Fits are repeated for so many seconds at least, and begin within so many at most. */
const [least, enough] = [1, 60];

/**
 * Returns the processor seconds of the first fit and, apart from it (compilers and caches have to get warm), the least of those after it: `runs`,
 * or as many as a second holds, or as begin within a minute; where none does, the first's.
 */
export async function timed(runs: number, once: () => Promise<Found>): Promise<Fitted> {
  const times: number[] = [];
  let total = 0;
  let found: Found;
  while ((times.length <= runs || total < least) && total < enough) {
    const before = process.cpuUsage();
    found = await once();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1e6);
    total += (user + system) / 1e6;
  }
  const [first, ...later] = times;
  return {
    first,
    seconds: Math.min(...(later.length > 0 ? later : [first])),
    value: typeof found === "function" ? await found() : found,
  };
}

/** Prints the table of a benchmark: what the command line asks for. */
export async function besidePeer(bench: FitBench): Promise<void> {
  const { values } = parseArgs({
    options: {
      python: { type: "string", default: process.env.UNDERTONE_PYTHON ?? "python3" },
      runs: { type: "string", default: "3" },
      only: { type: "string" },
      size: { type: "string" },
      large: { type: "boolean", default: false },
      limit: { type: "string", default: "600" },
      child: { type: "string" },
      data: { type: "string" },
      extra: { type: "string", default: "" },
    },
  });
  const runs = Number(values.runs);
  if (values.child) {
    const [rows, cols] = parseSize(values.size!);
    const bytes = readFileSync(values.data!);
    const file = { data: new Float32Array(new Uint8Array(bytes).buffer), rows, cols };
    const extra = values.extra === "" ? [] : values.extra.split(",").map(Number);
    console.log(JSON.stringify(await timed(runs, async () => bench.fit(values.child!, file, extra))));
    return;
  }
  const limit = Number(values.limit);
  const hasPeer = spawnSync(values.python, ["-c", "import sklearn"]).status === 0;
  console.log(
    `processor seconds of a fit on one thread: the first of a process, then the best of ${runs} or more warm ones; node ${process.version}`,
  );
  if (!hasPeer)
    console.log(`scikit-learn not timed: ${values.python} has none (set UNDERTONE_PYTHON to one that has)`);
  if (!values.large && !values.size)
    console.log(`${bench.largeSizes.join(", ")} by --large: minutes, each fit at most ${limit} s (--limit)`);
  console.log(
    "rows × columns   method                 ours first          warm  scikit-learn   ratio   result, both",
  );
  const sizes = values.size ? [values.size] : [...bench.sizes, ...(values.large ? bench.largeSizes : [])];
  for (const size of sizes) {
    const [rows, cols] = parseSize(size);
    const made = bench.makeData(rows, cols);
    const folder = mkdtempSync(join(tmpdir(), "undertone-bench-"));
    try {
      const path = join(folder, "data.f32");
      writeFileSync(path, new Uint8Array(made.data.buffer));
      const extra = made.extra ?? [];
      for (const method of bench.methods.filter(
        (name) => !values.only || values.only.split(",").includes(name),
      )) {
        const child = [
          "--child",
          method,
          "--data",
          path,
          "--size",
          `${rows}x${made.cols}`,
          "--runs",
          values.runs,
        ];
        const own = limited(
          process.execPath,
          ["--import", "tsx", bench.file, ...child, "--extra", extra.join(",")],
          limit,
        );
        const script = join(import.meta.dirname, "peers", bench.script);
        const given = [path, rows, made.cols, runs, method, ...extra].map(String);
        const peer = hasPeer ? limited(values.python, [script, ...given], limit) : undefined;
        console.log(line(`${rows} × ${cols}`, method, { own, peer, limit }));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

function line(
  size: string,
  method: string,
  { own, peer, limit }: { own: Fitted | null; peer: Fitted | null | undefined; limit: number },
): string {
  const shown = (fitted: Fitted | null | undefined, which: "first" | "seconds" = "seconds"): string =>
    fitted === undefined ? "–" : fitted ? fitted[which].toFixed(4) : `not finished in ${limit} s`;
  const ratio = own && peer ? (own.seconds / peer.seconds).toFixed(2) : "–";
  const found = [own, peer].flatMap((fitted) =>
    fitted?.value === undefined ? [] : [fitted.value.toPrecision(6)],
  );
  return `${size.padEnd(17)}${method.padEnd(20)}${shown(own, "first").padStart(14)}${shown(own).padStart(14)}${shown(peer).padStart(14)}${ratio.padStart(8)}   ${found.join(" ")}`;
}

function parseSize(size: string): [number, number] {
  return size.split("x").map(Number) as [number, number];
}

/** Returns what a process prints, or null when it had to be stopped after `limit` seconds. */
function limited(command: string, args: readonly string[], limit: number): Fitted | null {
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _size, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    env: { ...env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    encoding: "utf8",
    timeout: 1000 * limit,
    killSignal: "SIGKILL",
  });
  if (error && "code" in error && error.code === "ETIMEDOUT") return null;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
  return JSON.parse(stdout) as Fitted;
}
