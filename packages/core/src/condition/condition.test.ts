/** Each conditioner against its closed form, and all that need no network against their contract. */
import { describe, expect, it } from "vitest";
import { exampleClip } from "../../../../test/golden/signals.js";
import { augment } from "../audio/augment/index.js";
import { loudnessLufs } from "../audio/loudness.js";
import type { Waveform } from "../audio/waveform.js";
import { isUndertoneError } from "../errors.js";
import { random } from "../math/random.js";
import type { ConditionStep } from "./conditioner.js";
import { conditioners, openConditioning, parseConditionSteps } from "./conditioners.js";
import { speechSegments, voiceActivityStepSeconds } from "./silero-vad.js";

const sampleRate = 16000;
const condition = (wave: Waveform, steps: readonly ConditionStep[]): Promise<Waveform> =>
  openConditioning(steps).apply(wave);
const clip: Waveform = { samples: await exampleClip("03-01-05-01-02-02-11.flac"), sampleRate };
const plain = conditioners.filter(({ kind }) => kind !== "rnnoise" && kind !== "speech-only");

const tone = (hz: number, seconds: number, amplitude = 0.3): Float32Array =>
  Float32Array.from(
    { length: seconds * sampleRate },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRate),
  );

function power(samples: Float32Array): number {
  return samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
}

describe("the list", () => {
  it.each(plain)(
    "$kind leaves silence, one sample and the input alone, and keeps rate and length",
    async (one) => {
      for (const samples of [new Float32Array(8000), Float32Array.of(0.5), clip.samples]) {
        const before = samples.slice();
        const result = await condition({ samples, sampleRate }, [{ kind: one.kind }]);
        expect(samples).toEqual(before);
        expect(result.sampleRate).toBe(sampleRate);
        expect(result.samples.every(Number.isFinite)).toBe(true);
        expect(result.samples.length).toBeLessThanOrEqual(samples.length);
        if (one.keepsLength) expect(result.samples).toHaveLength(samples.length);
      }
      const silence = await condition({ samples: new Float32Array(8000), sampleRate }, [{ kind: one.kind }]);
      expect(power(silence.samples)).toBe(0);
    },
  );

  it("steps run in order and are read from text", async () => {
    const steps = parseConditionSteps("trim:belowDb=30:marginSeconds=0, loudness:lufs=-26");
    expect(steps).toEqual([
      { kind: "trim", belowDb: 30, marginSeconds: 0 },
      { kind: "loudness", lufs: -26 },
    ]);
    const result = await condition(clip, steps);
    expect(result.samples.length).toBeLessThan(0.8 * clip.samples.length);
    expect(loudnessLufs(result)).toBeAllClose(-26, { rtol: 0, atol: 1e-3 });
  });

  it.each([
    ["hum", "Unknown conditioning step 'hum', expected trim,"],
    ["trim:depth=3", "Unknown parameter 'depth' of 'trim', expected belowDb or marginSeconds"],
    ["rnnoise:x=1", "Unknown parameter 'x' of 'rnnoise', expected none"],
    ["loudness:lufs=3", "Bad 'lufs' of 'loudness': got 3, expected a number from -60 to 0"],
    ["loudness:lufs", "Bad 'lufs' of 'loudness': got NaN"],
  ])("refuses '%s' in one sentence", (text, message) => {
    expect(() => parseConditionSteps(text)).toThrow(message);
    try {
      parseConditionSteps(text);
    } catch (error) {
      expect(isUndertoneError(error, "condition/bad-step")).toBe(true);
    }
  });

  it.each(["rnnoise", "speech-only"])("%s says that it needs a network", async (kind) => {
    await expect(condition(clip, [{ kind }])).rejects.toMatchObject({ code: "features/encoder-missing" });
  });
});

describe("closed forms", () => {
  it("trim keeps the sound and its margin, whatever its level and offset", async () => {
    for (const amplitude of [0.5, 1e-4]) {
      const samples = new Float32Array(3 * sampleRate).fill(amplitude / 10);
      tone(300, 1, amplitude).forEach((x, i) => {
        samples[sampleRate + i] += x;
      });
      const { samples: kept } = await condition({ samples, sampleRate }, [
        { kind: "trim", belowDb: 30, marginSeconds: 0.1 },
      ]);
      expect(kept.length / sampleRate).toBeAllClose(1.2, { rtol: 0, atol: 0.06 });
    }
  });

  it("the spectral gate lowers noise by what was asked for and leaves the tone", async () => {
    const signal = tone(1000, 2);
    const burst = signal.map((x, i) => (i > sampleRate / 2 && i < (3 * sampleRate) / 2 ? x : 0));
    const noisy = augment({ samples: burst, sampleRate }, [{ kind: "noise", colour: "white", snrDb: 15 }], {
      random: random(5),
    });
    const { samples } = await condition(noisy, [{ kind: "spectral-gate", reductionDb: 15 }]);
    const pause = (x: Float32Array): number => power(x.subarray(1600, 6400));
    const sound = (x: Float32Array): number => power(x.subarray(12000, 20000));
    expect(10 * Math.log10(pause(noisy.samples) / pause(samples))).toBeGreaterThan(12);
    expect(10 * Math.log10(sound(samples) / sound(burst))).toBeAllClose(0, { rtol: 0, atol: 0.3 });
  });

  it("the spectral gate with no reduction gives the signal back", async () => {
    const { samples } = await condition(clip, [{ kind: "spectral-gate", reductionDb: 0 }]);
    expect(samples.subarray(0, -1024)).toBeAllClose(clip.samples.subarray(0, -1024), { atol: 1e-6 });
  });

  it("telephone keeps 1 kHz and loses 100 Hz and 5 kHz", async () => {
    for (const [hz, kept] of [
      [1000, 1],
      [100, 0],
      [5000, 0],
    ] as const) {
      const samples = tone(hz, 1);
      const { samples: passed } = await condition({ samples, sampleRate }, [{ kind: "telephone" }]);
      const middle = (x: Float32Array): number => power(x.subarray(4000, 12000));
      expect(middle(passed) / middle(samples), `${hz} Hz`).toBeAllClose(kept, { rtol: 0, atol: 1e-3 });
    }
  });
});

describe("speechSegments", () => {
  const step = voiceActivityStepSeconds;
  const runs = (...parts: [number, number][]): number[] =>
    parts.flatMap(([count, value]) => Array.from({ length: count }, () => value));
  const bare = { padSeconds: 0, minSpeechSeconds: 0.25, minPauseSeconds: 0.1 };

  it("bridges short pauses, drops short bursts, ends late", () => {
    const probabilities = runs([10, 0], [10, 0.9], [2, 0.1], [10, 0.8], [20, 0], [3, 0.9], [10, 0.2]);
    expect(speechSegments(probabilities, bare)).toEqual([{ start: 10 * step, end: 32 * step }]);
    const fading = runs([10, 0.9], [5, 0.4], [5, 0.1]);
    expect(speechSegments(fading, bare)).toEqual([{ start: 0, end: 15 * step }]);
  });

  it("pads within the audio, joins what then touches, and finds nothing in silence", () => {
    const probabilities = runs([10, 0.9], [4, 0], [10, 0.9]);
    expect(speechSegments(probabilities, bare)).toHaveLength(2);
    expect(speechSegments(probabilities, { ...bare, padSeconds: 0.1 })).toEqual([
      { start: 0, end: 24 * step },
    ]);
    expect(speechSegments(runs([30, 0.2]), bare)).toEqual([]);
    expect(speechSegments([], bare)).toEqual([]);
  });
});
