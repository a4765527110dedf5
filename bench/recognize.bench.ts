/**
 * Where the time of one prediction goes: processor milliseconds of a 3 s clip in this process for both shipped models, stage by stage; decoding is left out.
 * `npx tsx bench/recognize.bench.ts [RUNS]`
 */
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { openRecognizer } from "../packages/core/src/artifact/recognizer.js";
import { changeSpeed } from "../packages/core/src/audio/change-speed.js";
import type { Waveform } from "../packages/core/src/audio/waveform.js";
import { openFeatureSet } from "../packages/core/src/features/index.js";
import { seedV1 } from "../packages/core/src/features/seed-v1.js";
import { speechActivity } from "../packages/core/src/features/speech-activity.js";
import { fillMel } from "../packages/core/src/features/speech-embedding/mel.js";
import { melBands } from "../packages/core/src/features/speech-embedding/network.js";
import { padding } from "../packages/core/src/features/speech-embedding/pooling.js";
import type { OnnxRuntime } from "../packages/core/src/onnx/runtime.js";
import { nodeEncoderResources } from "../packages/node/src/encoders/encoder-resources.js";
import { root } from "../test/corpora.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const runs = Number(process.argv[2] ?? 15);
const sampleRate = 16000;
const clipSeconds = 3;
const models = ["models/ravdess-best.onnx", "models/ravdess.onnx"];

const waves: Waveform[] = [];
for (const name of await exampleClipNames()) {
  const samples = (await exampleClip(name)).slice(0, clipSeconds * sampleRate);
  if (samples.length === clipSeconds * sampleRate) waves.push({ samples, sampleRate });
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Processor time inside the sessions' runs since it was last set to 0. */
let runMs = 0;

/** The runtime, its runs timed. */
function timedRuntime(runtime: OnnxRuntime): OnnxRuntime {
  return {
    name: runtime.name,
    async load(model) {
      const session = await runtime.load(model);
      return {
        ...session,
        async run(inputs) {
          const start = processorMs();
          const outputs = await session.run(inputs);
          runMs += processorMs() - start;
          return outputs;
        },
      };
    },
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Returns the median over the runs of the processor time of a clip, and the part of it in the sessions' runs. */
async function time(work: (wave: Waveform) => unknown): Promise<{ ms: number; inRuns: number }> {
  for (let i = 0; i < 10; i++) for (const wave of waves) await work(wave);
  const times: number[] = [];
  const inRuns: number[] = [];
  for (let run = 0; run < runs; run++) {
    runMs = 0;
    const start = processorMs();
    for (const wave of waves) await work(wave);
    times.push((processorMs() - start) / waves.length);
    inRuns.push(runMs / waves.length);
  }
  return { ms: median(times), inRuns: median(inRuns) };
}

function report(stage: string, ms: number, note = ""): void {
  console.log(`${stage.padEnd(34)}${ms.toFixed(2).padStart(12)}   ${note}`);
}

const given = nodeEncoderResources();
const resources = { ...given, runtime: timedRuntime(given.runtime) };
console.log(
  `${waves.length} clips of ${clipSeconds} s, median of ${runs} runs, ${cpus()[0]?.model}, node ${process.version}`,
);
console.log("stage                             ms of a clip");

const speeds = [0.9, 1, 1.1];
const played = new Map(waves.map((wave) => [wave, speeds.map((speed) => changeSpeed(wave, speed))] as const));
const atEach = async (wave: Waveform, work: (wave: Waveform) => unknown): Promise<void> => {
  for (const copy of played.get(wave)!) await work(copy);
};
const embedding = await openFeatureSet("speech-embedding-v1", resources);
const mel = new Float32Array(2 ** 16);
report("speech gate", (await time(speechActivity)).ms);
report("speeds 0.9 and 1.1", (await time((wave) => speeds.map((speed) => changeSpeed(wave, speed)))).ms);
report("seed-v1", (await time(seedV1.extract)).ms);
report("seed-v1 at three speeds", (await time((wave) => atEach(wave, seedV1.extract))).ms);
const threeMels = await time((wave) =>
  atEach(wave, ({ samples }) => {
    const frames = 1 + Math.floor((samples.length - 512) / 160);
    fillMel(mel.subarray(0, (frames + 2 * padding) * melBands), samples, {
      gain: 1,
      first: -padding,
      count: frames + 2 * padding,
    });
  }),
);
report("mel at three speeds", threeMels.ms);
const threeEmbeddings = await time((wave) => atEach(wave, embedding.extract));
report("network at three speeds", threeEmbeddings.inRuns);
report("level and pooling, three speeds", threeEmbeddings.ms - threeEmbeddings.inRuns - threeMels.ms);
await embedding.close?.();

for (const model of models) {
  const recognizer = await openRecognizer(await readFile(join(root, model)), resources);
  const whole = await time((wave) => recognizer.recognize(wave));
  report(model, whole.ms, `of which in ONNX Runtime ${whole.inRuns.toFixed(2)}`);
  await recognizer.close();
}
