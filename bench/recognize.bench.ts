/**
 * Where the time of one prediction goes: processor milliseconds of a 3 s clip in this process for all shipped models, stage by stage; decoding is left out.
 * `npx tsx bench/recognize.bench.ts [RUNS]`
 */
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { openRecognizer } from "../packages/core/src/artifact/recognizer.js";
import { changeSpeed } from "../packages/core/src/audio/change-speed.js";
import type { Waveform } from "../packages/core/src/audio/waveform.js";
import { openFeatureSet } from "../packages/core/src/features/feature-sets.js";
import { seedV1 } from "../packages/core/src/features/seed-v1.js";
import { speechActivity } from "../packages/core/src/features/speech-activity.js";
import { fillMel } from "../packages/core/src/features/speech-embedding/mel.js";
import { melBands } from "../packages/core/src/features/speech-embedding/network.js";
import { padding } from "../packages/core/src/features/speech-embedding/pooling.js";
import { frameCountOf } from "../packages/core/src/features/speech-level.js";
import type { OnnxRuntime } from "../packages/core/src/onnx/runtime.js";
import { nodeEncoderResources } from "../packages/node/src/encoders/encoder-resources.js";
import { shippedModels } from "../packages/node/src/runs/shipped.js";
import { root } from "../test/corpora.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const runs = Number(process.argv[2] ?? 15);
const sampleRate = 16000;
const clipSeconds = 3;
const models = shippedModels.map(({ file }) => file);

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

interface Times {
  /** Mean over the clips of the quickest run of each, which a busy machine disturbs least. */
  readonly best: number;
  /** Mean over clips and runs, what collecting garbage costs included. */
  readonly mean: number;
  /** Mean over the clips of the least time in the sessions' runs. */
  readonly inRuns: number;
}

async function time(work: (wave: Waveform) => unknown): Promise<Times> {
  for (let i = 0; i < 5; i++) for (const wave of waves) await work(wave);
  const best = waves.map(() => Number.POSITIVE_INFINITY);
  const inRuns = waves.map(() => Number.POSITIVE_INFINITY);
  const began = processorMs();
  for (let run = 0; run < runs; run++) {
    for (const [i, wave] of waves.entries()) {
      runMs = 0;
      const start = processorMs();
      await work(wave);
      best[i] = Math.min(best[i], processorMs() - start);
      inRuns[i] = Math.min(inRuns[i], runMs);
    }
  }
  const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
  return {
    best: meanOf(best),
    mean: (processorMs() - began) / (runs * waves.length),
    inRuns: meanOf(inRuns),
  };
}

function report(stage: string, { best, mean }: Pick<Times, "best" | "mean">, note = ""): void {
  console.log(`${stage.padEnd(34)}${best.toFixed(2).padStart(8)}${mean.toFixed(2).padStart(8)}   ${note}`);
}

const given = nodeEncoderResources();
const resources = { ...given, runtime: timedRuntime(given.runtime) };
console.log(
  `${waves.length} clips of ${clipSeconds} s, ${runs} runs, ${cpus()[0]?.model}, node ${process.version}`,
);
console.log("stage                       ms a clip, best    mean");

const speeds = [0.9, 1, 1.1];
const played = new Map(waves.map((wave) => [wave, speeds.map((speed) => changeSpeed(wave, speed))] as const));
const atEach = async (wave: Waveform, work: (wave: Waveform) => unknown): Promise<void> => {
  for (const copy of played.get(wave)!) await work(copy);
};
const embedding = await openFeatureSet("speech-embedding-v1", resources);
const mel = new Float32Array(2 ** 16);
report("speech gate", await time(speechActivity));
report("speeds 0.9 and 1.1", await time((wave) => speeds.map((speed) => changeSpeed(wave, speed))));
report("seed-v1", await time(seedV1.extract));
report("seed-v1 at three speeds", await time((wave) => atEach(wave, seedV1.extract)));
report(
  "mel of whole clips, three speeds",
  await time((wave) =>
    atEach(wave, ({ samples }) => {
      const count = frameCountOf(samples.length) + 2 * padding;
      fillMel(mel.subarray(0, count * melBands), samples, { gain: 1, first: -padding, count });
    }),
  ),
);
const embedded = await time((wave) => atEach(wave, embedding.extract));
report(
  "speech-embedding-v1, three speeds",
  embedded,
  `of which the network ${embedded.inRuns.toFixed(2)} (best)`,
);
await embedding.close?.();

for (const model of models) {
  const recognizer = await openRecognizer(await readFile(join(root, model)), resources);
  const whole = await time((wave) => recognizer.recognize(wave));
  report(model, whole, `of which in ONNX Runtime ${whole.inRuns.toFixed(2)} (best)`);
  await recognizer.close();
}
