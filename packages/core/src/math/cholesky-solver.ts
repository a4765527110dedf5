/** Solves with one Cholesky factor for many right sides: WebAssembly with SIMD, eight sides at a time, and the same loops in plain code. */
import type { Block } from "./linear-algebra.js";
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

/** A factor L, kept where the loops run, and what solves with it. */
export interface CholeskySolver {
  readonly name: "simd" | "plain";
  /** Takes another factor, whose lower triangle is read. */
  setFactor(factor: Block): void;
  /** Solves L·Lᵀ·x = b for every row b of `b`, in place. */
  solveInto(b: Block): void;
}

/** Right sides that are solved at once, value by value side by side. */
const group = 8;

/** Returns the quickest solver that this runtime has for factors of n × n. */
export function choleskySolver(n: number, { plain = false } = {}): CholeskySolver {
  const inversesAt = n * n;
  const lanesAt = 2 * Math.ceil((inversesAt + n) / 2);
  const end = lanesAt + group * n;
  const loops = plain ? undefined : createLoops();
  const m = loops ? new Float64Array(loops.memory(8 * end), 0, end) : new Float64Array(end);
  const scaleFirst = (): void => {
    for (let r = 0; r < group; r++) m[lanesAt + r] *= m[inversesAt];
  };
  const forward = (): void => {
    scaleFirst();
    if (n === 1) return;
    if (loops) loops.run.forward(8 * lanesAt, 8 * n, 8 * n, 8 * (inversesAt + 1), n - 1);
    else forwardPlain(m, { n, inversesAt, lanesAt });
  };
  const backward = (): void => {
    if (n > 1) {
      if (loops) {
        const last = n - 1;
        loops.run.backward(8 * lanesAt, 8 * n * last, 8 * n, 8 * (inversesAt + last), last);
      } else backwardPlain(m, { n, inversesAt, lanesAt });
    }
    scaleFirst();
  };
  return {
    name: loops ? "simd" : "plain",
    setFactor({ data, offset, stride }) {
      for (let i = 0; i < n; i++) {
        m.set(data.subarray(offset + i * stride, offset + i * stride + i + 1), i * n);
        m[inversesAt + i] = 1 / data[offset + i * stride + i];
      }
    },
    solveInto(b) {
      for (let first = 0; first < b.rows; first += group) {
        const used = Math.min(group, b.rows - first);
        m.fill(0, lanesAt, end);
        for (let r = 0; r < used; r++)
          for (let j = 0, at = b.offset + (first + r) * b.stride; j < n; j++, at++)
            m[lanesAt + group * j + r] = b.data[at];
        forward();
        backward();
        for (let r = 0; r < used; r++)
          for (let j = 0, at = b.offset + (first + r) * b.stride; j < n; j++, at++)
            b.data[at] = m[lanesAt + group * j + r];
      }
    },
  };
}

interface Places {
  readonly n: number;
  readonly inversesAt: number;
  readonly lanesAt: number;
}

function forwardPlain(m: Float64Array, { n, inversesAt, lanesAt }: Places): void {
  for (let i = 1; i < n; i++) {
    for (let r = lanesAt; r < lanesAt + group; r++) {
      let value = m[r + group * i];
      for (let j = 0; j < i; j++) value -= m[i * n + j] * m[r + group * j];
      m[r + group * i] = value * m[inversesAt + i];
    }
  }
}

function backwardPlain(m: Float64Array, { n, inversesAt, lanesAt }: Places): void {
  for (let i = n - 1; i > 0; i--) {
    for (let r = lanesAt; r < lanesAt + group; r++) {
      const value = m[r + group * i] * m[inversesAt + i];
      m[r + group * i] = value;
      for (let j = 0; j < i; j++) m[r + group * j] -= m[i * n + j] * value;
    }
  }
}

/** Places, in bytes: the lanes, a row of the factor and what stands between rows, the inverse of its diagonal; how many rows there are. */
const parameters = new Array<number>(5).fill(wasm.i32);
const lanes = [0, 1, 2, 3];

const createLoops = wasmLoops({ forward: forwardLoop(), backward: backwardLoop() });

/** From the second row on: each sum in a register. */
function forwardLoop(): WasmFunction {
  const [first, row, stride, inverse, count] = [0, 1, 2, 3, 4] as const;
  const [length, own, at, atRow, left, x] = [5, 6, 7, 8, 9, 10] as const;
  const sums = lanes.map((k) => 11 + k);
  const { get, set, advance, integer, load, loadSplat64, store, loop, again, float64 } = wasm;
  const body = [
    ...[...get(first), ...set(own)],
    ...loop,
    ...[...advance(length, integer(1)), ...advance(own, integer(32)), ...advance(own, integer(32))],
    ...sums.flatMap((sum, k) => [...load(own, 16 * k), ...set(sum)]),
    ...[...get(first), ...set(at), ...get(row), ...set(atRow), ...get(length), ...set(left)],
    ...loop,
    ...[...loadSplat64(atRow), ...set(x)],
    ...sums.flatMap((sum, k) => [
      ...[...get(sum), ...get(x), ...load(at, 16 * k), ...float64.multiply, ...float64.subtract, ...set(sum)],
    ]),
    ...[
      ...advance(at, integer(32)),
      ...advance(at, integer(32)),
      ...advance(atRow, integer(8)),
      ...again(left),
    ],
    ...[...loadSplat64(inverse), ...set(x)],
    ...sums.flatMap((sum, k) => [
      ...[...get(own), ...get(sum), ...get(x), ...float64.multiply, ...store(16 * k)],
    ]),
    ...[...advance(row, get(stride)), ...advance(inverse, integer(8)), ...again(count)],
  ];
  const locals = [
    [5, wasm.i32],
    [5, wasm.v128],
  ] as const;
  return { parameters, locals, body };
}

/** From the last row to the second: each value, once it is known, is taken off those before it. */
function backwardLoop(): WasmFunction {
  const [first, row, stride, inverse, count] = [0, 1, 2, 3, 4] as const;
  const [own, at, atRow, left, x, value] = [5, 6, 7, 8, 9, 10] as const;
  const known = lanes.map((k) => 11 + k);
  const { get, set, advance, integer, load, loadSplat64, store, loop, again, float64 } = wasm;
  const subtract = 0x6b;
  const body = [
    // own = first + 64 · count
    ...[...get(first), ...get(count), ...integer(6), ...wasm.shiftLeft, 0x6a, ...set(own)],
    ...loop,
    ...[...loadSplat64(inverse), ...set(x)],
    ...known.flatMap((vector, k) => [
      ...[...load(own, 16 * k), ...get(x), ...float64.multiply, ...set(vector)],
      ...[...get(own), ...get(vector), ...store(16 * k)],
    ]),
    ...[...get(first), ...set(at), ...get(row), ...set(atRow), ...get(count), ...set(left)],
    ...loop,
    ...[...loadSplat64(atRow), ...set(x)],
    ...known.flatMap((vector, k) => [
      ...[...load(at, 16 * k), ...get(x), ...get(vector), ...float64.multiply, ...float64.subtract],
      ...[...set(value), ...get(at), ...get(value), ...store(16 * k)],
    ]),
    ...[
      ...advance(at, integer(32)),
      ...advance(at, integer(32)),
      ...advance(atRow, integer(8)),
      ...again(left),
    ],
    ...[...get(own), ...integer(32), subtract, ...integer(32), subtract, ...set(own)],
    ...[...get(row), ...get(stride), subtract, ...set(row)],
    ...[...get(inverse), ...integer(8), subtract, ...set(inverse), ...again(count)],
  ];
  const locals = [
    [4, wasm.i32],
    [6, wasm.v128],
  ] as const;
  return { parameters, locals, body };
}
