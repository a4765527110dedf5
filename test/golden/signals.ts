/** The synthetic reference signals, by the same formulas as test/golden/scripts/librosa_features.py, and the example clips. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeBytes, defaultDecodeLimits } from "@undertone/core/audio";
import { openCodec } from "../audio/open-codec.js";
import { root } from "../corpora.js";

/** A signal's formula and parameters as the golden files hold them. */
export interface GoldenSignal {
  readonly name: string;
  readonly kind: string;
  readonly samples: number;
  readonly [parameter: string]: unknown;
}

const rate = 16000;

/** Returns the samples of a 16 kHz FLAC file. */
export async function decodeFlac(path: string): Promise<Float32Array> {
  const { wave } = await decodeBytes(await readFile(path), { limits: defaultDecodeLimits, openCodec });
  if (wave.sampleRate !== rate) throw new Error(`${path}: ${wave.sampleRate} Hz, expected ${rate}`);
  return wave.samples;
}

/** Returns an example clip at its own rate of 16 kHz. */
export function exampleClip(file: string): Promise<Float32Array> {
  return decodeFlac(join(root, "examples/clips", file));
}

/** Returns the names of the example clips, sorted. */
export async function exampleClipNames(): Promise<string[]> {
  const clips = JSON.parse(await readFile(join(root, "examples/clips/clips.json"), "utf8")) as {
    file: string;
  }[];
  return clips.map((clip) => clip.file);
}

/** Returns the samples of a golden signal at 16 kHz. */
export async function goldenSignal(signal: GoldenSignal): Promise<Float32Array> {
  if (signal.kind !== "clip") return synthesize(signal);
  const samples = await exampleClip(signal.file as string);
  const start = signal.start as number;
  return samples.slice(start, start + signal.samples);
}

/** Uniform noise in −1..1: x' = (1664525 x + 1013904223) mod 2^32 (Numerical Recipes). */
export function lcgNoise(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  });
}

function resonate(x: Float64Array, hz: number, bandwidth: number): Float64Array {
  const r = Math.exp((-Math.PI * bandwidth) / rate);
  const c = 2 * r * Math.cos((2 * Math.PI * hz) / rate);
  let a = 0;
  let b = 0;
  return x.map((value) => {
    const y = value + c * a - r * r * b;
    b = a;
    a = y;
    return y;
  });
}

/** Returns the samples of a synthetic signal at 16 kHz. */
export function synthesize(signal: GoldenSignal): Float32Array {
  const { kind, samples } = signal;
  const number = (name: string): number => signal[name] as number;
  const seconds = samples / rate;
  const map = (f: (t: number) => number): Float32Array =>
    Float32Array.from({ length: samples }, (_, n) => f(n / rate));
  const sin = (cycles: number): number => Math.sin(2 * Math.PI * cycles);
  switch (kind) {
    case "tones":
      return map((t) =>
        (signal.tones as [number, number][]).reduce((sum, [hz, a]) => sum + a * sin(hz * t), 0),
      );
    case "clipped":
      return map((t) => Math.max(-1, Math.min(1, number("amplitude") * sin(number("hz") * t))));
    case "linear-sweep":
      return map(
        (t) =>
          number("amplitude") *
          sin(number("from") * t + ((number("to") - number("from")) * t * t) / (2 * seconds)),
      );
    case "log-sweep": {
      const k = Math.log(number("to") / number("from"));
      return map(
        (t) =>
          number("amplitude") * sin(((number("from") * seconds) / k) * (Math.exp((k * t) / seconds) - 1)),
      );
    }
    case "noise":
      return Float32Array.from(lcgNoise(samples, number("seed")), (value) => number("amplitude") * value);
    case "red-noise": {
      let y = 0;
      return Float32Array.from(lcgNoise(samples, number("seed")), (value) => {
        y = 0.95 * y + value;
        return number("amplitude") * y;
      });
    }
    case "tone-in-noise": {
      const noise = lcgNoise(samples, number("seed"));
      return Float32Array.from(
        noise,
        (value, n) => number("amplitude") * sin((number("hz") * n) / rate) + number("noise") * value,
      );
    }
    case "clicks":
      return Float32Array.from({ length: samples }, (_, n) =>
        n >= number("first") && (n - number("first")) % number("every") === 0 ? number("amplitude") : 0,
      );
    case "vowel": {
      const phase = (n: number): number => {
        const t = n / rate;
        return Math.floor(
          number("from") * t + ((number("to") - number("from")) * t * t) / (2 * seconds) + 0.37,
        );
      };
      let x: Float64Array = Float64Array.from({ length: samples }, (_, n) =>
        n === 0 ? 0 : phase(n) - phase(n - 1),
      );
      for (const [hz, bandwidth] of signal.formants as [number, number][]) x = resonate(x, hz, bandwidth);
      return Float32Array.from(x, (value) => number("amplitude") * value);
    }
    case "constant":
      return new Float32Array(samples).fill(number("value"));
    default:
      throw new Error(`Unknown kind of signal: ${kind}`);
  }
}
