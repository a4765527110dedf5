/** The WebAssembly of the FFT: a module of SIMD loops for each size, assembled here. `fft-kernel.ts` holds the memory and the same loops in plain code. */
import { wasm } from "./wasm-module.js";

const pageBytes = 65536;

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

/** Where a size's numbers lie in the one memory, counted in float64; what has one more than the size is kept to pairs. */
export function placesOf(size: number): Places {
  let at = 0;
  const next = (count: number): number => {
    at += count;
    return at - count;
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
    order: next(size / 4 + 2),
    samples: next(size),
    weights: next(2 * size),
    twiddles: next(0),
  };
}

/** Returns the compiled loops of a size from 8 to 2^16. @throws WebAssembly.CompileError or ReferenceError where they cannot be had. */
export function fftModule(size: number): WebAssembly.Module {
  const places = placesOf(size);
  const pages = Math.ceil((8 * (places.twiddles + twiddleTable(size).length)) / pageBytes);
  return new WebAssembly.Module(assemble(size, places, pages));
}

type Places = Readonly<
  Record<
    | "re"
    | "im"
    | "signal"
    | "spectrumRe"
    | "spectrumIm"
    | "power"
    | "power32"
    | "cos"
    | "sin"
    | "order"
    | "samples"
    | "weights"
    | "twiddles",
    number
  >
>;

/** Instructions as bytes (WebAssembly core specification 2.0, 5.4); vectors are two float64. */
type Code = readonly number[];
const i32 = 0x7f;
const v128 = 0x7b;
const get = (local: number): Code => [0x20, ...leb(local)];
const set = (local: number): Code => [0x21, ...leb(local)];
const constant = (value: number): Code => [0x41, ...signedLeb(value)];
const load = (pointer: number, bytes: number): Code => [...get(pointer), 0xfd, 0x00, 0x03, ...leb(bytes)];
const store = (pointer: number, bytes: number, value: Code): Code => [
  ...get(pointer),
  ...value,
  ...[0xfd, 0x0b, 0x03, ...leb(bytes)],
];
const add = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0xf0, 0x01];
const subtract = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0xf1, 0x01];
const multiply = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0xf2, 0x01];
/** Exchanges the two halves of a vector that is kept in a local. */
const swapped = (a: Code, local: number): Code => [...a, ...set(local), ...swap(get(local))];
const swap = (a: Code): Code => [
  ...a,
  ...a,
  0xfd,
  0x0d,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
];
/** The first values of two vectors, and their second ones. */
const firsts = (a: Code, b: Code): Code => [...a, ...b, ...wasm.float64.firsts];
const seconds = (a: Code, b: Code): Code => [...a, ...b, ...wasm.float64.seconds];
const advance = (local: number, by: number): Code => [...get(local), ...constant(by), 0x6a, ...set(local)];
/** Repeats the body until the pointer, which it advances, is at `end`. */
const until = (pointer: number, end: Code, body: Code): Code => [
  ...[0x03, 0x40, ...body, ...get(pointer), ...end, 0x47, 0x0d, 0x00, 0x0b],
];

/** The functions of the module; each has four integers and twenty vectors. */
const loops = {
  stages: stagesCode,
  first: (size: number, places: Places) => firstCode(size, places, false),
  weighed: (size: number, places: Places) => firstCode(size, places, true),
  untangle: untangleCode,
  tangle: tangleCode,
  signal: signalCode,
  power: (size: number, places: Places) => powerCode(size, places, false),
  power32: (size: number, places: Places) => powerCode(size, places, true),
} satisfies Record<string, (size: number, places: Places) => Code>;
/** A function of the module. */
export type FftLoop = keyof typeof loops;

/** Returns the module: one memory and the loops. */
function assemble(size: number, places: Places, pages: number): Uint8Array {
  const text = (name: string): Code => [name.length, ...Array.from(name, (char) => char.charCodeAt(0))];
  const section = (id: number, content: Code): Code => [id, ...leb(content.length), ...content];
  const all = Object.entries(loops);
  const bodies = all.map(([, code]) => [2, 4, i32, 20, v128, ...code(size, places), 0x0b]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [all.length, ...all.map(() => 0)]),
    ...section(5, [1, 0, ...leb(pages)]),
    ...section(7, [
      all.length + 1,
      ...[...text("memory"), 2, 0],
      ...all.flatMap(([name], at) => [...text(name), 0, at]),
    ]),
    ...section(10, [all.length, ...bodies.flatMap((body) => [...leb(body.length), ...body])]),
  ]);
}

/** The first stage, which takes the pairs of `signal`, or of weighed samples, from where they lie, a pair to a vector; it has no twiddles. */
function firstCode(size: number, places: Places, weighed: boolean): Code {
  const [to, order, from, half] = [0, 1, 2, 3] as const;
  const [a, b, c, d, s02, d02, s13, turned] = [4, 5, 6, 7, 8, 9, 10, 11] as const;
  const lengths = firstLength(size);
  const pair = (part: number): Code => {
    const at = part * ((16 * size) / lengths);
    if (!weighed) return load(from, 8 * places.signal + at);
    const samples = [...get(half), 0xfd, 0x5d, 0x02, ...leb(8 * places.samples + at / 2), 0xfd, 0x5f];
    return multiply(samples, load(from, 8 * places.weights + at));
  };
  const put = (at: number, one: number, other: number): Code => [
    ...store(to, 8 * places.re + at, firsts(get(one), get(other))),
    ...store(to, 8 * places.im + at, seconds(get(one), get(other))),
  ];
  const two: Code = [
    ...[...pair(0), ...set(a), ...pair(1), ...set(b)],
    ...[...add(get(a), get(b)), ...set(c), ...subtract(get(a), get(b)), ...set(d)],
    ...put(0, c, d),
  ];
  // The quarters come in the order 0, 2, 1, 3.
  const minusSecond: Code = [0xfd, 0x0c, ...new Uint8Array(Float64Array.of(1, -1).buffer)];
  const four: Code = [
    ...[...pair(0), ...set(a), ...pair(1), ...set(b), ...pair(2), ...set(c), ...pair(3), ...set(d)],
    ...[...add(get(a), get(c)), ...set(s02), ...subtract(get(a), get(c)), ...set(d02)],
    ...[...add(get(b), get(d)), ...set(s13), ...subtract(get(b), get(d)), ...set(turned)],
    ...[...multiply(swap(get(turned)), minusSecond), ...set(turned)],
    ...[...add(get(s02), get(s13)), ...set(a), ...add(get(d02), get(turned)), ...set(b)],
    ...[...subtract(get(s02), get(s13)), ...set(c), ...subtract(get(d02), get(turned)), ...set(d)],
    ...[...put(0, a, b), ...put(16, c, d)],
  ];
  return [
    ...[...constant(0), ...set(to), ...constant(0), ...set(order)],
    ...until(to, constant(8 * size), [
      ...[...get(order), 0x28, 0x02, ...leb(8 * places.order), ...set(from)],
      ...(weighed ? [...get(from), ...constant(1), 0x76, ...set(half)] : []),
      ...(lengths === 2 ? two : four),
      ...[...advance(to, 8 * lengths), ...advance(order, 4)],
    ]),
  ];
}

/** The loops of `plainFftKernel`'s `stages`, two neighbours at a time; offsets are constants of the size. */
function stagesCode(size: number, places: Places): Code {
  const [at, rowEnd, twiddle, block] = [0, 1, 2, 3] as const;
  const [a0r, a0i, a1r, a1i, a2r, a2i, a3r, a3i] = [4, 5, 6, 7, 8, 9, 10, 11] as const;
  const [s02r, s02i, d02r, d02i, s13r, s13i, d13r, d13i] = [12, 13, 14, 15, 16, 17, 18, 19] as const;
  const code: number[] = [];
  let table = 8 * places.twiddles;
  for (let m = firstLength(size); m < size; m *= 4) {
    const quarter = 8 * m;
    // Bit reversal leaves the quarters in the order 0, 2, 1, 3.
    const offsets = [0, 2 * quarter, quarter, 3 * quarter] as const;
    const re = (q: number): number => 8 * places.re + offsets[q];
    const im = (q: number): number => 8 * places.im + offsets[q];
    const turned = (q: number, r: number, i: number): Code => {
      const wr = load(twiddle, 2 * (q - 1) * quarter);
      const wi = load(twiddle, (2 * (q - 1) + 1) * quarter);
      return [
        ...[...subtract(multiply(load(at, re(q)), wr), multiply(load(at, im(q)), wi)), ...set(r)],
        ...[...add(multiply(load(at, re(q)), wi), multiply(load(at, im(q)), wr)), ...set(i)],
      ];
    };
    const both = (a: number, b: number, sum: number, difference: number): Code => [
      ...[...add(get(a), get(b)), ...set(sum)],
      ...[...subtract(get(a), get(b)), ...set(difference)],
    ];
    const butterfly: Code = [
      ...[...load(at, re(0)), ...set(a0r), ...load(at, im(0)), ...set(a0i)],
      ...[...turned(1, a1r, a1i), ...turned(2, a2r, a2i), ...turned(3, a3r, a3i)],
      ...[...both(a0r, a2r, s02r, d02r), ...both(a0i, a2i, s02i, d02i)],
      ...[...both(a1r, a3r, s13r, d13r), ...both(a1i, a3i, s13i, d13i)],
      ...[...store(at, re(0), add(get(s02r), get(s13r))), ...store(at, im(0), add(get(s02i), get(s13i)))],
      ...store(at, 8 * places.re + quarter, add(get(d02r), get(d13i))),
      ...store(at, 8 * places.im + quarter, subtract(get(d02i), get(d13r))),
      ...store(at, 8 * places.re + 2 * quarter, subtract(get(s02r), get(s13r))),
      ...store(at, 8 * places.im + 2 * quarter, subtract(get(s02i), get(s13i))),
      ...store(at, 8 * places.re + 3 * quarter, subtract(get(d02r), get(d13i))),
      ...store(at, 8 * places.im + 3 * quarter, add(get(d02i), get(d13r))),
    ];
    code.push(
      ...[...constant(0), ...set(block)],
      ...until(block, constant(8 * size), [
        ...[...get(block), ...set(at), ...get(block), ...constant(quarter), 0x6a, ...set(rowEnd)],
        ...[...constant(table), ...set(twiddle)],
        ...until(at, get(rowEnd), [...butterfly, ...advance(at, 16), ...advance(twiddle, 16)]),
        ...advance(block, 4 * quarter),
      ]),
    );
    table += 6 * quarter;
  }
  return code;
}

const halves: Code = [0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f];
const halfOf = (a: Code): Code => multiply(halves, a);

/** The loop that untangles the bins k, k + 1 and their mirrors m, m − 1: `put` finds even and odd parts and the turned odd ones in their locals. */
function mirrored(size: number, places: Places, put: (locals: Mirrored) => Code): Code {
  const [k, mirror] = [0, 1] as const;
  const [kr, ki, mr, mi, er, ei, or, oi, tr, ti] = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;
  const cos = load(k, 8 * places.cos);
  const sin = load(k, 8 * places.sin);
  return [
    ...[...constant(8), ...set(k), ...constant(8 * (size - 2)), ...set(mirror)],
    ...until(k, constant(8 * (size / 2 + 1)), [
      ...[...load(k, 8 * places.re), ...set(kr), ...load(k, 8 * places.im), ...set(ki)],
      ...[...swap(load(mirror, 8 * places.re)), ...set(mr), ...swap(load(mirror, 8 * places.im)), ...set(mi)],
      ...[...halfOf(add(get(kr), get(mr))), ...set(er), ...halfOf(subtract(get(ki), get(mi))), ...set(ei)],
      ...[...halfOf(add(get(ki), get(mi))), ...set(or), ...halfOf(subtract(get(mr), get(kr))), ...set(oi)],
      ...[...add(multiply(get(or), cos), multiply(get(oi), sin)), ...set(tr)],
      ...[...subtract(multiply(get(oi), cos), multiply(get(or), sin)), ...set(ti)],
      ...put({ k, mirror, er, ei, tr, ti, spare: kr, other: ki }),
      ...[...advance(k, 16), ...advance(mirror, -16)],
    ]),
  ];
}

type Mirrored = Readonly<Record<"k" | "mirror" | "er" | "ei" | "tr" | "ti" | "spare" | "other", number>>;

function untangleCode(size: number, places: Places): Code {
  return mirrored(size, places, ({ k, mirror, er, ei, tr, ti, spare }) => [
    ...store(k, 8 * places.spectrumRe, add(get(er), get(tr))),
    ...store(k, 8 * places.spectrumIm, add(get(ei), get(ti))),
    ...store(mirror, 8 * places.spectrumRe, swapped(subtract(get(er), get(tr)), spare)),
    ...store(mirror, 8 * places.spectrumIm, swapped(subtract(get(ti), get(ei)), spare)),
  ]);
}

/** The loop of `pairPower`; as float32 the addresses are half of those of float64. */
function powerCode(size: number, places: Places, single: boolean): Code {
  const address = 2;
  return mirrored(size, places, ({ k, mirror, er, ei, tr, ti, spare, other }) => {
    const square = (a: Code): Code => [...a, ...set(spare), ...multiply(get(spare), get(spare))];
    const here = add(square(add(get(er), get(tr))), square(add(get(ei), get(ti))));
    const there = swapped(add(square(subtract(get(er), get(tr))), square(subtract(get(ti), get(ei)))), other);
    if (!single) return [...store(k, 8 * places.power, here), ...store(mirror, 8 * places.power, there)];
    const put = (at: number, value: Code): Code => [
      ...[...get(at), ...constant(1), 0x76, ...set(address)],
      ...[...get(address), ...value, 0xfd, 0x5e, 0xfd, 0x5b, 0x02, ...leb(8 * places.power32), 0],
    ];
    return [...put(k, here), ...put(mirror, there)];
  });
}

/** Writes into `signal` the pairs whose transform is the conjugate of the pairs of the signal that the spectrum is of, times the size of that. */
function tangleCode(size: number, places: Places): Code {
  const [k, mirror, to] = [0, 1, 2] as const;
  const [kr, ki, mr, mi, dr, di, zr, zi] = [4, 5, 6, 7, 8, 9, 10, 11] as const;
  const cos = load(k, 8 * places.cos);
  const sin = load(k, 8 * places.sin);
  return [
    ...[...constant(0), ...set(k), ...constant(8 * (size - 1)), ...set(mirror), ...constant(0), ...set(to)],
    ...until(k, constant(8 * size), [
      ...[...load(k, 8 * places.spectrumRe), ...set(kr), ...load(k, 8 * places.spectrumIm), ...set(ki)],
      ...[...swap(load(mirror, 8 * places.spectrumRe)), ...set(mr)],
      ...[...swap(load(mirror, 8 * places.spectrumIm)), ...set(mi)],
      ...[...subtract(get(kr), get(mr)), ...set(dr), ...add(get(ki), get(mi)), ...set(di)],
      ...subtract(add(get(kr), get(mr)), add(multiply(get(dr), sin), multiply(get(di), cos))),
      ...set(zr),
      ...subtract(subtract(get(mi), get(ki)), subtract(multiply(get(dr), cos), multiply(get(di), sin))),
      ...set(zi),
      ...store(to, 8 * places.signal, firsts(get(zr), get(zi))),
      ...store(to, 8 * places.signal + 16, seconds(get(zr), get(zi))),
      ...[...advance(k, 16), ...advance(mirror, -16), ...advance(to, 32)],
    ]),
  ];
}

/** Writes the pairs of `re` and −`im` over the length into `signal`. */
function signalCode(size: number, places: Places): Code {
  const [at, to] = [0, 1] as const;
  const [re, im] = [4, 5] as const;
  const twice = (value: number): Code => [
    0xfd,
    0x0c,
    ...new Uint8Array(Float64Array.of(value, value).buffer),
  ];
  return [
    ...[...constant(0), ...set(at), ...constant(0), ...set(to)],
    ...until(at, constant(8 * size), [
      ...[...multiply(load(at, 8 * places.re), twice(0.5 / size)), ...set(re)],
      ...[...multiply(load(at, 8 * places.im), twice(-0.5 / size)), ...set(im)],
      ...store(to, 8 * places.signal, firsts(get(re), get(im))),
      ...store(to, 8 * places.signal + 16, seconds(get(re), get(im))),
      ...[...advance(at, 16), ...advance(to, 32)],
    ]),
  ];
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

function signedLeb(value: number): number[] {
  const bits = value & 127;
  const rest = value >> 7;
  const done = (rest === 0 && (bits & 64) === 0) || (rest === -1 && (bits & 64) !== 0);
  return done ? [bits] : [bits | 128, ...signedLeb(rest)];
}
