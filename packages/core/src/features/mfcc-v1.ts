/** `mfcc-v1`: 20 cepstral coefficients every 10 ms with their first and second derivatives. */
import { delta } from "../dsp/delta.js";
import { mfcc } from "../dsp/mfcc.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { checkWaveform } from "./check-waveform.js";
import type { FeatureSet } from "./feature-set.js";
import { frameStream } from "./feature-stream.js";
import { logMelFraming, logMelRows } from "./logmel-v1.js";
import { framePower, seedFraming } from "./speech-level.js";

const coefficients = 20;
/** Frames of the local fit of a derivative, and how many of them lie before and after. */
const width = 9;
const half = (width - 1) / 2;
const kinds = ["mfcc", "delta", "deltadelta"] as const;
const names = kinds.flatMap((kind) =>
  Array.from({ length: coefficients }, (_, i) => `${kind}${String(i).padStart(2, "0")}`),
);

function cepstra(): (samples: Float32Array) => Matrix {
  const rows = logMelRows();
  return (samples) => mfcc(rows(samples), { coefficients });
}

/** Returns rows from..to − 1 of cepstra with the derivatives that all of them give. */
function withDerivatives(cepstrum: Matrix, from: number, to: number): Matrix {
  const parts = [
    cepstrum,
    delta(cepstrum, { width, ends: "nearest" }),
    delta(cepstrum, { order: 2, width, ends: "nearest" }),
  ];
  const result = matrix(to - from, names.length);
  parts.forEach(({ data }, part) => {
    for (let t = from; t < to; t++)
      result.data.set(
        data.subarray(t * coefficients, (t + 1) * coefficients),
        (t - from) * names.length + part * coefficients,
      );
  });
  return result;
}

const id = "mfcc-v1";

/**
 * Frames × 60: the orthonormal DCT-II of `logmel-v1` (Davis & Mermelstein 1980), coefficients 0 to 19, then their slopes and curvatures a frame over nine
 * frames (Savitzky & Golay 1964), the first and the last frame repeated beyond the ends. A stream is four frames behind.
 */
export const mfccV1: FeatureSet = {
  id,
  level: "lld",
  names,
  sampleRate: logMelFraming.sampleRate,
  levelFree: false,
  extract(wave) {
    checkWaveform(wave, {
      asker: id,
      sampleRate: logMelFraming.sampleRate,
      minSamples: seedFraming.frameSamples,
    });
    framePower(wave.samples, id);
    const cepstrum = cepstra()(wave.samples);
    return withDerivatives(cepstrum, 0, cepstrum.rows);
  },
  openStream() {
    const { frameSamples, hopSamples } = logMelFraming;
    const frames = frameStream({ asker: id, frameSamples, hopSamples, cols: coefficients }, cepstra());
    /** Cepstra from `half` frames before the next row on, fewer at the beginning. */
    let held = matrix(0, coefficients);
    let before = 0;
    return {
      push(samples) {
        const fresh = frames.push(samples);
        if (fresh.rows === 0) return matrix(0, names.length);
        held = joinRows(held, fresh);
        const to = Math.max(before, held.rows - half);
        const rows = withDerivatives(held, before, to);
        const keepFrom = Math.max(0, to - half);
        held = matrix(held.rows - keepFrom, coefficients, held.data.slice(keepFrom * coefficients));
        before = to - keepFrom;
        return rows;
      },
      finish: () => withDerivatives(held, before, held.rows),
    };
  },
};

function joinRows(first: Matrix, second: Matrix): Matrix {
  const result = matrix(first.rows + second.rows, first.cols);
  result.data.set(first.data);
  result.data.set(second.data, first.data.length);
  return result;
}
