/** The level of a clip's speech: which frames are active, and the step that brings them to −26 dBFS. */
import { UndertoneError } from "../errors.js";

/** Sample rate in Hz, frame (32 ms) and hop (10 ms) in samples. */
export const seedFraming = { sampleRate: 16000, frameSamples: 512, hopSamples: 160 } as const;
/** Level that level-free sets bring the active frames to, in dB of full scale. */
export const targetDb = -26;

const { frameSamples, hopSamples } = seedFraming;
/** Frames within this many dB of the loudest ones are active. */
export const activeRangeDb = 35;
/** The k-th loudest frame says how loud a clip is; k is a tenth of the frames, but at most this. */
export const mostLoudFrames = 20;
/** A clip whose every frame varies less than this (−90 dBFS, one step of 16 bits) is silent. */
const silentPower = 1e-9;

/** Which frames of a clip are active, and how loud they are. */
export interface Activity {
  /** Mean square of each frame in dB of full scale. */
  readonly energyDb: Float64Array;
  /** 1 where the frame is active. */
  readonly active: Uint8Array;
  /** The first and the last active frame. */
  readonly first: number;
  readonly last: number;
  /** Mean power of the active frames in dB of full scale. */
  readonly levelDb: number;
}

/** What is known of each frame's power before anything is asked. */
export interface FramePowers {
  /** Mean square of each frame. */
  readonly meanSquare: Float64Array;
  /** The same without the frame's offset. */
  readonly variance: Float64Array;
}

/** Samples that neighbouring frames share as a whole or not at all. */
const blockSamples = 32;

/** Fills in the powers of the frames that 16 kHz samples begin with, as many as `powers` has places; sums are taken once a block. */
export function fillFramePowers({ meanSquare, variance }: FramePowers, samples: Float32Array): void {
  const [perFrame, perHop] = [frameSamples / blockSamples, hopSamples / blockSamples];
  const blocks = (meanSquare.length - 1) * perHop + perFrame;
  const sums = new Float64Array(blocks);
  const squares = new Float64Array(blocks);
  for (let b = 0, i = 0; b < blocks; b++) {
    let s0 = 0;
    let s1 = 0;
    let q0 = 0;
    let q1 = 0;
    for (const end = i + blockSamples; i < end; i += 2) {
      const x = samples[i];
      const y = samples[i + 1];
      s0 += x;
      s1 += y;
      q0 += x * x;
      q1 += y * y;
    }
    sums[b] = s0 + s1;
    squares[b] = q0 + q1;
  }
  for (let t = 0, first = 0; t < meanSquare.length; t++, first += perHop) {
    let sum = 0;
    let square = 0;
    for (let b = first; b < first + perFrame; b++) {
      sum += sums[b];
      square += squares[b];
    }
    meanSquare[t] = square / frameSamples;
    variance[t] = meanSquare[t] - (sum / frameSamples) ** 2;
  }
}

/** Returns the number of whole frames of so many samples. */
export function frameCountOf(samples: number): number {
  return samples < frameSamples ? 0 : 1 + Math.floor((samples - frameSamples) / hopSamples);
}

function framePowers(samples: Float32Array): FramePowers {
  const frames = frameCountOf(samples.length);
  const powers = { meanSquare: new Float64Array(frames), variance: new Float64Array(frames) };
  fillFramePowers(powers, samples);
  return powers;
}

function refuseSilence(variance: Float64Array, asker: string): void {
  for (const value of variance) if (value >= silentPower) return;
  throw new UndertoneError(
    "audio/silent",
    `Silent audio for ${asker}: got no frame above ${10 * Math.log10(silentPower)} dB of full scale, expected some sound`,
  );
}

/**
 * Returns the mean square of each frame of 16 kHz samples, at least one frame of them.
 * @throws UndertoneError `audio/silent`
 */
export function framePower(samples: Float32Array, asker: string): Float64Array {
  const { meanSquare, variance } = framePowers(samples);
  refuseSilence(variance, asker);
  return meanSquare;
}

/**
 * Returns the activity of 16 kHz samples, at least one frame of them. Active frames are within 35 dB of the k-th loudest,
 * k = min(20, a tenth of the frames): added silence changes nothing.
 * @throws UndertoneError `audio/silent`
 */
export function measureActivity(samples: Float32Array, asker: string): Activity {
  return activityOf(framePowers(samples), asker);
}

/** Returns the activity of frames of which the powers are known, at least one. @throws UndertoneError `audio/silent` */
export function activityOf({ meanSquare: power, variance }: FramePowers, asker: string): Activity {
  refuseSilence(variance, asker);
  const frames = power.length;
  const energyDb = power.map((value) => 10 * Math.log10(value + 1e-20));
  const loudest = energyDb.slice().sort();
  const threshold = loudest[frames - Math.min(mostLoudFrames, Math.ceil(frames / 10))] - activeRangeDb;
  const active = new Uint8Array(frames);
  let first = -1;
  let last = 0;
  let sum = 0;
  let count = 0;
  for (let t = 0; t < frames; t++) {
    if (!(energyDb[t] > threshold)) continue;
    active[t] = 1;
    if (first < 0) first = t;
    last = t;
    sum += power[t];
    count++;
  }
  return { energyDb, active, first, last, levelDb: 10 * Math.log10(sum / count + 1e-20) };
}
