/** Each augmentation against its closed form, and all of them against their contract. */
import { describe, expect, it } from "vitest";
import { realFft } from "../../math/fft.js";
import { random } from "../../math/random.js";
import type { Waveform } from "../waveform.js";
import { convolve } from "./convolve.js";
import { degradations, recordedDegradations } from "./degradations.js";
import { type CopyChain, describeCopies, drawCopy } from "./draw-copy.js";
import { augment, augmentations } from "./index.js";
import { throughMuLaw } from "./mu-law.js";
import { pieceOfMusic } from "./music.js";
import { roomResponse } from "./reverberation.js";
import { speechPower } from "./speech-level.js";

const sampleRate = 16000;

function tone(hz: number, { seconds = 1, amplitude = 0.3 } = {}): Waveform {
  const samples = Float32Array.from(
    { length: seconds * sampleRate },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRate),
  );
  return { samples, sampleRate };
}

/** Mean square of the middle half, away from the edges. */
function power({ samples }: Waveform): number {
  const middle = samples.subarray(samples.length / 4, (3 * samples.length) / 4);
  return middle.reduce((sum, x) => sum + x * x, 0) / middle.length;
}

const decibels = (ratio: number): number => 10 * Math.log10(ratio);
const apply = (wave: Waveform, ...steps: Parameters<typeof augment>[1]): Waveform =>
  augment(wave, steps, { random: random(7), recording: () => tone(50) });

describe("closed forms", () => {
  it("gain of −6 dB is a factor of 10^(−0.3)", () => {
    const wave = tone(440);
    expect(apply(wave, { kind: "gain", decibels: -6 }).samples).toBeAllClose(
      wave.samples.map((x) => x * 10 ** -0.3),
      { rtol: 1e-6 },
    );
  });
  it("16 bits keep the nearest of 65536 steps, and nothing beyond full scale", () => {
    const samples = Float32Array.of(0, 0.4 / 32768, 0.6 / 32768, -0.6 / 32768, 0.5, 2, -2);
    expect(Array.from(apply({ samples, sampleRate }, { kind: "quantize" }).samples)).toEqual(
      [0, 0, 1, -1, 16384, 32767, -32768].map((step) => step / 32768),
    );
    expect(Array.from(apply({ samples, sampleRate }, { kind: "quantize", bits: 2 }).samples)).toEqual([
      0, 0, 0, -0, 0.5, 0.5, -1,
    ]);
  });
  it("a copy goes through one of the chains, numbers drawn evenly from their ranges", () => {
    const chains: CopyChain[] = [
      [{ kind: "noise", colour: "pink", snrDb: [5, 30] }],
      [{ kind: "gain", decibels: -6 }, { kind: "quantize" }],
    ];
    const drawn = Array.from({ length: 2000 }, (_, i) => drawCopy(chains, random(`copy ${i}`)));
    const noisy = drawn.filter((steps) => steps.length === 1).map(([step]) => step!);
    expect(noisy.length / drawn.length).toBeAllClose(0.5, { atol: 0.05 });
    const levels = noisy.map(({ snrDb }) => snrDb as number).sort((a, b) => a - b);
    expect(levels[0]).toBeGreaterThanOrEqual(5);
    expect(levels.at(-1)!).toBeLessThan(30);
    expect(levels[Math.floor(levels.length / 2)]).toBeAllClose(17.5, { atol: 1.5 });
    expect(drawn.find((steps) => steps.length === 2)).toEqual(chains[1]);
    expect(drawCopy(chains, random("copy 7"))).toEqual(drawn[7]);
    expect(describeCopies([...chains, chains[0]])).toBe("noise or gain, quantize");
  });
  it("noise stands at the ratio that was asked for, and pauses do not count", () => {
    const wave = tone(440);
    const padded = { samples: new Float32Array(3 * sampleRate), sampleRate };
    padded.samples.set(wave.samples, sampleRate);
    expect(speechPower(padded)).toBeAllClose(speechPower(wave), { rtol: 0.03 });
    for (const colour of ["white", "pink", "brown"]) {
      const noisy = apply(wave, { kind: "noise", colour, snrDb: 10 });
      const square = noisy.samples.reduce((sum, x, i) => sum + (x - wave.samples[i]) ** 2, 0) / sampleRate;
      expect(decibels(speechPower(wave) / square), colour).toBeAllClose(10, { rtol: 0, atol: 0.02 });
    }
  });
  it("white noise is flat, pink falls by 3 dB an octave, brown by 6", () => {
    const wave = tone(440, { seconds: 8 });
    const fft = realFft(2 ** 17);
    for (const [colour, slope] of [
      ["white", 0],
      ["pink", -3.01],
      ["brown", -6.02],
    ] as const) {
      const noisy = apply(wave, { kind: "noise", colour, snrDb: 0 });
      const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
      const padded = new Float32Array(2 ** 17);
      padded.set(noisy.samples.map((x, i) => x - wave.samples[i]).subarray(0, 2 ** 17));
      fft.forwardInto(padded, re, im);
      const band = (low: number): number => {
        let sum = 0;
        for (let hz = low; hz < 2 * low; hz += sampleRate / fft.size) {
          const k = Math.round((hz * fft.size) / sampleRate);
          sum += re[k] ** 2 + im[k] ** 2;
        }
        return sum / low;
      };
      expect(decibels(band(2000) / band(500)) / 2, colour).toBeAllClose(slope, { rtol: 0, atol: 0.4 });
    }
  });
  it("a band passes what is in it and stops what is not", () => {
    const band = { kind: "band-limit", lowHz: 300, highHz: 3400 } as const;
    for (const hz of [500, 1000, 3200]) {
      expect(apply(tone(hz), band).samples.subarray(4000, 12000)).toBeAllClose(
        tone(hz).samples.subarray(4000, 12000),
        { rtol: 0, atol: 1e-4 },
      );
    }
    for (const hz of [100, 3600, 7000])
      expect(decibels(power(apply(tone(hz), band)) / power(tone(hz))), `${hz} Hz`).toBeLessThan(-60);
  });
  it("µ-law gives the values of Python's audioop.lin2ulaw and ulaw2lin", () => {
    const known: readonly (readonly [number, number])[] = [
      [0, 0],
      [1, 0],
      [3, 0],
      [4, 8],
      [7, 8],
      [8, 8],
      [100, 104],
      [-100, -104],
      [1000, 988],
      [-1000, -988],
      [8031, 7932],
      [-8031, -7932],
      [20000, 19836],
      [-20000, -19836],
      [32635, 32124],
      [32767, 32124],
      [-32768, -32124],
    ];
    for (const [sample, heard] of known) expect(throughMuLaw(sample), String(sample)).toBe(heard);
  });
  it("µ-law over a line keeps a tone at about 37 dB", () => {
    const wave = tone(1013);
    const heard = apply(wave, { kind: "mu-law" });
    const error = { samples: heard.samples.map((x, i) => x - wave.samples[i]), sampleRate };
    const ratio = decibels(power(wave) / power(error));
    expect(ratio).toBeGreaterThan(34);
    expect(ratio).toBeLessThan(41);
  });
  it("clipping cuts off as many of the samples in the speech as were asked for", () => {
    const noisy = Float32Array.from({ length: 3 * sampleRate }, (_, i) =>
      i < sampleRate ? Math.sin(i * i) : 0,
    );
    const heard = apply({ samples: noisy, sampleRate }, { kind: "clip", percent: 20 }).samples;
    const limit = Math.max(...heard);
    expect(heard.filter((x) => Math.abs(x) === limit).length / sampleRate).toBeAllClose(0.2, { atol: 0.001 });
    expect(heard.every((x, i) => x === noisy[i] || Math.abs(x) === limit)).toBe(true);
  });
  it.each(["babble", "music"])(
    "%s stands at the ratio that was asked for, and another seed gives another",
    (kind) => {
      const wave = tone(440);
      const heard = apply(wave, { kind, snrDb: 10 });
      const rest = { samples: heard.samples.map((x, i) => x - wave.samples[i]), sampleRate };
      const square = rest.samples.reduce((sum, x) => sum + x * x, 0) / sampleRate;
      expect(decibels(speechPower(wave) / square)).toBeAllClose(10, { rtol: 0, atol: 0.05 });
      expect(augment(wave, [{ kind, snrDb: 10 }], { random: random(8) }).samples).not.toEqual(heard.samples);
    },
  );
  it("babble is of the recordings that are named, equally loud", () => {
    const wave = tone(440);
    const voices: Record<string, Waveform> = { low: tone(100, { amplitude: 0.01 }), high: tone(3000) };
    const named = { kind: "babble", snrDb: 0, voices: 2, recordings: "low\nhigh" };
    const heard = augment(wave, [named], { random: random(7), recording: (name) => voices[name] });
    const rest = { samples: heard.samples.map((x, i) => x - wave.samples[i]), sampleRate };
    for (const [lowHz, highHz] of [
      [50, 200],
      [2900, 3100],
    ])
      expect(decibels(power(apply(rest, { kind: "band-limit", lowHz, highHz })) / power(rest))).toBeAllClose(
        -3,
        {
          rtol: 0,
          atol: 0.3,
        },
      );
    expect(() => augment(wave, [named], { random: random(7) })).toThrow(/recording 'low'/);
  });
  it("music has a bass, notes above and drums, and goes on to the end", () => {
    const piece = pieceOfMusic(8 * sampleRate, sampleRate, random(4));
    const wave = { samples: piece, sampleRate };
    const part = (lowHz: number, highHz: number): number =>
      decibels(power(apply(wave, { kind: "band-limit", lowHz, highHz })) / power(wave));
    for (const [low, high] of [
      [40, 200],
      [200, 1000],
      [5000, 8000],
    ])
      expect(part(low, high), `${low} Hz`).toBeGreaterThan(-30);
    for (let from = 0; from < piece.length; from += sampleRate)
      expect(piece.subarray(from, from + sampleRate).some((x) => Math.abs(x) > 0.1)).toBe(true);
  });
  it("a room's echo falls by 60 dB in the time asked for, and the power stays", () => {
    const response = roomResponse({ seconds: 0.5, directDb: 3, sampleRate }, random(3));
    let left = 0;
    const rest = response
      .map((_, i) => {
        const at = response.length - 1 - i;
        if (at > 0) left += response[at] ** 2;
        return left;
      })
      .reverse();
    const at = (db: number): number =>
      rest.findIndex((energy) => decibels(energy / rest[0]) < db) / sampleRate;
    expect(3 * (at(-25) - at(-5))).toBeAllClose(0.5, { rtol: 0.06 });
    expect(decibels(1 / rest[0])).toBeAllClose(3, { rtol: 0, atol: 1e-6 });
    const wave = tone(440);
    const heard = apply(wave, { kind: "reverberation", seconds: 0.3 });
    const energy = (w: Waveform): number => w.samples.reduce((sum, x) => sum + x * x, 0);
    expect(energy(heard)).toBeAllClose(energy(wave), { rtol: 1e-5 });
  });
  it.each([
    ["time-stretch", { factor: 1.3 }, 1.3, 1],
    ["time-stretch", { factor: 0.7 }, 0.7, 1],
    ["speed", { factor: 1.25 }, 0.8, 1.25],
    ["pitch-shift", { semitones: 4 }, 1, 2 ** (4 / 12)],
    ["pitch-shift", { semitones: -5 }, 1, 2 ** (-5 / 12)],
  ] as const)(
    "%s by %o gives the length times %f and the pitch times %f",
    (kind, parameters, longer, higher) => {
      const wave = tone(220);
      const heard = apply(wave, { kind, ...parameters });
      expect(heard.samples.length).toBeAllClose(longer * sampleRate, { rtol: 1e-4 });
      const middle = heard.samples.subarray(heard.samples.length / 4, (3 * heard.samples.length) / 4);
      const crossings = middle.reduce((n, x, i) => n + (i > 0 && x >= 0 && middle[i - 1] < 0 ? 1 : 0), 0);
      expect((crossings * sampleRate) / middle.length).toBeAllClose(220 * higher, { rtol: 0.02 });
      expect(power(heard)).toBeAllClose(power(wave), { rtol: 0.05 });
    },
  );
  it("convolution by transforms is the sum", () => {
    const signal = Float32Array.of(1, 2, 3, 4);
    expect(convolve(signal, [1, -1, 0.5])).toBeAllClose([1, 1, 1.5, 2], { atol: 1e-6 });
    expect(convolve(signal, [1, -1, 0.5], { delay: 1 })).toBeAllClose([1, 1.5, 2, -2.5], { atol: 1e-6 });
  });
});

describe("contract", () => {
  const samples = Float32Array.from({ length: 4001 }, (_, i) => 0.2 * Math.sin(i * i * 1e-4));
  const wave: Waveform = { samples, sampleRate };
  const tempo = ["speed", "time-stretch", "pitch-shift"].map((kind) => ({ name: kind, steps: [{ kind }] }));
  const stored = { name: "eight bits", steps: [{ kind: "quantize", bits: 8 }] };
  const conditions = [...degradations, ...recordedDegradations({ hum: "hum" }), ...tempo, stored];
  it.each(conditions)("$name keeps the rate, is finite, and is repeated by its seed", ({ steps }) => {
    const keepsLength = steps.every(
      (step) => augmentations.find(({ kind }) => kind === step.kind)?.keepsLength !== false,
    );
    const before = wave.samples.slice();
    const once = apply(wave, ...steps);
    expect(once.sampleRate).toBe(sampleRate);
    expect(once.samples.length === samples.length).toBe(keepsLength);
    expect(once.samples.every(Number.isFinite)).toBe(true);
    expect(once.samples).not.toEqual(before);
    expect(wave.samples).toEqual(before);
    expect(apply(wave, ...steps).samples).toEqual(once.samples);
  });
  // A-law has no zero, and GSM no pulse without size.
  const hum: Record<string, number> = { "a-law": 0.001, gsm: 0.002 };
  it.each(conditions)("$name takes silence and a single sample", ({ steps }) => {
    const most = Math.max(...steps.map(({ kind }) => hum[kind] ?? 0));
    for (const length of [1, 500]) {
      const heard = apply({ samples: new Float32Array(length), sampleRate }, ...steps);
      expect(heard.samples.every((x) => Math.abs(x) <= most)).toBe(true);
    }
  });
  it("covers every augmentation, and each has words for people", () => {
    const used = new Set(conditions.flatMap(({ steps }) => steps.map(({ kind }) => kind)));
    expect([...used].sort()).toEqual(augmentations.map(({ kind }) => kind).sort());
    for (const { summary } of augmentations) expect(summary.length).toBeGreaterThan(15);
  });
  it("refuses what it does not know", () => {
    expect(() => apply(wave, { kind: "hail" })).toThrow(/unknown kind 'hail', expected gain, noise/);
    expect(() => apply(wave, { kind: "gain" })).toThrow(/'decibels' is not given/);
    expect(() => apply(wave, { kind: "gain", decibels: 1e9 })).toThrow(/from -120 to 60/);
    expect(() => apply(wave, { kind: "gain", decibels: 0, loud: 1 })).toThrow(/unknown parameter 'loud'/);
    expect(() => apply(wave, { kind: "noise", snrDb: 0, colour: "blue" })).toThrow(/white, pink or brown/);
    expect(() => apply(wave, { kind: "band-limit", lowHz: 900, highHz: 300 })).toThrow(RangeError);
    const context = { random: random(1) };
    expect(() => augment(wave, recordedDegradations({ a: "b" })[0].steps, context)).toThrow(/recording 'b'/);
  });
  it("another seed gives other noise", () => {
    const step = { kind: "noise", snrDb: 10 };
    const other = augment(wave, [step], { random: random(8) });
    expect(other.samples).not.toEqual(apply(wave, step).samples);
  });
});
