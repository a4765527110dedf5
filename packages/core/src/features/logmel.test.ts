/** `logmel-v1` against a naive transform, and its ONNX form in both runtimes. */
import { describe, expect, it } from "vitest";
import { exampleClip, lcgNoise } from "../../../../test/golden/signals.js";
import { nodeRuntime } from "../../../node/src/runtime/node-runtime.js";
import { hzToMel, melToHz } from "../dsp/mel.js";
import { graphBuilder } from "../onnx/graph-builder.js";
import { logMelGraph } from "./logmel-graph.js";
import { logmelV1 } from "./logmel-v1.js";

const sampleRate = 16000;
const speech = await exampleClip("03-01-05-02-01-01-16.flac");
const loudest = speech.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
/** Signals with the greatest difference that their graph may have: a tone at full scale cancels to 90 dB below in float32. */
const signals: readonly [string, Float32Array, number][] = [
  ["speech", speech, 1e-4],
  ["speech at full scale", speech.map((x) => x / loudest), 1e-4],
  ["loud noise", Float32Array.from(lcgNoise(8000, 7)), 1e-4],
  ["a tone", Float32Array.from({ length: 8000 }, (_, i) => 0.2 * Math.sin(0.3 * i)), 1e-4],
  ["a full-scale tone", Float32Array.from({ length: 8000 }, (_, i) => Math.sin(0.3 * i)), 5e-4],
  ["faint noise", Float32Array.from(lcgNoise(8000, 8), (x) => 1e-3 * x), 1e-4],
];

/** One value by the definition: the sum over bins of triangle × |Σ w x e^(−iωn)|², in float64. */
function naive(samples: Float32Array, frame: number, band: number): number {
  const edge = (i: number): number => melToHz(hzToMel(20) + ((hzToMel(8000) - hzToMel(20)) * i) / 81);
  const [left, centre, right] = [edge(band), edge(band + 1), edge(band + 2)];
  let sum = 0;
  for (let k = 0; k <= 256; k++) {
    const hz = (k * sampleRate) / 512;
    const weight = Math.max(0, Math.min((hz - left) / (centre - left), (right - hz) / (right - centre)));
    if (weight === 0) continue;
    let re = 0;
    let im = 0;
    for (let n = 0; n < 400; n++) {
      const x = samples[160 * frame + n] * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / 400));
      re += x * Math.cos((2 * Math.PI * k * n) / 512);
      im -= x * Math.sin((2 * Math.PI * k * n) / 512);
    }
    sum += weight * (re * re + im * im);
  }
  return Math.log(sum + 1e-4);
}

function waveformGraph(): Uint8Array {
  const builder = graphBuilder();
  const input = builder.input("waveform", ["batch", "samples"]);
  builder.output("logmel", logMelGraph(builder, input), ["batch", "frames", 80]);
  return builder.toBytes();
}

describe("logmel-v1", () => {
  it.each(signals)("of %s is what the definition says", (_name, samples) => {
    const { data, rows, cols } = logmelV1.extract({ samples, sampleRate });
    expect([rows, cols]).toEqual([1 + Math.floor((samples.length - 400) / 160), 80]);
    for (const t of [0, 7, rows - 1]) {
      for (const band of [0, 1, 17, 40, 79])
        expect(data[t * cols + band]).toBeCloseTo(naive(samples, t, band), 4);
    }
  });

  it("has no empty band: noise is far above the floor in each", () => {
    const { data } = logmelV1.extract({ samples: signals[2][1], sampleRate });
    expect(data.every((value) => value > -6)).toBe(true);
  });
});

describe("logMelGraph", () => {
  it.each(["native", "wasm"] as const)(
    "gives the same in ONNX Runtime, %s, two waveforms at a time",
    async (backend) => {
      const session = await nodeRuntime({ backend }).load(waveformGraph());
      for (const [name, samples, atol] of signals) {
        const pair = new Float32Array(2 * samples.length);
        pair.set(samples);
        pair.set(samples.slice().reverse(), samples.length);
        const { logmel } = await session.run({ waveform: { dims: [2, samples.length], data: pair } });
        const expected = logmelV1.extract({ samples, sampleRate });
        const half = expected.data.length;
        expect(logmel!.dims, name).toEqual([2, expected.rows, 80]);
        const data = logmel!.data as Float32Array;
        expect(data.subarray(0, half)).toBeAllClose(expected.data, { atol });
        const reversed = logmelV1.extract({ samples: samples.slice().reverse(), sampleRate });
        expect(data.subarray(half)).toBeAllClose(reversed.data, { atol });
      }
      await session.close();
    },
  );
});
