/**
 * How fast the feature sets are: × real time in processor time (whatever else the machine does) over the example clips.
 * `npx tsx bench/features.bench.ts`
 */
import { cpus } from "node:os";
import { featureSets } from "../packages/core/src/features/feature-sets.js";
import { frameDescriptors } from "../packages/core/src/features/frame-descriptors.js";
import { speechActivity } from "../packages/core/src/features/speech-activity.js";
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
report(
  "frame descriptors",
  time((samples) => frameDescriptors({ samples, sampleRate })),
);
