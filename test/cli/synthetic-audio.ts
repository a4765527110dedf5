/** Synthetic speech and broken recordings, so that the command line can be tried without a corpus. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a WAV header says; the data may say otherwise. */
export interface WavHeader {
  readonly sampleRate?: number;
  readonly channels?: number;
  /** 1 for integers of 16 bits, 3 for float32. */
  readonly format?: 1 | 3;
  /** Length of the data chunk in bytes that the header claims. */
  readonly claimedBytes?: number;
}

/** Returns a WAV file of interleaved samples. */
export function wavBytes(samples: ArrayLike<number>, header: WavHeader = {}): Uint8Array {
  const { sampleRate = 16000, channels = 1, format = 1 } = header;
  const width = format === 1 ? 2 : 4;
  const bytes = new Uint8Array(44 + samples.length * width);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string): void => bytes.set(new TextEncoder().encode(word), at);
  const claimed = header.claimedBytes ?? samples.length * width;
  text(0, "RIFF");
  view.setUint32(4, (36 + claimed) >>> 0, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, format, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * width, true);
  view.setUint16(32, channels * width, true);
  view.setUint16(34, width * 8, true);
  text(36, "data");
  view.setUint32(40, claimed, true);
  for (let i = 0; i < samples.length; i++) {
    if (format === 3) view.setFloat32(44 + 4 * i, samples[i], true);
    else view.setInt16(44 + 2 * i, Math.round(Math.max(-1, Math.min(1, samples[i])) * 32767), true);
  }
  return bytes;
}

/** How a synthetic vowel sounds. */
export interface Vowel {
  readonly f0Hz: number;
  readonly formantsHz: readonly number[];
  readonly seconds?: number;
  readonly gain?: number;
  /** Moves phases, so that two takes differ. */
  readonly take?: number;
}

/** Returns a vowel-like tone at 16 kHz: harmonics of a slowly moving F0, shaped by formants, fading in and out. */
export function vowel({ f0Hz, formantsHz, seconds = 0.7, gain = 0.3, take = 0 }: Vowel): Float32Array {
  const sampleRate = 16000;
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  const wobble = 1 + 0.03 * Math.sin(take * 12.9898);
  for (let k = 1; k * f0Hz * 1.1 < 7000; k++) {
    const frequency = k * f0Hz;
    const level = formantsHz.reduce(
      (sum, formant) => sum + 1 / (1 + ((frequency - formant * wobble) / 120) ** 2),
      0.003,
    );
    for (let i = 0; i < samples.length; i++) {
      const t = i / sampleRate;
      samples[i] +=
        level *
        Math.sin(2 * Math.PI * k * (f0Hz * wobble * t + 0.8 * Math.sin(2 * Math.PI * 4 * t)) + k * take);
    }
  }
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return samples.map(
    (value, i) => ((gain * value) / peak) * Math.min(1, i / 800, (samples.length - i) / 800),
  );
}

/** The emotion codes of RAVDESS names that the synthetic corpus uses, and how each of them sounds. */
const sounds: Readonly<Record<string, Vowel>> = {
  "03": { f0Hz: 260, formantsHz: [700, 1800, 2600] },
  "04": { f0Hz: 130, formantsHz: [400, 1000, 2200] },
  "05": { f0Hz: 200, formantsHz: [850, 1200, 3000] },
};

/** Writes a file, making its folder. */
export function write(path: string, bytes: Uint8Array | string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/**
 * Writes a corpus of vowels named as RAVDESS names its files: `actors` × 3 emotions × `takes` (at most 8) recordings; returns the paths in order.
 * Emotions differ by F0 and formants, actors by pitch.
 */
export function writeSyntheticCorpus(folder: string, { actors = 4, takes = 5 } = {}): string[] {
  const paths: string[] = [];
  for (let actor = 1; actor <= actors; actor++) {
    for (const [code, sound] of Object.entries(sounds)) {
      for (let take = 1; take <= takes; take++) {
        const id = String(actor).padStart(2, "0");
        const [statement, repetition, intensity] = [0, 1, 2].map(
          (bit) => `0${1 + (((take - 1) >> bit) & 1)}`,
        );
        const name = `03-01-${code}-${intensity}-${statement}-${repetition}-${id}.wav`;
        const samples = vowel({ ...sound, f0Hz: sound.f0Hz * (1 + 0.04 * actor), take: take + 7 * actor });
        paths.push(write(join(folder, `Actor_${id}`, name), wavBytes(samples)));
      }
    }
  }
  return paths;
}
