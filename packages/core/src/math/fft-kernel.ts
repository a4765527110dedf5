/** The inner loops of the FFT: WebAssembly with SIMD, assembled here for each size, and the same loops in plain code. */

/**
 * Memory and loops of a complex transform of `size` = 2^n samples in place of `re`, `im`. Both kernels do the same operations in the same order, so that
 * their values are the same to the last bit.
 */
export interface FftKernel {
  readonly name: "simd" | "plain";
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Takes bit-reversed samples after the first stage (of 2 where n is odd, else of 4) through the radix-4 stages that are left. */
  stages(): void;
  /** Returns |X[k]|², k = 0..size, of the real signal of 2 × size samples whose pairs were transformed; good until the next call. */
  power(): Float64Array;
}

const pageBytes = 65536;

/** Compiled modules by size, null where this runtime cannot have one; there are few powers of two. */
const modules = new Map<number, WebAssembly.Module | null>();

/** Returns the quickest kernel that this runtime has, with memory of its own. */
export function fftKernel(size: number): FftKernel {
  if (size < 8 || size > 2 ** 16) return plainFftKernel(size);
  let module = modules.get(size);
  if (module === undefined) {
    try {
      module = fftModule(size);
    } catch {
      // No SIMD, no WebAssembly, or a policy that forbids compiling.
      module = null;
    }
    modules.set(size, module);
  }
  return module ? simdFftKernel(size, module) : plainFftKernel(size);
}

/** The first length that the radix-4 stages join: 2 where log2 of the size is odd, else 4. */
function firstLength(size: number): number {
  return Math.log2(size) % 2 === 1 ? 2 : 4;
}

/** w, w², w³ of every stage from `firstLength` on: for each stage m cosines of w, m sines of it, and the same of w² and w³. */
function twiddleTable(size: number): Float64Array {
  const table: number[] = [];
  for (let m = firstLength(size); m < size; m *= 4) {
    for (let p = 1; p <= 3; p++) {
      for (let j = 0; j < m; j++) table.push(Math.cos((2 * Math.PI * j * p) / (4 * m)));
      for (let j = 0; j < m; j++) table.push(-Math.sin((2 * Math.PI * j * p) / (4 * m)));
    }
  }
  return Float64Array.from(table);
}

function halfTurn(size: number, wave: (angle: number) => number): Float64Array {
  return Float64Array.from({ length: size + 1 }, (_, k) => wave((Math.PI * k) / size));
}

/** Returns the kernel without WebAssembly. */
export function plainFftKernel(size: number): FftKernel {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const power = pairPower(size);
  const twiddles = twiddleTable(size);
  const start = firstLength(size);
  return {
    name: "plain",
    re,
    im,
    stages() {
      let base = 0;
      for (let m = start; m < size; m *= 4) {
        for (let block = 0; block < size; block += 4 * m) {
          let t = base;
          for (let i0 = block, end = block + m; i0 < end; i0++, t++) {
            // Bit reversal leaves the quarters in the order 0, 2, 1, 3.
            const i2 = i0 + m;
            const i1 = i2 + m;
            const i3 = i1 + m;
            const w1r = twiddles[t];
            const w1i = twiddles[t + m];
            const w2r = twiddles[t + 2 * m];
            const w2i = twiddles[t + 3 * m];
            const w3r = twiddles[t + 4 * m];
            const w3i = twiddles[t + 5 * m];
            const a0r = re[i0];
            const a0i = im[i0];
            const a1r = re[i1] * w1r - im[i1] * w1i;
            const a1i = re[i1] * w1i + im[i1] * w1r;
            const a2r = re[i2] * w2r - im[i2] * w2i;
            const a2i = re[i2] * w2i + im[i2] * w2r;
            const a3r = re[i3] * w3r - im[i3] * w3i;
            const a3i = re[i3] * w3i + im[i3] * w3r;
            const s02r = a0r + a2r;
            const s02i = a0i + a2i;
            const d02r = a0r - a2r;
            const d02i = a0i - a2i;
            const s13r = a1r + a3r;
            const s13i = a1i + a3i;
            const d13r = a1r - a3r;
            const d13i = a1i - a3i;
            re[i0] = s02r + s13r;
            im[i0] = s02i + s13i;
            re[i2] = d02r + d13i;
            im[i2] = d02i - d13r;
            re[i1] = s02r - s13r;
            im[i1] = s02i - s13i;
            re[i3] = d02r - d13i;
            im[i3] = d02i + d13r;
          }
        }
        base += 6 * m;
      }
    },
    power: () => power(re, im),
  };
}

/**
 * Returns what gives |X[k]|², k = 0..N, of the real signal of 2N samples x[2n], x[2n + 1] from the transform `re`, `im` of its pairs x[2n] + i x[2n + 1]; good
 * until the next call.
 */
export function pairPower(size: number): (re: Float64Array, im: Float64Array) => Float64Array {
  const power = new Float64Array(size + 1);
  const cos = halfTurn(size, Math.cos);
  const sin = halfTurn(size, Math.sin);
  return (re, im) => {
    powerEnds(re, im, power);
    for (let k = 1, m = size - 1; k <= m; k++, m--) {
      const er = 0.5 * (re[k] + re[m]);
      const ei = 0.5 * (im[k] - im[m]);
      const or = 0.5 * (im[k] + im[m]);
      const oi = 0.5 * (re[m] - re[k]);
      const tr = or * cos[k] + oi * sin[k];
      const ti = oi * cos[k] - or * sin[k];
      const kr = er + tr;
      const ki = ei + ti;
      const mr = er - tr;
      const mi = ti - ei;
      power[k] = kr * kr + ki * ki;
      power[m] = mr * mr + mi * mi;
    }
    return power;
  };
}

function powerEnds(re: Float64Array, im: Float64Array, power: Float64Array): void {
  const first = re[0] + im[0];
  const last = re[0] - im[0];
  power[0] = first * first;
  power[power.length - 1] = last * last;
}

/** Where a size's numbers lie in the one memory, counted in float64: `power` and the tables have one more than it, to keep to pairs. */
function placesOf(size: number): Places {
  return {
    re: 0,
    im: size,
    power: 2 * size,
    cos: 3 * size + 2,
    sin: 4 * size + 4,
    twiddles: 5 * size + 6,
  };
}

/** Returns the compiled loops of a size from 8 to 2^16. @throws WebAssembly.CompileError or ReferenceError where they cannot be had. */
export function fftModule(size: number): WebAssembly.Module {
  const places = placesOf(size);
  const pages = Math.ceil((8 * (places.twiddles + twiddleTable(size).length)) / pageBytes);
  return new WebAssembly.Module(assemble(size, places, pages));
}

/** Returns a kernel that runs a size's module in a new memory. */
export function simdFftKernel(size: number, module: WebAssembly.Module): FftKernel {
  const places = placesOf(size);
  const twiddles = twiddleTable(size);
  const { memory, stages, power } = new WebAssembly.Instance(module).exports as {
    memory: WebAssembly.Memory;
    stages: () => void;
    power: () => void;
  };
  const view = (at: number, length: number): Float64Array => new Float64Array(memory.buffer, 8 * at, length);
  view(places.cos, size + 1).set(halfTurn(size, Math.cos));
  view(places.sin, size + 1).set(halfTurn(size, Math.sin));
  view(places.twiddles, twiddles.length).set(twiddles);
  const re = view(places.re, size);
  const im = view(places.im, size);
  const powers = view(places.power, size + 1);
  return {
    name: "simd",
    re,
    im,
    stages,
    power() {
      power();
      powerEnds(re, im, powers);
      return powers;
    },
  };
}

interface Places {
  readonly re: number;
  readonly im: number;
  readonly power: number;
  readonly cos: number;
  readonly sin: number;
  readonly twiddles: number;
}

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
const advance = (local: number, by: number): Code => [...get(local), ...constant(by), 0x6a, ...set(local)];
/** Repeats the body until the pointer, which it advances, is at `end`. */
const until = (pointer: number, end: Code, body: Code): Code => [
  ...[0x03, 0x40, ...body, ...get(pointer), ...end, 0x47, 0x0d, 0x00, 0x0b],
];

/** Returns the module: one memory, `stages` and `power`. */
function assemble(size: number, places: Places, pages: number): Uint8Array {
  const text = (name: string): Code => [name.length, ...Array.from(name, (char) => char.charCodeAt(0))];
  const section = (id: number, content: Code): Code => [id, ...leb(content.length), ...content];
  const body = (integers: number, vectors: number, code: Code): Code => {
    const all = [2, integers, i32, vectors, v128, ...code, 0x0b];
    return [...leb(all.length), ...all];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [2, 0, 0]),
    ...section(5, [1, 0, ...leb(pages)]),
    ...section(7, [3, ...text("memory"), 2, 0, ...text("stages"), 0, 0, ...text("power"), 0, 1]),
    ...section(10, [2, ...body(4, 16, stagesCode(size, places)), ...body(4, 10, powerCode(size, places))]),
  ]);
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
    const re = (q: number): number => 8 * places.re + offsets[q]!;
    const im = (q: number): number => 8 * places.im + offsets[q]!;
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

/** The loop of `pairPower` for the bins k, k + 1 and their mirrors m, m − 1. */
function powerCode(size: number, places: Places): Code {
  const [k, mirror] = [0, 1] as const;
  const [kr, ki, mr, mi, er, ei, or, oi, tr, ti] = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;
  const half: Code = [0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f];
  const halfOf = (a: Code): Code => multiply(half, a);
  const cos = load(k, 8 * places.cos);
  const sin = load(k, 8 * places.sin);
  const square = (a: Code): Code => [...a, ...set(kr), ...multiply(get(kr), get(kr))];
  return [
    ...[...constant(8), ...set(k), ...constant(8 * (size - 2)), ...set(mirror)],
    ...until(k, constant(8 * (size / 2 + 1)), [
      ...[...load(k, 8 * places.re), ...set(kr), ...load(k, 8 * places.im), ...set(ki)],
      ...[...swap(load(mirror, 8 * places.re)), ...set(mr), ...swap(load(mirror, 8 * places.im)), ...set(mi)],
      ...[...halfOf(add(get(kr), get(mr))), ...set(er), ...halfOf(subtract(get(ki), get(mi))), ...set(ei)],
      ...[...halfOf(add(get(ki), get(mi))), ...set(or), ...halfOf(subtract(get(mr), get(kr))), ...set(oi)],
      ...[...add(multiply(get(or), cos), multiply(get(oi), sin)), ...set(tr)],
      ...[...subtract(multiply(get(oi), cos), multiply(get(or), sin)), ...set(ti)],
      ...store(k, 8 * places.power, add(square(add(get(er), get(tr))), square(add(get(ei), get(ti))))),
      ...store(
        mirror,
        8 * places.power,
        swapped(add(square(subtract(get(er), get(tr))), square(subtract(get(ti), get(ei)))), ki),
      ),
      ...[...advance(k, 16), ...advance(mirror, -16)],
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
