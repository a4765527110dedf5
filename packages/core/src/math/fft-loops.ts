/** The WebAssembly of the FFT: a kernel of SIMD loops for each size, whose places and lengths are constants. Vectors are two float64. */
import { firstLength, type Places, placesOf } from "./fft-layout.js";
import { plainFftLoops } from "./fft-plain-loops.js";
import {
  advance,
  type Code,
  f32x4,
  f64x2,
  i32,
  type Local,
  set,
  tee,
  until,
  type Value,
  v128,
} from "./wasm/expressions.js";
import { type Kernel, kernel, loop, named, several } from "./wasm/kernel.js";

type Vector = Local<"v128">;
type FftLoop = "first" | "weighed" | "stages" | "untangle" | "tangle" | "signal" | "power" | "power32";

/** Sizes that have been asked for; there are few powers of two. */
const kernels = new Map<number, Kernel<FftLoop>>();

/** Returns the loops of the transform of `size` = 2^n complex samples, or of 2 × `size` real ones; for SIMD from 8 samples on. */
export function fftLoops(size: number): Kernel<FftLoop> {
  const known = kernels.get(size) ?? makeKernel(size);
  kernels.set(size, known);
  return known;
}

function makeKernel(size: number): Kernel<FftLoop> {
  const places = placesOf(size);
  const plain = plainFftLoops(size, places);
  return kernel(`fft ${size}`, {
    stages: stagesLoop(size, places, plain.stages),
    first: firstLoop(size, places, { weighed: false, plain: plain.first }),
    weighed: firstLoop(size, places, { weighed: true, plain: plain.weighed }),
    untangle: untangleLoop(size, places, plain.untangle),
    tangle: tangleLoop(size, places, plain.tangle),
    signal: signalLoop(size, places, plain.signal),
    power: powerLoop(size, places, { single: false, plain: plain.power }),
    power32: powerLoop(size, places, { single: true, plain: plain.power32 }),
  });
}

type Plain = ReturnType<typeof plainFftLoops>[FftLoop];

/** The first stage, which takes the pairs of `signal`, or of weighed samples, from where they lie, a pair to a vector; it has no twiddles. */
function firstLoop(size: number, places: Places, { weighed, plain }: { weighed: boolean; plain: Plain }) {
  const length = firstLength(size);
  return loop({
    parameters: {},
    locals: {
      ...named("i32", "to", "order", "pairAt", "half"),
      ...named("v128", "a", "b", "c", "d", "s02", "d02", "s13", "turned"),
    },
    body: ({ to, order, pairAt, half, a, b, c, d, s02, d02, s13, turned }) => {
      const pair = (part: number): Value<"v128"> => {
        const at = part * ((16 * size) / length);
        if (!weighed) return v128.load(pairAt, 8 * places.signal + at);
        const samples = f64x2.loadSingles(half, 8 * places.samples + at / 2);
        return f64x2.mul(samples, v128.load(pairAt, 8 * places.weights + at));
      };
      const put = (at: number, one: Vector, other: Vector): Code => [
        v128.store(to, f64x2.firsts(one, other), 8 * places.re + at),
        v128.store(to, f64x2.seconds(one, other), 8 * places.im + at),
      ];
      const two = [
        [set(a, pair(0)), set(b, pair(1)), set(c, f64x2.add(a, b)), set(d, f64x2.sub(a, b))],
        put(0, c, d),
      ];
      // The quarters come in the order 0, 2, 1, 3.
      const four = [
        [set(a, pair(0)), set(b, pair(1)), set(c, pair(2)), set(d, pair(3))],
        [set(s02, f64x2.add(a, c)), set(d02, f64x2.sub(a, c))],
        [set(s13, f64x2.add(b, d)), set(turned, f64x2.sub(b, d))],
        set(turned, f64x2.mul(f64x2.swapped(turned), f64x2.of(1, -1))),
        [set(a, f64x2.add(s02, s13)), set(b, f64x2.add(d02, turned))],
        [set(c, f64x2.sub(s02, s13)), set(d, f64x2.sub(d02, turned))],
        [put(0, a, b), put(16, c, d)],
      ];
      return [
        until(to, 8 * size, [
          set(pairAt, i32.load(order, 8 * places.order)),
          weighed ? set(half, i32.shrU(pairAt, 1)) : [],
          length === 2 ? two : four,
          [advance(to, 8 * length), advance(order, 4)],
        ]),
      ];
    },
    plain,
  });
}

/** The radix-4 stages, two neighbours at a time. */
function stagesLoop(size: number, places: Places, plain: Plain) {
  return loop({
    parameters: {},
    locals: {
      ...named("i32", "at", "rowEnd", "twiddle", "block"),
      re: several("v128", 4),
      im: several("v128", 4),
      ...named("v128", "s02r", "s02i", "d02r", "d02i", "s13r", "s13i", "d13r", "d13i"),
    },
    body: ({ at, rowEnd, twiddle, block, re, im, s02r, s02i, d02r, d02i, s13r, s13i, d13r, d13i }) => {
      const { add, sub, mul } = f64x2;
      const stage = (quarter: number, table: number): Code => {
        // Bit reversal leaves the quarters in the order 0, 2, 1, 3.
        const from = [0, 2 * quarter, quarter, 3 * quarter];
        const [reAt, imAt] = [8 * places.re, 8 * places.im];
        const turned = (q: number): Code => {
          const wr = v128.load(twiddle, 2 * (q - 1) * quarter);
          const wi = v128.load(twiddle, (2 * (q - 1) + 1) * quarter);
          const [r, i] = [v128.load(at, reAt + from[q]), v128.load(at, imAt + from[q])];
          return [set(re[q], sub(mul(r, wr), mul(i, wi))), set(im[q], add(mul(r, wi), mul(i, wr)))];
        };
        const both = (a: Vector, b: Vector, sum: Vector, difference: Vector): Code => [
          set(sum, add(a, b)),
          set(difference, sub(a, b)),
        ];
        const put = (q: number, r: Value<"v128">, i: Value<"v128">): Code => [
          v128.store(at, r, reAt + q * quarter),
          v128.store(at, i, imAt + q * quarter),
        ];
        return [
          set(block, 0),
          until(block, 8 * size, [
            [set(at, block), set(rowEnd, i32.add(block, quarter)), set(twiddle, table)],
            until(at, rowEnd, [
              [set(re[0], v128.load(at, reAt)), set(im[0], v128.load(at, imAt))],
              [turned(1), turned(2), turned(3)],
              [both(re[0], re[2], s02r, d02r), both(im[0], im[2], s02i, d02i)],
              [both(re[1], re[3], s13r, d13r), both(im[1], im[3], s13i, d13i)],
              put(0, add(s02r, s13r), add(s02i, s13i)),
              put(1, add(d02r, d13i), sub(d02i, d13r)),
              put(2, sub(s02r, s13r), sub(s02i, s13i)),
              put(3, sub(d02r, d13i), add(d02i, d13r)),
              [advance(at, 16), advance(twiddle, 16)],
            ]),
            advance(block, 4 * quarter),
          ]),
        ];
      };
      const stages: Code[] = [];
      let table = 8 * places.twiddles;
      for (let m = firstLength(size); m < size; m *= 4) {
        stages.push(stage(8 * m, table));
        table += 48 * m;
      }
      return stages;
    },
    plain,
  });
}

const mirroredLocals = {
  ...named("i32", "k", "mirror", "address"),
  ...named("v128", "kr", "ki", "mr", "mi", "er", "ei", "or", "oi", "tr", "ti"),
};
type MirroredLocals = Readonly<
  Record<"k" | "mirror" | "address", Local<"i32">> &
    Record<"kr" | "ki" | "mr" | "mi" | "er" | "ei" | "or" | "oi" | "tr" | "ti", Vector>
>;

/** The loop that untangles the bins k, k + 1 and their mirrors m, m − 1: `put` finds even and odd parts and the turned odd ones in their locals. */
function mirrored(size: number, places: Places, locals: MirroredLocals, put: Code): Code {
  const { k, mirror, kr, ki, mr, mi, er, ei, or, oi, tr, ti } = locals;
  const { add, sub, mul, swapped } = f64x2;
  const [cos, sin] = [v128.load(k, 8 * places.cos), v128.load(k, 8 * places.sin)];
  const half = (value: Value<"v128">): Value<"v128"> => mul(f64x2.of(0.5), value);
  return [
    [set(k, 8), set(mirror, 8 * (size - 2))],
    until(k, 8 * (size / 2 + 1), [
      [set(kr, v128.load(k, 8 * places.re)), set(ki, v128.load(k, 8 * places.im))],
      [set(mr, v128.load(mirror, 8 * places.re)), set(mr, swapped(mr))],
      [set(mi, v128.load(mirror, 8 * places.im)), set(mi, swapped(mi))],
      [set(er, half(add(kr, mr))), set(ei, half(sub(ki, mi)))],
      [set(or, half(add(ki, mi))), set(oi, half(sub(mr, kr)))],
      set(tr, add(mul(or, cos), mul(oi, sin))),
      set(ti, sub(mul(oi, cos), mul(or, sin))),
      put,
      [advance(k, 16), advance(mirror, -16)],
    ]),
  ];
}

function untangleLoop(size: number, places: Places, plain: Plain) {
  return loop({
    parameters: {},
    locals: mirroredLocals,
    body: (locals) => {
      const { k, mirror, kr: spare, er, ei, tr, ti } = locals;
      const there = (value: Value<"v128">, at: number): Code => [
        set(spare, value),
        v128.store(mirror, f64x2.swapped(spare), 8 * at),
      ];
      return mirrored(size, places, locals, [
        v128.store(k, f64x2.add(er, tr), 8 * places.spectrumRe),
        v128.store(k, f64x2.add(ei, ti), 8 * places.spectrumIm),
        there(f64x2.sub(er, tr), places.spectrumRe),
        there(f64x2.sub(ti, ei), places.spectrumIm),
      ]);
    },
    plain,
  });
}

/** Powers of both bins and their mirrors; as float32 the addresses are half of those of float64. */
function powerLoop(size: number, places: Places, { single, plain }: { single: boolean; plain: Plain }) {
  return loop({
    parameters: {},
    locals: mirroredLocals,
    body: (locals) => {
      const { k, mirror, address, kr: spare, ki: other, er, ei, tr, ti } = locals;
      const { add, sub } = f64x2;
      const square = (value: Value<"v128">): Value<"v128"> => f64x2.mul(tee(spare, value), spare);
      const put = (at: Local<"i32">, value: Value<"v128">): Code =>
        single
          ? [
              set(address, i32.shrU(at, 1)),
              v128.store64Lane(address, f32x4.demoteF64x2Zero(value), 8 * places.power32, 0),
            ]
          : v128.store(at, value, 8 * places.power);
      return mirrored(size, places, locals, [
        put(k, add(square(add(er, tr)), square(add(ei, ti)))),
        set(other, add(square(sub(er, tr)), square(sub(ti, ei)))),
        put(mirror, f64x2.swapped(other)),
      ]);
    },
    plain,
  });
}

/** Writes into `signal` the pairs whose transform is the conjugate of the pairs of the signal that the spectrum is of, times the size of that. */
function tangleLoop(size: number, places: Places, plain: Plain) {
  return loop({
    parameters: {},
    locals: {
      ...named("i32", "k", "mirror", "to"),
      ...named("v128", "kr", "ki", "mr", "mi", "dr", "di", "zr", "zi"),
    },
    body: ({ k, mirror, to, kr, ki, mr, mi, dr, di, zr, zi }) => {
      const { add, sub, mul, swapped } = f64x2;
      const [cos, sin] = [v128.load(k, 8 * places.cos), v128.load(k, 8 * places.sin)];
      return [
        set(mirror, 8 * (size - 1)),
        until(k, 8 * size, [
          [set(kr, v128.load(k, 8 * places.spectrumRe)), set(ki, v128.load(k, 8 * places.spectrumIm))],
          [set(mr, v128.load(mirror, 8 * places.spectrumRe)), set(mr, swapped(mr))],
          [set(mi, v128.load(mirror, 8 * places.spectrumIm)), set(mi, swapped(mi))],
          [set(dr, sub(kr, mr)), set(di, add(ki, mi))],
          set(zr, sub(add(kr, mr), add(mul(dr, sin), mul(di, cos)))),
          set(zi, sub(sub(mi, ki), sub(mul(dr, cos), mul(di, sin)))),
          putPairs(to, places, zr, zi),
          [advance(k, 16), advance(mirror, -16), advance(to, 32)],
        ]),
      ];
    },
    plain,
  });
}

/** Writes the pairs of `re` and −`im` over the length into `signal`. */
function signalLoop(size: number, places: Places, plain: Plain) {
  return loop({
    parameters: {},
    locals: { ...named("i32", "at", "to"), ...named("v128", "re", "im") },
    body: ({ at, to, re, im }) => [
      until(at, 8 * size, [
        set(re, f64x2.mul(v128.load(at, 8 * places.re), f64x2.of(0.5 / size))),
        set(im, f64x2.mul(v128.load(at, 8 * places.im), f64x2.of(-0.5 / size))),
        putPairs(to, places, re, im),
        [advance(at, 16), advance(to, 32)],
      ]),
    ],
    plain,
  });
}

function putPairs(to: Local<"i32">, places: Places, re: Vector, im: Vector): Code {
  return [
    v128.store(to, f64x2.firsts(re, im), 8 * places.signal),
    v128.store(to, f64x2.seconds(re, im), 8 * places.signal + 16),
  ];
}
