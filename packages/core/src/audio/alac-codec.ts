/** Apple Lossless (ALAC), after the format that Apple's decoder defines (Apache License 2.0, https://github.com/macosforge/alac). */
import type { Codec } from "./codec.js";
import { joinedChannels, packetsOf } from "./packets.js";

/** Frames have at most this many samples: four times what encoders write. */
const mostFrameLength = 16384;

interface Config {
  readonly frameLength: number;
  readonly bits: number;
  /** Of the adaptive Golomb code: how fast its history moves, where it begins, and the most bits of a remainder. */
  readonly historyMultiplier: number;
  readonly initialHistory: number;
  readonly riceLimit: number;
  readonly channels: number;
  readonly sampleRate: number;
}

/** Returns a decoder of ALAC packets, described by the 24 bytes of an ALACSpecificConfig. @throws Error for what they cannot say. */
export function alacCodec(config: Uint8Array): Codec {
  if (config.length < 24) throw new Error(`its description of ALAC has ${config.length} bytes, expected 24`);
  const view = new DataView(config.buffer, config.byteOffset, config.length);
  const known: Config = {
    frameLength: view.getUint32(0),
    bits: config[5],
    historyMultiplier: config[6],
    initialHistory: config[7],
    riceLimit: config[8],
    channels: config[9],
    sampleRate: view.getUint32(20),
  };
  const { frameLength, bits, channels } = known;
  if (
    ![16, 20, 24, 32].includes(bits) ||
    channels < 1 ||
    channels > 8 ||
    frameLength < 1 ||
    frameLength > mostFrameLength
  )
    throw new Error(
      `unsupported: ALAC of ${bits} bits in ${channels} channels and frames of ${frameLength} samples`,
    );
  const decode: Codec = (data) => {
    const frames = packetsOf(data).map((packet) =>
      decodePacket(packet, known).map((samples) =>
        Float32Array.from(samples, (value) => value / 2 ** (bits - 1)),
      ),
    );
    return { channelData: joinedChannels(frames, channels), sampleRate: known.sampleRate };
  };
  decode.free = () => undefined;
  return decode;
}

/** Bits of a packet, the first the highest of a byte; behind the end they are zero until too many were read. */
class Bits {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; ) {
      const inByte = 8 - (this.at & 7);
      const taken = Math.min(left, inByte);
      const byte = this.#bytes[this.at >> 3] ?? 0;
      value = value * 2 ** taken + ((byte >> (inByte - taken)) & ((1 << taken) - 1));
      this.at += taken;
      left -= taken;
    }
    if (this.at > 8 * this.#bytes.length + 64) throw new Error("a packet of ALAC ends early");
    return value;
  }

  signed(count: number): number {
    const value = this.read(count);
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }
}

/** Returns the integers of each channel. */
function decodePacket(packet: Uint8Array, config: Config): Int32Array[] {
  const bits = new Bits(packet);
  const found: Int32Array[] = [];
  while (found.length < config.channels) {
    const tag = bits.read(3);
    if (tag === 7) break;
    if (tag === 0 || tag === 1 || tag === 3) {
      bits.read(4);
      found.push(...decodeElement(bits, tag === 1 ? 2 : 1, config));
    } else if (tag === 4) {
      bits.read(4);
      const aligned = bits.read(1) === 1;
      let count = bits.read(8);
      if (count === 255) count += bits.read(8);
      if (aligned) bits.at = (bits.at + 7) & ~7;
      for (let i = 0; i < count; i++) bits.read(8);
    } else if (tag === 6) {
      let count = bits.read(4);
      if (count === 15) count += bits.read(8) - 1;
      for (let i = 0; i < count; i++) bits.read(8);
    } else throw new Error(`unsupported: an element ${tag} in ALAC`);
  }
  const length = found[0]?.length ?? 0;
  while (found.length < config.channels) found.push(new Int32Array(length));
  return found
    .slice(0, config.channels)
    .map((each) => (each.length === length ? each : new Int32Array(length)));
}

interface Predictor {
  /** Whether the residual is coded as differences. */
  readonly differences: boolean;
  readonly shift: number;
  readonly historyFactor: number;
  readonly coefficients: Int16Array;
}

/** Decodes one channel or a pair. */
function decodeElement(bits: Bits, channels: 1 | 2, config: Config): Int32Array[] {
  bits.read(12);
  const hasLength = bits.read(1) === 1;
  const shifted = bits.read(2) * 8;
  const isPlain = bits.read(1) === 1;
  const length = hasLength ? bits.read(32) : config.frameLength;
  if (length > config.frameLength)
    throw new Error(`a packet of ALAC says ${length} samples, expected at most ${config.frameLength}`);
  if (isPlain) {
    const plain = Array.from({ length: channels }, () => new Int32Array(length));
    for (let i = 0; i < length; i++) for (const channel of plain) channel[i] = bits.signed(config.bits);
    return plain;
  }
  const width = config.bits - shifted + channels - 1;
  const mixBits = bits.read(8);
  const mixFactor = bits.signed(8);
  const predictors = Array.from({ length: channels }, () => readPredictor(bits));
  const lowAt = bits.at;
  bits.at += shifted * channels * length;
  const found = predictors.map((predictor) => {
    const residual = readResidual(bits, { length, width, predictor, config });
    if (predictor.differences)
      predict(
        residual,
        { differences: false, shift: 0, historyFactor: 0, coefficients: new Int16Array(31) },
        width,
      );
    predict(residual, predictor, width);
    return residual;
  });
  const [left, right] = found;
  if (right && mixFactor !== 0) {
    for (let i = 0; i < length; i++) {
      left[i] += right[i] - (Math.imul(mixFactor, right[i]) >> mixBits);
      right[i] = left[i] - right[i];
    }
  }
  if (shifted > 0) {
    const after = bits.at;
    bits.at = lowAt;
    for (let i = 0; i < length; i++)
      for (const channel of found) channel[i] = (channel[i] << shifted) | bits.read(shifted);
    bits.at = after;
  }
  return found;
}

function readPredictor(bits: Bits): Predictor {
  const differences = bits.read(4) !== 0;
  const shift = bits.read(4);
  const historyFactor = bits.read(3);
  const coefficients = Int16Array.from({ length: bits.read(5) }, () => bits.signed(16));
  return { differences, shift, historyFactor, coefficients };
}

/** Reads a number of the adaptive Golomb code: up to 9 ones, then `k` bits, or `escapeBits` bits behind 9 ones. */
function readGolomb(bits: Bits, k: number, escapeBits: number): number {
  let prefix = 0;
  while (prefix < 9 && bits.read(1) === 1) prefix++;
  if (prefix === 9) return bits.read(escapeBits);
  if (k === 1) return prefix;
  const value = bits.read(k - 1);
  // A first half of zeros stands for itself, one bit shorter than the others.
  if (value === 0) return prefix * (2 ** k - 1);
  return prefix * (2 ** k - 1) + 2 * value + bits.read(1) - 1;
}

function readResidual(
  bits: Bits,
  {
    length,
    width,
    predictor,
    config,
  }: {
    readonly length: number;
    readonly width: number;
    readonly predictor: Predictor;
    readonly config: Config;
  },
): Int32Array {
  const residual = new Int32Array(length);
  const multiplier = (config.historyMultiplier * predictor.historyFactor) >> 2;
  let history = config.initialHistory;
  let odd = 0;
  for (let i = 0; i < length; ) {
    const k = Math.min(31 - Math.clz32((history >> 9) + 3), config.riceLimit);
    const value = readGolomb(bits, k, width);
    const coded = value + odd;
    residual[i++] = coded % 2 === 1 ? -((coded + 1) / 2) : coded / 2;
    history = value > 0xffff ? 0xffff : multiplier * coded + history - ((multiplier * history) >> 9);
    odd = 0;
    if (history < 128 && i < length) {
      odd = 1;
      const runBits = Math.clz32(history) - 24 + ((history + 16) >> 6);
      const run = readGolomb(bits, Math.min(runBits, config.riceLimit), 16);
      if (i + run > length) throw new Error("a packet of ALAC holds more samples than it says");
      i += run;
      if (run >= 65535) odd = 0;
      history = 0;
    }
  }
  return residual;
}

/** Replaces residuals by samples, each predicted from those before it by coefficients that follow the residuals' signs. */
function predict(samples: Int32Array, { coefficients, shift }: Predictor, width: number): void {
  const order = coefficients.length;
  if (order === 0) return;
  const fit = 32 - width;
  const warm = order === 31 ? samples.length - 1 : order;
  for (let i = 1; i <= Math.min(warm, samples.length - 1); i++)
    samples[i] = ((samples[i] + samples[i - 1]) << fit) >> fit;
  const half = shift > 0 ? 1 << (shift - 1) : 0;
  for (let i = warm + 1; i < samples.length; i++) {
    const base = samples[i - order - 1];
    let sum = half;
    for (let k = 0; k < order; k++) sum = (sum + Math.imul(coefficients[k], samples[i - 1 - k] - base)) | 0;
    let rest = samples[i];
    const sign = Math.sign(rest);
    samples[i] = ((rest + base + (sum >> shift)) << fit) >> fit;
    for (let k = order - 1; k >= 0 && rest * sign > 0; k--) {
      const difference = base - samples[i - 1 - k];
      const step = Math.sign(difference) * sign;
      coefficients[k] -= step;
      rest -= (order - k) * ((step * difference) >> shift);
    }
  }
}
