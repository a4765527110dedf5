/** The inner loop of float32 products: a few hundred bytes of WebAssembly with SIMD, assembled here, and the same loop in plain code. */
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

/** Computes tiles of products in a memory of its own; all arguments are in bytes except `depth` and `quads`. */
export interface Kernel {
  readonly name: "simd" | "plain";
  /** The memory as float32, at least `floats` long; a view taken earlier may be of no use after a call that grows it. */
  memory(floats: number): Float32Array;
  /**
   * For each of `quads` groups of four rows writes C[r][s] = Σₚ A[p][r] · B[p][s], r < 4, s < 8, p < depth, summed in float32.
   * A's step p begins at a + p·aStep, B's at b + p·bStep; C's rows are cStride apart. From group to group a advances by aNext, c by four rows.
   */
  strip(
    a: number,
    aStep: number,
    aNext: number,
    b: number,
    bStep: number,
    c: number,
    cStride: number,
    depth: number,
    quads: number,
  ): void;
  /** Writes eight values less those at `centre` from each of `rows` rows, fromStride apart, side by side to `to`; all but `rows` in bytes. */
  panel(from: number, fromStride: number, centre: number, to: number, rows: number): void;
  /**
   * Finds the groups of four of `quads` groups in which a value is at least `own` plus the one at the same place from `least` on: writes, for each
   * in turn, how many groups are left with it to the integers after `to`, and to `to` itself where the last of them is, in bytes.
   */
  atLeast(values: number, least: number, quads: number, to: number, own: number): void;
}

/** Returns the quickest kernel that this runtime has, with an empty memory. */
export function createKernel(): Kernel {
  const loops = createLoops();
  if (!loops) return plainKernel();
  let view = new Float32Array(loops.memory(0));
  return {
    name: "simd",
    memory(floats) {
      const memory = loops.memory(4 * floats);
      if (memory !== view.buffer) view = new Float32Array(memory);
      return view;
    },
    strip: loops.run.strip as Kernel["strip"],
    panel: loops.run.panel as Kernel["panel"],
    atLeast: loops.run.atLeast as Kernel["atLeast"],
  };
}

/** Returns the kernel without WebAssembly: sums are rounded to float32 at each step, so that its values are the other's. */
export function plainKernel(): Kernel {
  let m = new Float32Array(0);
  const sums = new Float32Array(8);
  return {
    name: "plain",
    memory(floats) {
      if (floats > m.length) {
        const larger = new Float32Array(floats);
        larger.set(m);
        m = larger;
      }
      return m;
    },
    strip(a, aStep, aNext, b, bStep, c, cStride, depth, quads) {
      for (let q = 0; q < quads; q++) {
        for (let r = 0; r < 4; r++) {
          sums.fill(0);
          let atA = (a + q * aNext) / 4 + r;
          let atB = b / 4;
          for (let p = 0; p < depth; p++) {
            const value = m[atA];
            for (let s = 0; s < 8; s++) sums[s] += Math.fround(value * m[atB + s]);
            atA += aStep / 4;
            atB += bStep / 4;
          }
          m.set(sums, (c + (4 * q + r) * cStride) / 4);
        }
      }
    },
    panel(from, fromStride, centre, to, rows) {
      for (let i = 0; i < rows; i++)
        for (let s = 0; s < 8; s++)
          m[to / 4 + 8 * i + s] = m[(from + i * fromStride) / 4 + s] - m[centre / 4 + s];
    },
    atLeast(values, least, quads, to, own) {
      const integers = new Int32Array(m.buffer);
      let last = to;
      for (let q = 0; q < quads; q++) {
        for (let s = 4 * q; s < 4 * q + 4; s++) {
          if (m[values / 4 + s] < Math.fround(Math.fround(own) + m[least / 4 + s])) continue;
          last += 4;
          integers[last / 4] = quads - q;
          break;
        }
      }
      integers[to / 4] = last;
    },
  };
}

const createLoops = wasmLoops({ strip: strip(), panel: panel(), atLeast: atLeast() });

/** Eight vectors of four sums in registers. */
function strip(): WasmFunction {
  const [a, aStep, aNext, b, bStep, c, cStride, depth, quads] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const [atA, atB, left, b0, b1, splat, sums] = [9, 10, 11, 12, 13, 14, 15] as const;
  const { get, set, advance, load, loadSplat, store, loop, again, zeros, float32 } = wasm;
  const rows = [0, 1, 2, 3];
  const addProduct = (sum: number, vector: number): number[] => [
    ...[...get(sum), ...get(splat), ...get(vector)],
    ...[...float32.multiply, ...float32.add, ...set(sum)],
  ];
  const body = [
    ...loop,
    ...[...get(a), ...set(atA), ...get(b), ...set(atB), ...get(depth), ...set(left)],
    ...Array.from({ length: 8 }, (_, i) => [...zeros, ...set(sums + i)]).flat(),
    ...loop,
    ...[...load(atB, 0), ...set(b0), ...load(atB, 16), ...set(b1)],
    ...rows.flatMap((r) => [
      ...[...loadSplat(atA, 4 * r), ...set(splat)],
      ...[...addProduct(sums + 2 * r, b0), ...addProduct(sums + 2 * r + 1, b1)],
    ]),
    ...[...advance(atA, get(aStep)), ...advance(atB, get(bStep)), ...again(left)],
    ...rows.flatMap((r) => [
      ...[...get(c), ...get(sums + 2 * r), ...store(0), ...get(c), ...get(sums + 2 * r + 1), ...store(16)],
      ...advance(c, get(cStride)),
    ]),
    ...[...advance(a, get(aNext)), ...again(quads)],
  ];
  const locals = [
    [3, wasm.i32],
    [11, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(9).fill(wasm.i32), locals, body };
}

function panel(): WasmFunction {
  const [from, fromStride, centre, to, rows, c0, c1] = [0, 1, 2, 3, 4, 5, 6] as const;
  const { get, set, advance, integer, load, store, loop, again, float32 } = wasm;
  const body = [
    ...[...load(centre), ...set(c0), ...load(centre, 16), ...set(c1)],
    ...loop,
    ...[...get(to), ...load(from), ...get(c0), ...float32.subtract, ...store()],
    ...[...get(to), ...load(from, 16), ...get(c1), ...float32.subtract, ...store(16)],
    ...[...advance(from, get(fromStride)), ...advance(to, integer(32)), ...again(rows)],
  ];
  return { parameters: new Array<number>(5).fill(wasm.i32), locals: [[2, wasm.v128]], body };
}

function atLeast(): WasmFunction {
  const [values, least, left, to, own, last, owns] = [0, 1, 2, 3, 4, 5, 6] as const;
  const { get, set, advance, integer, load, loop, again, when, end, float32, bits } = wasm;
  const body = [
    ...[...get(own), ...float32.splat, ...set(owns), ...get(to), ...set(last)],
    ...loop,
    ...[
      ...load(values),
      ...get(owns),
      ...load(least),
      ...float32.add,
      ...float32.greaterOrEqual,
      ...bits.any,
    ],
    ...[...when, ...advance(last, integer(4)), ...get(last), ...get(left), ...wasm.storeInteger, ...end],
    ...[...advance(values, integer(16)), ...advance(least, integer(16)), ...again(left)],
    ...[...get(to), ...get(last), ...wasm.storeInteger],
  ];
  const locals = [
    [1, wasm.i32],
    [1, wasm.v128],
  ] as const;
  return { parameters: [...new Array<number>(4).fill(wasm.i32), wasm.f32], locals, body };
}
