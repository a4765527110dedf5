/** Tests of feature sets from encoder files, with small real ONNX encoders whose values plain loops compute again. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../../test/corpora.js";
import { exampleClip } from "../../../../../test/golden/signals.js";
import {
  tinyEncoder,
  tinyEncoderFrames,
  tinyWhisper,
  whisperKernel,
} from "../../../../../test/tiny-encoder.js";
import { nodeRuntime } from "../../../../node/src/runtime/node-runtime.js";
import type { Matrix } from "../../math/matrix.js";
import { graphBuilder } from "../../onnx/graph-builder.js";
import { openFeatureSet } from "../feature-sets.js";
import { measureActivity } from "../speech-level.js";
import { completeEncoderId, describeEncoder } from "./complete-encoder-id.js";
import { encoderId, encoderName, parseEncoderId, parseEncoderRequest } from "./encoder-id.js";
import { whisperMel } from "./whisper-mel.js";

const runtime = nodeRuntime();
const sampleRate = 16000;
const clip = await exampleClip("03-01-05-02-01-01-16.flac");
const gain = 10 ** ((-26 - measureActivity(clip, "test").levelDb) / 20);
const leveled = clip.map((value) => value * gain);

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Completes the id of a choice such as `layer=2:pool=none`. */
function idOf(bytes: Uint8Array, choice: string, name = "tiny"): Promise<string> {
  return completeEncoderId(bytes, parseEncoderRequest(`encoder:${name}:${choice}`), {
    name,
    sha256: hash(bytes),
    runtime,
  });
}

async function extract(bytes: Uint8Array, choice: string, samples: Float32Array): Promise<Matrix> {
  const set = await openFeatureSet(await idOf(bytes, choice), { runtime, encoderFile: async () => bytes });
  const result = await set.extract({ samples, sampleRate });
  expect(result.cols).toBe(set.names.length);
  await set.close?.();
  return result;
}

describe("frames and layers", () => {
  const bytes = tinyEncoder();
  const withStates = tinyEncoder({ hiddenStates: true });

  it.each([
    ["last", 3],
    ["1", 1],
    ["2", 2],
    [encodeURIComponent("/encoder/layers.1/Add_output_0"), 2],
  ])("layer=%s is block %i, whether a hidden state or a value inside the graph", async (layer, block) => {
    const expected = tinyEncoderFrames(leveled, block).flat();
    for (const file of layer.startsWith("%") ? [bytes] : [bytes, withStates]) {
      const { data, cols } = await extract(file, `layer=${layer}:pool=none`, clip);
      expect(cols).toBe(6);
      expect(data).toBeAllClose(expected, { rtol: 1e-4, atol: 1e-4 });
    }
  });

  it("puts layers side by side, or averages them", async () => {
    const layers = [1, 2, 3].map((block) => tinyEncoderFrames(leveled, block));
    const beside = layers[0].flatMap((_, t) => layers.flatMap((frames) => frames[t]));
    expect((await extract(bytes, "layer=all:pool=none", clip)).data).toBeAllClose(beside, { atol: 1e-4 });
    const mean = layers[0].flatMap((frame, t) =>
      frame.map((_, j) => (layers[0][t][j] + layers[1][t][j] + layers[2][t][j]) / 3),
    );
    expect((await extract(bytes, "layer=average:pool=none", clip)).data).toBeAllClose(mean, { atol: 1e-4 });
  });

  it("finds time on whichever axis it is", async () => {
    const frames = tinyEncoderFrames(leveled, 0).flat();
    const id = await idOf(bytes, "layer=convolved:pool=none");
    expect(parseEncoderId(id)).toMatchObject({ time: 2, values: 6 });
    expect((await extract(bytes, "layer=convolved:pool=none", clip)).data).toBeAllClose(frames, {
      atol: 1e-4,
    });
  });

  it("says which layers there are", async () => {
    expect(await describeEncoder(bytes, { runtime, asker: "tiny" })).toMatchObject({
      numbered: [1, 2, 3],
      editable: true,
    });
    expect(await describeEncoder(withStates, { runtime, asker: "tiny" })).toMatchObject({
      numbered: [0, 1, 2, 3],
    });
    await expect(idOf(bytes, "layer=7")).rejects.toMatchObject({
      code: "features/unknown",
      message: expect.stringContaining("1 to 3"),
    });
  });
});

describe("pooling", () => {
  it("gives mean, deviation and greatest of every value, block by block", async () => {
    const { data } = await extract(tinyEncoder(), "layer=1,3:pool=mean,sd,max", clip);
    const expected = [1, 3].flatMap((block) => {
      const frames = tinyEncoderFrames(leveled, block);
      const columns = Array.from({ length: 6 }, (_, j) => frames.map((frame) => frame[j]));
      const mean = columns.map((x) => x.reduce((sum, v) => sum + v, 0) / x.length);
      const sd = columns.map((x, j) =>
        Math.sqrt(x.reduce((sum, v) => sum + (v - mean[j]) ** 2, 0) / x.length),
      );
      return [...mean, ...sd, ...columns.map((x) => Math.max(...x))];
    });
    expect(data).toBeAllClose(expected, { rtol: 1e-4, atol: 1e-4 });
  });

  it("hears a long clip in pieces, each frame once", async () => {
    const samples = Float32Array.from({ length: 70 * sampleRate }, (_, i) => clip[i % clip.length]);
    const { rows } = await extract(tinyEncoder(), "pool=none", samples);
    const third = Math.round(samples.length / 3);
    expect(rows).toBe(3 * (1 + Math.floor((third - 400) / 320)));
  });

  it("names columns after layer, value and statistic", async () => {
    const id = await idOf(tinyEncoder(), "layer=2:pool=mean,max");
    const set = await openFeatureSet(`${id}+seed-v1`, { runtime, encoderFile: async () => tinyEncoder() });
    expect(set.names[0]).toBe("encoder:tiny:l2:d0.mean");
    expect(set.names[11]).toBe("encoder:tiny:l2:d5.max");
    await set.close?.();
  });
});

describe("level", () => {
  it.each(["level", "unit"])("scale=%s does not depend on how loud the recording is", async (scale) => {
    const louder = clip.map((value) => value * 3);
    const plain = await extract(tinyEncoder(), `scale=${scale}`, clip);
    expect((await extract(tinyEncoder(), `scale=${scale}`, louder)).data).toBeAllClose(plain.data, {
      rtol: 1e-3,
      atol: 1e-3,
    });
  });

  it("scale=unit gives zero mean and unit variance, scale=none the samples as they are", async () => {
    const mean = clip.reduce((sum, value) => sum + value, 0) / clip.length;
    const deviation = Math.sqrt(clip.reduce((sum, value) => sum + (value - mean) ** 2, 0) / clip.length);
    const unit = clip.map((value) => (value - mean) / deviation);
    const expected = tinyEncoderFrames(unit, 3).flat();
    expect((await extract(tinyEncoder(), "pool=none:scale=unit", clip)).data).toBeAllClose(expected, {
      rtol: 1e-3,
      atol: 1e-3,
    });
    const raw = await extract(tinyEncoder(), "pool=none:scale=none", clip);
    expect(raw.data).toBeAllClose(tinyEncoderFrames(clip, 3).flat(), { rtol: 1e-4, atol: 1e-4 });
  });
});

describe("Whisper", () => {
  interface Golden {
    readonly [bands: string]: readonly number[];
  }
  const golden = JSON.parse(readFileSync(join(root, "test/golden/whisper-mel.json"), "utf8")) as Golden;

  it.each([80, 128])("hears %i mel bands as its own front-end gives them", (bands) => {
    const picture = whisperMel(clip, bands);
    const every = Float32Array.from(golden[bands], (_, i) => picture[i * 997]);
    expect(picture).toHaveLength(bands * 3000);
    expect(every).toBeAllClose(golden[bands], { rtol: 0, atol: 2e-4 });
  });

  it("leaves the silence after the clip out", async () => {
    const picture = whisperMel(leveled, 80);
    const frames = Math.ceil((1500 * clip.length) / 480_000);
    const expected = Array.from({ length: frames }, (_, t) =>
      Array.from({ length: 5 }, (_, j) => {
        let sum = 0;
        for (let band = 0; band < 80; band++)
          for (let k = 0; k < 2; k++)
            sum += whisperKernel[(j * 80 + band) * 2 + k] * picture[band * 3000 + 2 * t + k];
        return sum;
      }),
    ).flat();
    const { data, rows } = await extract(tinyWhisper(), "pool=none", clip);
    expect(rows).toBe(frames);
    expect(data).toBeAllClose(expected, { rtol: 1e-4, atol: 1e-4 });
  });
});

describe("ids", () => {
  it("are the same after parsing, and say all that decides the values", async () => {
    const id = await idOf(tinyEncoder(), "layer=2:pool=max:scale=none");
    expect(encoderId(parseEncoderId(id))).toBe(id);
    expect(id).toBe(
      `encoder:tiny:${hash(tinyEncoder())}:layer=2:layers=1:values=6:time=1:pool=max:scale=none`,
    );
  });

  it.each([
    ["encoder:tiny", "encoder add"],
    ["encoder:tiny:layer", "'='"],
    ["encoder:tiny:colour=red", "colour"],
    ["encoder:tiny:pool=median", "median"],
    ["encoder:tiny:pool=mean,mean", "mean,mean"],
    ["encoder:tiny:scale=loud", "loud"],
    ["encoder:Tiny", "Tiny"],
  ])("refuses %s", async (id, why) => {
    await expect(
      openFeatureSet(id, { runtime, encoderFile: async () => tinyEncoder() }),
    ).rejects.toMatchObject({
      code: "features/unknown",
      message: expect.stringContaining(why),
    });
  });

  it("makes names of what files are called", () => {
    expect(encoderName("/models/WavLM Base+.onnx")).toBe("wavlm-base-");
    expect(encoderName("encoder_model.ort")).toBe("encoder_model");
    expect(encoderName("...")).toBe("encoder");
  });
});

describe("the file", () => {
  it("is refused when one bit of it differs", async () => {
    const id = await idOf(tinyEncoder(), "layer=last");
    const changed = tinyEncoder().map((value, i) => (i === 900 ? value ^ 1 : value));
    await expect(openFeatureSet(id, { runtime, encoderFile: async () => changed })).rejects.toMatchObject({
      code: "features/encoder-mismatch",
      message: expect.stringContaining(hash(changed)),
    });
  });

  it("is refused when its inputs are not those of a speech encoder", async () => {
    const builder = graphBuilder();
    builder.output("y", builder.node("Relu", [builder.input("pixels", ["N", 3, 224, 224])]), [
      "N",
      3,
      224,
      224,
    ]);
    await expect(idOf(builder.toBytes(), "layer=last")).rejects.toMatchObject({
      code: "features/mismatch",
      message: expect.stringContaining("pixels"),
    });
  });
});
