/**
 * How many live streams two cores carry, and what a clip costs, in processor time of this process: the shipped models by turns, on the repository's clips of 16 kHz
 * one after the other, windows of the models' own length every 0.5 s. `npx tsx bench/live-streams.bench.ts [SECONDS]`
 */
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { openRecognizer, type Recognizer } from "../packages/core/src/artifact/recognizer.js";
import { nodeEncoderResources } from "../packages/node/src/encoders/encoder-resources.js";
import { root } from "../test/corpora.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const seconds = Number(process.argv[2] ?? 20);
const sampleRate = 16000;
const [hopSeconds, pieceSamples, clipSeconds, rounds, cores] = [0.5, 320, 3, 5, 2];
/** Streams and windows of a model for which no bar of the project is missed, and what a window may then cost. */
const bars: Readonly<Record<string, number>> = { strangers: 40, "ravdess-best": 40, ravdess: 150 };

const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
const talk = new Float32Array(seconds * sampleRate);
for (let at = 0, i = 0; at < talk.length; at += clips[i++ % clips.length].length)
  talk.set(clips[i % clips.length].subarray(0, talk.length - at), at);

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Returns the processor time of each window of a stream in ms, and how many of them were heard to be speech. */
async function stream(recognizer: Recognizer): Promise<{ ms: number; speech: number }> {
  const open = recognizer.openStream({ sampleRate, hopSeconds });
  const start = processorMs();
  let windows = 0;
  let speech = 0;
  for (let at = 0; at < talk.length; at += pieceSamples) {
    for (const { reason } of await open.push(talk.subarray(at, at + pieceSamples))) {
      windows++;
      if (reason !== "no-speech") speech++;
    }
  }
  return { ms: (processorMs() - start) / windows, speech: speech / windows };
}

async function clip(recognizer: Recognizer): Promise<number> {
  const waves = clips.map((samples) => samples.subarray(0, clipSeconds * sampleRate));
  const start = processorMs();
  for (const samples of waves) await recognizer.recognize({ samples, sampleRate });
  return (processorMs() - start) / waves.length;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

console.log(
  `${seconds} s of speech, median of ${rounds} rounds, ${cpus()[0]?.model}, node ${process.version}`,
);
console.log(
  `model          ms a window   of speech   streams on ${cores} cores    bar   ms a clip of ${clipSeconds} s`,
);
const models = await Promise.all(
  Object.keys(bars).map(async (name) => ({
    name,
    recognizer: await openRecognizer(
      await readFile(join(root, "models", `${name}.onnx`)),
      nodeEncoderResources(),
    ),
    windows: [] as number[],
    clips: [] as number[],
    speech: 0,
  })),
);
for (let round = -1; round < rounds; round++)
  for (const model of models) {
    const { ms, speech } = await stream(model.recognizer);
    const whole = await clip(model.recognizer);
    model.speech = speech;
    // The first round is there for the engine to compile.
    if (round < 0) continue;
    model.windows.push(ms);
    model.clips.push(whole);
  }
for (const { name, windows, clips: wholes, speech, recognizer } of models) {
  const ms = median(windows);
  const columns = [
    ms.toFixed(2).padStart(12),
    `${(100 * speech).toFixed(0)} %`.padStart(12),
    String(Math.floor((cores * 1000 * hopSeconds) / ms)).padStart(20),
    String(bars[name]).padStart(7),
    median(wholes).toFixed(2).padStart(18),
  ];
  console.log(`${name.padEnd(14)}${columns.join("")}`);
  await recognizer.close();
}
