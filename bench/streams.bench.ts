/**
 * How many live streams one core carries: 64 microphones of 16 kHz, pushed 20 ms at a time in turn, in processor time; and the shipped model's stream with its latency.
 * `npx tsx bench/streams.bench.ts [SECONDS]`
 */
import { cpus } from "node:os";
import { encoderSets, featureSets, openFeatureSet } from "../packages/core/src/features/feature-sets.js";
import { nodeEncoderResources } from "../packages/node/src/encoders/encoder-resources.js";
import { openModel } from "../packages/node/src/runs/open-model.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const seconds = Number(process.argv[2] ?? 10);
const sampleRate = 16000;
const streams = 64;
const pieceSamples = 320;
const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
const talk = new Float32Array(seconds * sampleRate);
for (let at = 0, i = 0; at < talk.length; at += clips[i++ % clips.length].length)
  talk.set(clips[i % clips.length].subarray(0, talk.length - at), at);

function processorSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** Streams that are computed of a set of windows; the others would cost the same. */
const setStreams = 8;
const windowOfSets = 3;
/** Windows before the clock runs, while the engine compiles. */
const warmUp = 20;

function report(what: string, spent: number, speed: number): void {
  const columns = [
    spent.toFixed(2).padStart(9),
    speed.toFixed(0).padStart(14),
    `${Math.floor(speed)}`.padStart(17),
  ];
  console.log(`${what.padEnd(43)}${columns.join("")}${speed >= streams ? "" : "   falls behind"}`);
}

console.log(
  `${streams} streams of ${seconds} s in pieces of 20 ms, ${cpus()[0]?.model}, node ${process.version}`,
);
console.log("set                                      processor s   × real time   streams a core");
const names = [...featureSets, ...encoderSets].map(({ id }) => id);
for (const id of names) {
  const set = await openFeatureSet(id, nodeEncoderResources());
  if (set.openStream) {
    const open = Array.from({ length: streams }, () => set.openStream!());
    const start = process.cpuUsage();
    for (let at = 0; at < talk.length; at += pieceSamples)
      for (const stream of open) await stream.push(talk.subarray(at, at + pieceSamples));
    for (const stream of open) await stream.finish();
    const spent = processorSeconds(start);
    const speed = (streams * seconds) / spent;
    report(id, spent, speed);
  } else {
    // A set of one row a window: windows of 3 s every second, as a recognizer's stream asks for them.
    const windows = Math.floor(seconds - windowOfSets) + 1;
    const window = (i: number): Float32Array =>
      talk.subarray((i % windows) * sampleRate, ((i % windows) + windowOfSets) * sampleRate);
    for (let i = 0; i < warmUp; i++) await set.extract({ samples: window(i), sampleRate });
    const start = process.cpuUsage();
    for (let i = 0; i < windows * setStreams; i++) await set.extract({ samples: window(i), sampleRate });
    const spent = processorSeconds(start);
    report(`${id}, 3 s every 1 s`, spent * (streams / setStreams), (setStreams * windows) / spent);
  }
  await set.close?.();
}

const recognizer = await openModel();
const { windowSeconds } = recognizer.manifest.timeline;
for (const hopSeconds of [0.25, 0.5, 1]) {
  const stream = recognizer.openStream({ sampleRate, hopSeconds, now: () => performance.now() });
  const start = process.cpuUsage();
  for (let at = 0; at < talk.length; at += pieceSamples)
    await stream.push(talk.subarray(at, at + pieceSamples));
  await stream.finish();
  const { windows, meanMs, maxMs } = stream.latency();
  const speed = seconds / processorSeconds(start);
  console.log(
    `${recognizer.manifest.name}, ${windowSeconds} s every ${hopSeconds} s: ${windows} windows, latency ${meanMs.toFixed(1)} ms (most ${maxMs.toFixed(1)}), ${speed.toFixed(0)} × real time`,
  );
}
await recognizer.close();
