/** The full-rate speech codec of GSM: RPE-LTP at 13 kbit/s, ETSI EN 300 961 (GSM 06.10), coder and decoder in one, over a line without errors. */

/** Samples of a frame, 20 ms at 8 kHz, and of its four parts. */
const frameLength = 160;
const partLength = 40;
const order = 8;
/** Longest lag of the long-term predictor. */
const longest = 120;

// Tables 3.1 to 3.6 of the standard, in its fixed-point format.
const larFactor = [20480, 20480, 20480, 20480, 13964, 15360, 8534, 9036];
const larInverse = [13107, 13107, 13107, 13107, 19223, 17476, 31454, 29708];
const larOffset = [0, 0, 2048, -2560, 94, -1792, -341, -1144];
const larLeast = [-32, -32, -16, -16, -8, -8, -4, -4];
const gainLimits = [6554, 16384, 26214];
const gains = [3277, 11469, 21299, 32767];
const weighting = [-134, -374, 0, 2054, 5741, 8192, 5741, 2054, 0, -374, -134];
const pulseInverse = [29128, 26215, 23832, 21846, 20165, 18725, 17476, 16384];
const pulseFactor = [18431, 20479, 22527, 24575, 26623, 28671, 30719, 32767];

/** The standard's arithmetic: 16 bits, saturated; products are fractions of 2^15, `times` cut off and `timesRounded` rounded. */
const saturated = (x: number): number => Math.max(-32768, Math.min(32767, x));
const times = (a: number, b: number): number => saturated((a * b) >> 15);
const timesRounded = (a: number, b: number): number => saturated((a * b + 16384) >> 15);
/** Shifts that bring a positive number of 32 bits to at least 2^30. */
const norm = (x: number): number => Math.clz32(x) - 1;
const peak = (values: Iterable<number>): number => {
  let most = 0;
  for (const value of values) most = Math.max(most, saturated(Math.abs(value)));
  return most;
};

/** Returns what one call hears of 16-bit samples at 8 kHz, as many as were given; the last frame is filled up with zeros. */
export function throughGsm(samples: ArrayLike<number>): Int16Array {
  const frames = Math.ceil(samples.length / frameLength);
  const padded = new Int16Array(frames * frameLength);
  padded.set(samples);
  const heard = new Int16Array(padded.length);
  const call = openCall();
  for (let at = 0; at < padded.length; at += frameLength)
    heard.set(call(padded.subarray(at, at + frameLength)), at);
  return heard.subarray(0, samples.length);
}

/** Returns what takes one frame after the other through coder and decoder. */
function openCall(): (frame: Int16Array) => Int16Array {
  const prepare = openPreparation();
  const analysis = new Int16Array(order);
  const synthesis = new Int16Array(order + 1);
  // The coder's own reconstruction of the residual is the decoder's, as nothing is lost between them.
  const residual = new Int16Array(longest + frameLength);
  let before: Int16Array = new Int16Array(order);
  let deemphasized = 0;
  return (frame) => {
    const signal = prepare(frame);
    const ratios = decodeRatios(codeRatios(reflections(signal)));
    const filters = interpolated(before, ratios);
    const short = signal.map((x, k) => analyse(x, filters(k), analysis));
    residual.copyWithin(0, frameLength);
    for (let at = 0; at < frameLength; at += partLength)
      codeResidual(short.subarray(at, at + partLength), residual, longest + at);
    const heard = new Int16Array(frameLength);
    for (let k = 0; k < frameLength; k++) {
      const x = synthesize(residual[longest + k], filters(k), synthesis);
      deemphasized = saturated(x + timesRounded(deemphasized, 28180));
      heard[k] = saturated(2 * deemphasized) & 0xfff8;
    }
    before = ratios;
    return heard;
  };
}

/** Scaling to 13 bits, offset compensation and pre-emphasis (4.2.1 to 4.2.3). */
function openPreparation(): (frame: Int16Array) => Int16Array {
  let last = 0;
  let sum = 0;
  let emphasized = 0;
  return (frame) =>
    frame.map((sample) => {
      const scaled = (sample >> 3) << 2;
      const high = sum >> 15;
      const low = sum - (high << 15);
      const next = (scaled - last) * 32768 + timesRounded(low, 32735) + high * 32735;
      sum = Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, next));
      last = scaled;
      const before = timesRounded(emphasized, -28180);
      emphasized = Math.min(2 ** 31 - 1, sum + 16384) >> 15;
      return saturated(emphasized + before);
    });
}

/** Reflection coefficients by Schur's recursion over the autocorrelation (4.2.4, 4.2.5); the signal loses bits where it was scaled. */
function reflections(signal: Int16Array): Int16Array {
  const most = peak(signal);
  const scale = most === 0 ? 0 : Math.max(0, 4 - norm(most << 16));
  if (scale > 0)
    for (let k = 0; k < frameLength; k++) signal[k] = timesRounded(signal[k], 16384 >> (scale - 1));
  const lagged = Array.from({ length: order + 1 }, (_, lag) => {
    let sum = 0;
    for (let k = lag; k < frameLength; k++) sum += signal[k] * signal[k - lag];
    return 2 * sum;
  });
  for (let k = 0; k < frameLength; k++) signal[k] <<= scale;
  const found = new Int16Array(order);
  if (lagged[0] === 0) return found;
  const shift = norm(lagged[0]);
  const p = Int16Array.from(lagged, (x) => (x << shift) >> 16);
  const k = p.slice();
  for (let n = 0; n < order; n++) {
    const size = saturated(Math.abs(p[1]));
    if (p[0] < size) break;
    const part = size === p[0] && size > 0 ? 32767 : Math.floor((size * 32768) / Math.max(1, p[0]));
    found[n] = p[1] > 0 ? -part : part;
    p[0] = saturated(p[0] + timesRounded(p[1], found[n]));
    for (let m = 1; m < order - n; m++) {
      const next = p[m + 1];
      p[m] = saturated(next + timesRounded(k[m], found[n]));
      k[m] = saturated(k[m] + timesRounded(next, found[n]));
    }
  }
  return found;
}

/** Log-area ratios and their codes (4.2.6, 4.2.7), counted from the least. */
function codeRatios(coefficients: Int16Array): Int16Array {
  return coefficients.map((r, i) => {
    const size = saturated(Math.abs(r));
    const ratio = size < 22118 ? size >> 1 : size < 31130 ? size - 11059 : (size - 26112) << 2;
    const scaled = saturated(times(larFactor[i], r < 0 ? -ratio : ratio) + larOffset[i] + 256) >> 9;
    return Math.max(larLeast[i], Math.min(-larLeast[i] - 1, scaled));
  });
}

function decodeRatios(codes: Int16Array): Int16Array {
  return codes.map((code, i) => 2 * timesRounded(larInverse[i], saturated((code << 10) - 2 * larOffset[i])));
}

/** Returns the reflection coefficients of each sample of a frame: ratios go over from those of the frame before (4.2.9). */
function interpolated(before: Int16Array, now: Int16Array): (k: number) => Int16Array {
  const mixed = (mix: (a: number, b: number) => number): Int16Array =>
    now.map((b, i) => {
      const ratio = mix(before[i], b);
      const size = saturated(Math.abs(ratio));
      const r = size < 11059 ? size << 1 : size < 20070 ? size + 11059 : saturated((size >> 2) + 26112);
      return ratio < 0 ? -r : r;
    });
  const filters = [
    mixed((a, b) => saturated((a >> 2) + (b >> 2) + (a >> 1))),
    mixed((a, b) => (a >> 1) + (b >> 1)),
    mixed((a, b) => saturated((a >> 2) + (b >> 2) + (b >> 1))),
    mixed((_, b) => b),
  ];
  return (k) => filters[k < 13 ? 0 : k < 27 ? 1 : k < 40 ? 2 : 3];
}

/** One sample through the short-term analysis filter (4.2.10), whose memory is `u`. */
function analyse(sample: number, coefficients: Int16Array, u: Int16Array): number {
  let forward = sample;
  let save = sample;
  for (let i = 0; i < order; i++) {
    const held = u[i];
    u[i] = save;
    save = saturated(held + timesRounded(coefficients[i], forward));
    forward = saturated(forward + timesRounded(coefficients[i], held));
  }
  return forward;
}

/** One sample through the decoder's short-term synthesis filter (4.3.4), whose memory is `v`. */
function synthesize(sample: number, coefficients: Int16Array, v: Int16Array): number {
  let x = sample;
  for (let i = order - 1; i >= 0; i--) {
    x = saturated(x - timesRounded(coefficients[i], v[i]));
    v[i + 1] = saturated(v[i] + timesRounded(coefficients[i], x));
  }
  v[0] = x;
  return x;
}

/** Long-term prediction and regular pulses of one part (4.2.11 to 4.2.18): fills 40 samples of the reconstructed residual from `at` on. */
function codeResidual(short: Int16Array, residual: Int16Array, at: number): void {
  const { lag, gain } = predictor(short, residual, at);
  const predicted = short.map((_, k) => timesRounded(gain, residual[at + k - lag]));
  const pulses = codePulses(short.map((x, k) => saturated(x - predicted[k])));
  for (let k = 0; k < partLength; k++) residual[at + k] = saturated(predicted[k] + pulses[k]);
}

function predictor(short: Int16Array, residual: Int16Array, at: number): { lag: number; gain: number } {
  const most = peak(short);
  const scale = most === 0 ? 0 : Math.max(0, 6 - norm(most << 16));
  const scaled = short.map((x) => x >> scale);
  let best = 0;
  let lag = partLength;
  for (let candidate = partLength; candidate <= longest; candidate++) {
    let sum = 0;
    for (let k = 0; k < partLength; k++) sum += scaled[k] * residual[at + k - candidate];
    if (sum > best) [best, lag] = [sum, candidate];
  }
  best = (2 * best) >> (6 - scale);
  let power = 0;
  for (let k = 0; k < partLength; k++) power += 2 * (residual[at + k - lag] >> 3) ** 2;
  if (best <= 0) return { lag, gain: gains[0] };
  if (best >= power) return { lag, gain: gains[3] };
  const shift = norm(power);
  const [r, s] = [(best << shift) >> 16, (power << shift) >> 16];
  const code = gainLimits.findIndex((limit) => r <= times(s, limit));
  return { lag, gain: gains[code < 0 ? 3 : code] };
}

/** The error of prediction as every third sample of a weighted one, coded and decoded (4.2.13 to 4.2.17). */
function codePulses(error: Int16Array): Int16Array {
  const weighted = error.map((_, k) => {
    let sum = 4096;
    for (let i = 0; i < weighting.length; i++) sum += weighting[i] * (error[k + i - 5] ?? 0);
    return saturated(sum >> 13);
  });
  let grid = 0;
  let most = -1;
  for (let start = 0; start < 4; start++) {
    let energy = 0;
    for (let i = 0; i < 13; i++) energy += (weighted[start + 3 * i] >> 2) ** 2;
    if (energy > most) [most, grid] = [energy, start];
  }
  const chosen = Array.from({ length: 13 }, (_, i) => weighted[grid + 3 * i]);
  const { exponent, mantissa } = blockMaximum(peak(chosen));
  const shift = 6 - exponent;
  const decoded = new Int16Array(partLength);
  chosen.forEach((x, i) => {
    const code = (times(((x << shift) << 16) >> 16, pulseInverse[mantissa]) >> 12) + 4;
    const level = timesRounded(pulseFactor[mantissa], (2 * code - 7) << 12);
    decoded[grid + 3 * i] = saturated(level + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift;
  });
  return decoded;
}

/** The block's maximum in six bits, as exponent and mantissa (4.2.15). */
function blockMaximum(most: number): { exponent: number; mantissa: number } {
  const size = Math.min(6, 32 - Math.clz32(most >> 9));
  const code = (most >> (size + 5)) + (size << 3);
  let exponent = code > 15 ? (code >> 3) - 1 : 0;
  let mantissa = code - (exponent << 3);
  if (mantissa === 0) return { exponent: -4, mantissa: 7 };
  for (; mantissa <= 7; exponent--) mantissa = (mantissa << 1) | 1;
  return { exponent, mantissa: mantissa - 8 };
}
