/**
 * How fast the features are: × real time in processor time (whatever else the machine does) over the example clips, beside librosa
 * when Python has it.
 * `npx tsx bench/features.bench.ts`
 */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { frameDescriptors } from "../packages/core/src/features/frame-descriptors.js";
import { featureSets } from "../packages/core/src/features/index.js";
import { speechActivity } from "../packages/core/src/features/speech-activity.js";
import { root } from "../test/corpora.js";
import { librosaFeatures } from "../test/golden/librosa-parity.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const runs = 7;
const sampleRate = 16000;
const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
const seconds = clips.reduce((sum, clip) => sum + clip.length, 0) / sampleRate;

/** Returns the processor seconds (all threads) that each of `runs` passes over all clips took, after two to warm up. */
function time(work: (samples: Float32Array) => void): number[] {
  for (let i = 0; i < 2; i++) clips.forEach(work);
  return Array.from({ length: runs }, () => {
    const start = process.cpuUsage();
    clips.forEach(work);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  });
}

function report(name: string, times: readonly number[]): void {
  const perClip = times.map((value) => (1000 * value) / clips.length);
  const mean = perClip.reduce((a, b) => a + b) / perClip.length;
  const deviation = Math.sqrt(perClip.reduce((a, b) => a + (b - mean) ** 2, 0) / perClip.length);
  const best = (seconds / Math.min(...times)).toFixed(0);
  console.log(`${name.padEnd(26)}${best.padStart(18)}   ${mean.toFixed(2)} ± ${deviation.toFixed(2)}`);
}

console.log(
  `${clips.length} clips, ${seconds.toFixed(1)} s of audio, ${cpus()[0]?.model}, node ${process.version}`,
);
console.log("what                      × real time (best)   mean ± sd in ms per clip");
for (const set of featureSets)
  report(
    set.id,
    time((samples) => set.extract({ samples, sampleRate: set.sampleRate })),
  );
report(
  "speech activity",
  time((samples) => speechActivity({ samples, sampleRate })),
);
report("librosa's, shared spectrum", time(librosaFeatures));
const all = time((samples) => frameDescriptors({ samples, sampleRate }));
const withoutPyin = time((samples) => frameDescriptors({ samples, sampleRate }, { pyin: false }));
report("frame descriptors", all);
report("  without pYIN", withoutPyin);

/** The other side in the same run: each of librosa's calls by itself, with its defaults, and those of the shared spectrum. */
function peer<T>(script: string): T | undefined {
  const { status, stdout } = spawnSync(python, [join(root, "bench/peers", script), "3"], {
    encoding: "utf8",
  });
  return status === 0 ? (JSON.parse(stdout) as T) : undefined;
}

const python = process.env.UNDERTONE_PYTHON ?? "python3";
const single = peer<{ librosa: string; times: Record<string, number[]> }>("librosa_defaults.py");
if (single) {
  const { pyin, ...others } = Object.fromEntries(
    Object.entries(single.times).map(([name, values]) => [name, Math.min(...values)]),
  ) as Record<string, number>;
  const rest = Object.values(others).reduce((sum, value) => sum + value, 0);
  report(`librosa ${single.librosa}, one by one`, [rest + pyin!]);
  report("  without pYIN", [rest]);
  console.log(
    `ratio: ${((rest + pyin!) / Math.min(...all)).toFixed(1)} × librosa's speed, without pYIN ${(rest / Math.min(...withoutPyin)).toFixed(1)} ×`,
  );
  const shared = peer<{ times: number[] }>("librosa_features.py");
  if (shared) report("librosa, shared spectrum", shared.times);
} else {
  console.log(`librosa not timed: ${python} has no librosa (set UNDERTONE_PYTHON to one that has)`);
}
