/** Seeded randomness: the only source of chance in core. */

/** A seeded stream of random numbers; the same seed gives the same stream on every runtime. */
export interface Random {
  /** Returns a float64 in [0, 1) with 32 random bits. */
  next(): number;
  /** Returns an integer in [0, limit). */
  integer(limit: number): number;
  /** Returns a standard normal deviate (Marsaglia polar method). */
  normal(): number;
  /** Shuffles the array in place (Fisher-Yates) and returns it. */
  shuffle<T extends { [index: number]: unknown; length: number }>(array: T): T;
  /** Returns an independent stream that depends on this stream's seed and on `name` only, not on what was drawn. */
  fork(name: string | number): Random;
}

/** Mixes a string into 32 bits (FNV-1a with a final avalanche). */
function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Returns a random stream for a seed: sfc32 (Doty-Humphrey, PractRand), seeded by hashing. */
export function random(seed: number | string): Random {
  const name = String(seed);
  let a = hash32(`${name}/a`) | 0;
  let b = hash32(`${name}/b`) | 0;
  let c = hash32(`${name}/c`) | 0;
  let counter = 1;
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();

  let spare: number | undefined;
  const stream: Random = {
    next: () => bits() / 4294967296,
    integer: (limit) => Math.floor((bits() / 4294967296) * limit),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      for (;;) {
        const u = 2 * stream.next() - 1;
        const v = 2 * stream.next() - 1;
        const s = u * u + v * v;
        if (s === 0 || s >= 1) continue;
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    },
    shuffle(array) {
      for (let i = array.length - 1; i > 0; i--) {
        const j = stream.integer(i + 1);
        const held = array[i];
        array[i] = array[j];
        array[j] = held;
      }
      return array;
    },
    fork: (child) => random(`${name}/${child}`),
  };
  return stream;
}
