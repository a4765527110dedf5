/**
 * Prints how far egemaps-v02 agrees with openSMILE on recordings of one's own: how many functionals correlate by 0.98 and by 0.90, and which
 * fall short. `npx tsx scripts/egemaps-agreement.ts FOLDER... [--leave-out=NAMES.csv] [--sample=COUNT]`
 *
 * Needs Python with opensmile (UNDERTONE_PYTHON names another interpreter than python3). Both hear the same samples: 16 kHz, mono, 16 bits.
 * NAMES.csv has a file's name without its ending in its first column; those are left out. A sample is every nth recording.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { decodeBytes, defaultDecodeLimits, resample } from "../packages/core/src/audio/index.js";
import { egemapsV02 } from "../packages/core/src/features/egemaps-v02.js";
import { findAudio } from "../packages/node/src/io/find-audio.js";
import { openCodec } from "../packages/node/src/io/open-codec.js";
import { root } from "../test/corpora.js";
import { type EgemapsReference, egemapsCorrelations } from "../test/golden/egemaps-parity.js";

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { "leave-out": { type: "string" }, sample: { type: "string" } },
});
if (folders.length === 0) throw new Error("egemaps-agreement: got no folder, expected at least one");
/** Shorter recordings have no frame of 60 ms. */
const leastSamples = 960;

const leftOut = new Set(
  options["leave-out"]
    ? readFileSync(options["leave-out"], "utf8")
        .split("\n")
        .map((line) => line.split(",")[0])
    : [],
);
const found = (await Promise.all(folders.map((folder) => findAudio(folder))))
  .flat()
  .filter(({ path }) => !leftOut.has(basename(path, extname(path))));
const step = options.sample ? Math.max(1, found.length / Number(options.sample)) : 1;
const files = found.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));

const peer = spawn(
  process.env.UNDERTONE_PYTHON ?? "python3",
  [join(root, "bench/peers/opensmile_values.py")],
  { stdio: ["pipe", "pipe", "inherit"] },
);
const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
const recordings: EgemapsReference[] = [];
let seconds = 0;
for (const { path } of files) {
  const levels = await levelsOf(path);
  if (levels.length < leastSamples) continue;
  peer.stdin.write(`${levels.length}\n`);
  peer.stdin.write(Buffer.from(levels.buffer));
  const { value, done } = await answers.next();
  if (done) throw new Error(`egemaps-agreement: openSMILE stopped at ${path}`);
  recordings.push({
    samples: Float32Array.from(levels, (level) => level / 32768),
    expected: value.split(",").map(Number),
  });
  seconds += levels.length / egemapsV02.sampleRate;
}
peer.stdin.end();

const correlations = egemapsCorrelations(recordings);
const at = (least: number): number => correlations.filter((r) => r >= least).length;
console.log(
  `${recordings.length} recordings, ${seconds.toFixed(0)} s: of ${correlations.length} functionals ${at(0.98)} have r ≥ 0.98 and ${at(0.9)} have r ≥ 0.90.`,
);
for (const [i, r] of correlations.entries())
  if (!(r >= 0.98)) console.log(`${r.toFixed(4)}  ${egemapsV02.names[i]}`);

/** Returns a recording's 16-bit levels at 16 kHz, the mean of its channels. */
async function levelsOf(path: string): Promise<Int16Array> {
  const decoded = await decodeBytes(await readFile(path), { limits: defaultDecodeLimits, openCodec });
  const wave = resample(decoded.wave, egemapsV02.sampleRate);
  return Int16Array.from(wave.samples, (value) =>
    Math.max(-32768, Math.min(32767, Math.round(value * 32768))),
  );
}
