/** How fast speech-embedding-v1 is: × real time on one thread, mel spectrum included, over whole example clips. `npx tsx bench/embedding.bench.ts` */
import { performance } from "node:perf_hooks";
import { encoderSets } from "../packages/core/src/features/feature-sets.js";
import { nodeEncoderResources } from "../packages/node/src/encoders/encoder-resources.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
const seconds = clips.reduce((sum, clip) => sum + clip.length, 0) / 16000;
const runs = 7;
const resources = nodeEncoderResources();

/** Milliseconds on the clock and of processor time. */
function now(): { clock: number; processor: number } {
  const { user, system } = process.cpuUsage();
  return { clock: performance.now(), processor: (user + system) / 1000 };
}

console.log(`${clips.length} clips, ${seconds.toFixed(1)} s of audio, ${runs} runs, node ${process.version}`);
console.log(
  "feature set                 × real time, best run: by the clock   by processor time   opened in ms",
);
for (const encoder of encoderSets) {
  const before = performance.now();
  const set = await encoder.open(resources);
  const opened = performance.now() - before;
  let clock = Number.POSITIVE_INFINITY;
  let processor = Number.POSITIVE_INFINITY;
  for (let run = 0; run <= runs; run++) {
    const start = now();
    for (const samples of clips) await set.extract({ samples, sampleRate: set.sampleRate });
    const end = now();
    if (run === 0) continue; // warms up
    clock = Math.min(clock, end.clock - start.clock);
    processor = Math.min(processor, end.processor - start.processor);
  }
  await set.close?.();
  const rate = (ms: number): string => ((1000 * seconds) / ms).toFixed(0);
  console.log(
    `${encoder.id.padEnd(28)}${rate(clock).padStart(37)}${rate(processor).padStart(20)}${opened.toFixed(0).padStart(15)}`,
  );
}
console.log(resources.runtime.name);
