/** Frames, windows and levels that the eGeMAPS descriptors share. */

/** Rate that the descriptors are defined at here, Hz. */
export const sampleRate = 16000;
/** Frames start every 10 ms. */
export const hopSamples = 160;
/** Length of the frames of spectrum, loudness and formants: 20 ms, and of the transform that they are zero-padded to. */
export const shortFrame = 320;
export const shortFft = 512;
/** Length of the frames of F0 and voice quality: 60 ms, and of their transform. */
export const longFrame = 960;
export const longFft = 1024;

/**
 * The reference implementation reads 16-bit samples over 32767, this library over 32768; descriptors that depend on the level are defined on
 * the former.
 */
export const fullScale = 32768 / 32767;

/** Returns the symmetric Hamming window: 0.54 − 0.46 cos(2πn / (size − 1)). */
export function hamming(size: number): Float64Array {
  return Float64Array.from(
    { length: size },
    (_, n) => 0.54 - 0.46 * Math.cos((2 * Math.PI * n) / (size - 1)),
  );
}

/** Returns the symmetric Gaussian window exp(−½ ((n − m) / (σ m))²), m = (size − 1) / 2. */
export function gaussian(size: number, sigma: number): Float64Array {
  const middle = (size - 1) / 2;
  return Float64Array.from({ length: size }, (_, n) =>
    Math.exp(-0.5 * ((n - middle) / (sigma * middle)) ** 2),
  );
}

/** Returns how many whole short frames lie in `samples` samples. */
export function shortFrameCount(samples: number): number {
  return samples < shortFrame ? 0 : 1 + Math.floor((samples - shortFrame) / hopSamples);
}

/** Returns how many long frames are analysed: the whole ones and one that reaches beyond the end. */
export function longFrameCount(samples: number): number {
  return samples < longFrame ? 0 : 2 + Math.floor((samples - longFrame) / hopSamples);
}
