/** The mel scale and its triangular filter bank. */
import { type FilterBank, filterBank, keptBank } from "./filter-bank.js";
import { fftFrequencies } from "./stft.js";

/**
 * `slaney`: linear below 1 kHz, logarithmic above (Slaney 1998, Auditory Toolbox), librosa's default;
 * `htk`: 2595 log10(1 + f / 700) (O'Shaughnessy 1987).
 */
export type MelScale = "slaney" | "htk";

export interface MelOptions {
  readonly sampleRate: number;
  readonly fftSize: number;
  /** Number of bands. Default 128. */
  readonly bands?: number | undefined;
  /** Lower edge of the first band in Hz. Default 0. */
  readonly lowHz?: number | undefined;
  /** Upper edge of the last band in Hz. Default half the sample rate. */
  readonly highHz?: number | undefined;
  /** Default `slaney`. */
  readonly scale?: MelScale | undefined;
  /** `slaney`: each triangle has area 1 in Hz (height 2 / width); `none`: height 1. Default `slaney`. */
  readonly norm?: "slaney" | "none" | undefined;
  /** Axis on which the triangles' sides are straight: `hz` as librosa, `mel` as HTK. Default `hz`. */
  readonly sides?: "hz" | "mel" | undefined;
}

const linearHz = 200 / 3;
const logStartHz = 1000;
const logStartMel = logStartHz / linearHz;
const logStep = Math.log(6.4) / 27;

/** Returns the mel value of a frequency in Hz. */
export function hzToMel(hz: number, scale: MelScale = "slaney"): number {
  if (scale === "htk") return 2595 * Math.log10(1 + hz / 700);
  return hz < logStartHz ? hz / linearHz : logStartMel + Math.log(hz / logStartHz) / logStep;
}

/** Returns the frequency in Hz of a mel value. */
export function melToHz(mel: number, scale: MelScale = "slaney"): number {
  if (scale === "htk") return 700 * (10 ** (mel / 2595) - 1);
  return mel < logStartMel ? mel * linearHz : logStartHz * Math.exp(logStep * (mel - logStartMel));
}

/** Returns `bands` triangles over the bins of a spectrum, equally wide in mel, as `librosa.filters.mel`. */
export function melFilterBank(options: MelOptions): FilterBank {
  return keptBank(`mel ${JSON.stringify(options)}`, () => triangles(options));
}

function triangles(options: MelOptions): FilterBank {
  const {
    sampleRate,
    fftSize,
    bands = 128,
    lowHz = 0,
    highHz = sampleRate / 2,
    scale = "slaney",
    norm = "slaney",
    sides = "hz",
  } = options;
  if (!(bands >= 1) || !(lowHz >= 0) || !(highHz > lowHz) || highHz > sampleRate / 2) {
    throw new RangeError(
      `melFilterBank: got ${bands} bands from ${lowHz} to ${highHz} Hz, expected ≥ 1 within 0..${sampleRate / 2} Hz`,
    );
  }
  const low = hzToMel(lowHz, scale);
  const high = hzToMel(highHz, scale);
  const edges = Array.from({ length: bands + 2 }, (_, i) =>
    melToHz(low + ((high - low) * i) / (bands + 1), scale),
  );
  const axis = (hz: number): number => (sides === "mel" ? hzToMel(hz, scale) : hz);
  const frequencies = fftFrequencies(fftSize, sampleRate);
  const rows = Array.from({ length: bands }, (_, i) => {
    const [left, centre, right] = [edges[i], edges[i + 1], edges[i + 2]];
    const height = norm === "slaney" ? 2 / (right - left) : 1;
    const row = new Float64Array(frequencies.length);
    const first = Math.max(0, Math.floor((left * fftSize) / sampleRate));
    const [from, top, to] = [axis(left), axis(centre), axis(right)];
    for (let k = first; k < row.length && frequencies[k] < right; k++) {
      const at = axis(frequencies[k]);
      row[k] = height * Math.max(0, Math.min((at - from) / (top - from), (to - at) / (to - top)));
    }
    return row;
  });
  return filterBank(rows);
}
