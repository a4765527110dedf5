/** Intensity over time, as Praat's "To Intensity". */
import { besselI0 } from "../math/bessel.js";
import type { Samples } from "../math/fft.js";
import { centredFrames } from "./centred-frames.js";

export interface IntensityOptions {
  readonly sampleRate: number;
  /** Lowest F0 in Hz whose periods are not to be seen: 3.2 of them make the effective window, twice as many the whole. Default 100. */
  readonly floorHz?: number | undefined;
  /** Distance of frames in seconds. Default 0.01. */
  readonly stepSeconds?: number | undefined;
}

/** One value a frame; frame t is centred on `firstSeconds` + t × `stepSeconds`. */
export interface IntensityContour {
  readonly firstSeconds: number;
  readonly stepSeconds: number;
  /** Mean square in dB re (2 × 10⁻⁵)²: full scale has 94; −300 for silence. */
  readonly levelDb: Float64Array;
}

const referencePower = 4e-10;
const silence = 1e-30;
/** Shape of the Kaiser window, whose side lobes lie below −190 dB. */
const beta = 2 * Math.PI ** 2 + 0.5;

/**
 * Returns the contour, the mean of each window removed; no frames when the signal is shorter than one. The window is laid out once, so that with steps of part samples a
 * frame may lie half a sample beside its time.
 * @throws RangeError for a floor or step that is not positive.
 */
export function intensity(samples: Samples, options: IntensityOptions): IntensityContour {
  const { sampleRate, floorHz = 100, stepSeconds = 0.01 } = options;
  if (!(floorHz > 0 && stepSeconds > 0))
    throw new RangeError(
      `intensity: got a floor of ${floorHz} Hz every ${stepSeconds} s, expected both above 0`,
    );
  const windowSeconds = 6.4 / floorHz;
  const { count, firstSeconds } = centredFrames(samples.length / sampleRate, windowSeconds, stepSeconds);
  const half = (windowSeconds * sampleRate) / 2;
  const firstCentre = firstSeconds * sampleRate - 0.5;
  const reach = firstCentre - Math.ceil(firstCentre - half);
  const size = Math.floor(reach + half) + 1;
  const window = Float64Array.from({ length: size }, (_, n) =>
    besselI0(beta * Math.sqrt(Math.max(0, 1 - ((n - reach) / half) ** 2))),
  );
  const weight = window.reduce((sum, value) => sum + value, 0);
  const levelDb = Float64Array.from({ length: count }, (_, t) => {
    const start = Math.round(firstCentre + t * stepSeconds * sampleRate - reach);
    const from = Math.max(0, -start);
    const to = Math.min(size, samples.length - start);
    // Σ w (x − m)² for the mean m of the window, in one pass; taken about its first sample, so that an offset cancels nothing.
    const origin = to > from ? samples[start + from] : 0;
    let sum = 0;
    let weighted = 0;
    let square = 0;
    for (let i = from; i < to; i++) {
      const value = samples[start + i] - origin;
      const share = window[i] * value;
      sum += value;
      weighted += share;
      square += share * value;
    }
    const mean = sum / (to - from);
    const power = (square - 2 * mean * weighted) / weight + mean * mean;
    return 10 * Math.log10(Math.max(silence, power / referencePower));
  });
  return { firstSeconds, stepSeconds, levelDb };
}
