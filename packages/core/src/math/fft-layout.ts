/** The tables of a transform of 2^n samples, and where they and its numbers lie in one memory. */

/** The first length that the radix-4 stages join: 2 where log2 of the size is odd, else 4. */
export function firstLength(size: number): number {
  return Math.log2(size) % 2 === 1 ? 2 : 4;
}

/** w, w², w³ of every stage from `firstLength` on: for each stage m cosines of w, m sines of it, and the same of w² and w³. */
export function twiddleTable(size: number): Float64Array {
  const table: number[] = [];
  for (let m = firstLength(size); m < size; m *= 4) {
    for (let p = 1; p <= 3; p++) {
      for (let j = 0; j < m; j++) table.push(Math.cos((2 * Math.PI * j * p) / (4 * m)));
      for (let j = 0; j < m; j++) table.push(-Math.sin((2 * Math.PI * j * p) / (4 * m)));
    }
  }
  return Float64Array.from(table);
}

/** Where the samples of a transform come from when it is done in place: output i of the first stage reads sample `order[i]`. */
export function bitReversal(size: number): Uint32Array {
  const order = new Uint32Array(size);
  const bits = Math.log2(size);
  for (let i = 1; i < size; i++) order[i] = (order[i >> 1] >> 1) | (i & 1 ? 1 << (bits - 1) : 0);
  return order;
}

/** Places in the memory, counted in float64. */
export type Places = ReturnType<typeof placesOf>;

/** Returns where the numbers of a size lie; what has one more than the size is kept to pairs. */
export function placesOf(size: number) {
  let at = 0;
  const next = (count: number): number => {
    at += Math.ceil(count);
    return at - Math.ceil(count);
  };
  return {
    re: next(size),
    im: next(size),
    signal: next(2 * size),
    spectrumRe: next(size + 2),
    spectrumIm: next(size + 2),
    power: next(size + 2),
    power32: next(size / 2 + 2),
    cos: next(size + 2),
    sin: next(size + 2),
    /** Addresses, as integers, of the first of each two or four that the first stage joins. */
    order: next(size / 4 + 2),
    samples: next(size),
    weights: next(2 * size),
    twiddles: next(0),
  } as const;
}
