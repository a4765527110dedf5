/** Speech against silence, noise, tones, clicks and hum, whole clips and windows. */
import { describe, expect, it } from "vitest";
import { exampleClip, exampleClipNames, synthesize } from "../../../../test/golden/signals.js";
import { isUndertoneError } from "../errors.js";
import { random } from "../math/random.js";
import { speechActivity } from "./speech-activity.js";

const sampleRate = 16000;
const names = await exampleClipNames();
const clips = await Promise.all(names.map(exampleClip));

const judge = (samples: Float32Array) => speechActivity({ samples, sampleRate });
const signal = (f: (t: number) => number): Float32Array =>
  Float32Array.from({ length: 3 * sampleRate }, (_, n) => f(n / sampleRate));
const noise = (level: number, color = 0): Float32Array => {
  const rng = random(`${level}/${color}`);
  let held = 0;
  return signal(() => {
    held = color * held + rng.normal();
    return level * held;
  });
};
const sine = (cycles: number): number => Math.sin(2 * Math.PI * cycles);

describe("speechActivity", () => {
  it.each(names.map((name, i) => [name, i] as const))(
    "hears speech in %s, quiet or loud, whole or in part",
    (_, i) => {
      const samples = clips[i];
      const whole = judge(samples);
      expect(whole.verdict).toBe("speech");
      expect(whole.voicedSeconds).toBeGreaterThan(0.2);
      expect(whole.voicedSeconds).toBeLessThanOrEqual(whole.activeSeconds);
      expect(whole.activeSeconds).toBeLessThan(samples.length / sampleRate);
      expect(judge(samples.map((value) => value * 0.25)).verdict).toBe("speech");
      const middle = samples.length >> 1;
      expect(judge(samples.subarray(middle - 16000, middle + 16000)).verdict).toBe("speech");
    },
  );

  it("hears speech in 10 dB of white noise", () => {
    const rng = random(7);
    for (const samples of clips) {
      const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
      const level = Math.sqrt(power / 10);
      expect(judge(samples.map((value) => value + level * rng.normal())).verdict).toBe("speech");
    }
  });

  it.each<[string, string, Float32Array]>([
    ["digital silence", "silence", new Float32Array(48000)],
    ["a constant offset", "silence", new Float32Array(48000).fill(0.3)],
    ["the noise floor of a quiet room", "silence", noise(1e-4)],
    ["white noise", "unvoiced", noise(0.1)],
    ["faint white noise", "unvoiced", noise(0.001)],
    ["red noise", "unvoiced", noise(0.02, 0.9)],
    ["clicks", "unvoiced", signal((t) => (Math.round(t * sampleRate) % 4000 === 0 ? 1 : 0))],
    ["a tone of 220 Hz", "steady", signal((t) => 0.5 * sine(220 * t))],
    ["a tone of 1000 Hz", "steady", signal((t) => 0.5 * sine(1000 * t))],
    ["a beeping tone", "steady", signal((t) => (t % 0.5 < 0.25 ? 0.5 * sine(440 * t) : 0))],
    ["mains hum", "steady", signal((t) => 0.1 * sine(100 * t) + 0.05 * sine(200 * t) + 0.02 * sine(300 * t))],
    [
      "a buzzer with a fixed vowel spectrum",
      "steady",
      synthesize({
        name: "",
        kind: "vowel",
        samples: 48000,
        from: 120,
        to: 120,
        amplitude: 0.02,
        formants: [[700, 80]],
      }),
    ],
    ["a rising whistle", "thin", signal((t) => 0.3 * sine(100 * t + 60 * t * t))],
  ])("hears no speech in %s: %s", (_, verdict, samples) => {
    const activity = judge(samples);
    expect(activity.speech).toBe(false);
    expect(activity.verdict).toBe(verdict);
    for (const second of [0, 1])
      expect(judge(samples.subarray(second * sampleRate, (second + 1) * sampleRate)).speech).toBe(false);
  });

  it("gives the level of a full-scale sine as −3 dBFS, whatever the offset", () => {
    const tone = (offset: number) => judge(signal((t) => offset + sine(200 * t))).levelDbfs;
    expect(tone(0)).toBeAllClose(-3.01, { atol: 0.05 });
    expect(tone(0.5)).toBeAllClose(-3.01, { atol: 0.05 });
  });

  it("answers a wave under one frame, refuses an empty one, a wrong rate and NaN", () => {
    expect(judge(new Float32Array(511).fill(0.1)).verdict).toBe("too-short");
    const code = (samples: Float32Array, rate: number): string | undefined => {
      try {
        speechActivity({ samples, sampleRate: rate });
      } catch (error) {
        return isUndertoneError(error) ? error.code : "other";
      }
      return undefined;
    };
    expect(code(new Float32Array(0), sampleRate)).toBe("audio/empty");
    expect(code(new Float32Array(1000), 8000)).toBe("audio/bad-sample-rate");
    expect(code(new Float32Array(1000).fill(Number.NaN), sampleRate)).toBe("audio/not-finite");
  });
});
