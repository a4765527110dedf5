/** How fast the feature sets are: × real time on one thread over the example clips. `npx tsx bench/features.bench.ts` */
import { performance } from "node:perf_hooks";
import { featureSets } from "../packages/core/src/features/index.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
const seconds = clips.reduce((sum, clip) => sum + clip.length, 0) / 16000;
const runs = 7;

/** Returns the seconds that each of `runs` passes over all clips took, after one to warm up. */
function time(work: (samples: Float32Array) => void): number[] {
  clips.forEach(work);
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    clips.forEach(work);
    return (performance.now() - start) / 1000;
  });
}

console.log(`${clips.length} clips, ${seconds.toFixed(1)} s of audio, ${runs} runs, node ${process.version}`);
console.log("feature set       × real time (best)   mean ± sd in ms per clip");
for (const set of featureSets) {
  const times = time((samples) => set.extract({ samples, sampleRate: set.sampleRate }));
  const best = seconds / Math.min(...times);
  const perClip = times.map((value) => (1000 * value) / clips.length);
  const mean = perClip.reduce((a, b) => a + b) / runs;
  const sd = Math.sqrt(perClip.reduce((a, b) => a + (b - mean) ** 2, 0) / runs);
  console.log(`${set.id.padEnd(18)}${best.toFixed(0).padStart(18)}   ${mean.toFixed(2)} ± ${sd.toFixed(2)}`);
}
