/**
 * Means of the least and of the greatest values of stretches of rows: WebAssembly with SIMD, and the same in plain code. Four sorted lists stand beside each
 * other, and a value goes through its list by minima and maxima, so that nothing depends on how values are ordered.
 */
import { type WasmFunction, type WasmLoops, wasm, wasmLoops } from "./wasm-module.js";

/** Values `from` ≤ i < `to` of each row, of which the `count` least and greatest are wanted; 1 ≤ count ≤ to − from. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Where the means go, rows × stretches. */
export interface ExtremeMeans {
  readonly least: Float32Array;
  readonly greatest: Float32Array;
}

/** Rows that are copied at once: few enough to stay near the processor. */
const rowsAtOnce = 32;
/** Beyond this the lists' code would be long, and sorting quicker. */
const mostCount = 32;

/** Returns, for each row of `data` and each stretch, the mean of its `count` least values and that of its `count` greatest, summed in float64. */
export function extremeMeans(
  data: Float32Array,
  { cols, stretches, plain = false }: { cols: number; stretches: readonly Stretch[]; plain?: boolean },
): ExtremeMeans {
  const rows = data.length / cols;
  const least = new Float32Array(rows * stretches.length);
  const greatest = new Float32Array(rows * stretches.length);
  const loops = plain ? undefined : loopsFor(stretches.map(({ count }) => count));
  if (!loops) {
    for (let t = 0, at = 0; t < rows; t++) {
      for (const { from, to, count } of stretches) {
        const sorted = data.slice(t * cols + from, t * cols + to).sort();
        least[at] = meanOf(sorted.subarray(0, count));
        greatest[at++] = meanOf(sorted.subarray(sorted.length - count).reverse());
      }
    }
    return { least, greatest };
  }
  const outAt = rowsAtOnce * cols + 4;
  const memory = new Float32Array(loops.memory(4 * (outAt + 2 * rowsAtOnce)));
  for (let first = 0; first < rows; first += rowsAtOnce) {
    const chunk = Math.min(rowsAtOnce, rows - first);
    memory.set(data.subarray(first * cols, (first + chunk) * cols));
    stretches.forEach(({ from, to, count }, s) => {
      const fours = Math.ceil((to - from) / 4) - 1;
      loops.run[`means${count}`](4 * from, 4 * cols, to - from - 4 * fours, fours, 4 * outAt, chunk);
      for (let t = 0; t < chunk; t++) {
        const to = (first + t) * stretches.length + s;
        least[to] = memory[outAt + 2 * t];
        greatest[to] = memory[outAt + 2 * t + 1];
      }
    });
  }
  return { least, greatest };
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < values.length; j++) sum += values[j];
  return sum / values.length;
}

/** Instances by the counts that they have a loop for; they hold nothing from call to call. */
const instances = new Map<string, WasmLoops<string> | undefined>();
const maxInstances = 8;

function loopsFor(counts: readonly number[]): WasmLoops<string> | undefined {
  const needed = [...new Set(counts)].sort((a, b) => a - b);
  if (needed.length === 0 || needed.at(-1)! > mostCount) return undefined;
  const key = needed.join();
  if (!instances.has(key)) {
    if (instances.size >= maxInstances) instances.delete(instances.keys().next().value!);
    instances.set(
      key,
      wasmLoops(Object.fromEntries(needed.map((count) => [`means${count}`, meansLoop(count)])))(),
    );
  }
  return instances.get(key);
}

/** The loop for one count: of each row the first 1 to 4 values, which are told by `rest`, and `fours` vectors after them. */
function meansLoop(count: number): WasmFunction {
  const [row, stride, rest, fours, out, rows, at, left] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const [value, next, mask] = [8, 9, 10] as const;
  const lists = Array.from({ length: count }, (_, j) => 11 + j);
  const turned = lists.map((list) => list + count);
  const { get, set, advance, integer, load, loop, again, float32, float32s, select } = wasm;
  /** Takes the value in `value` through the list from place `first` on. */
  const insert = (taken: readonly number[], kept: readonly number[], first = 0): number[] =>
    lists
      .slice(first)
      .flatMap((list) => [
        ...[...get(list), ...get(value), ...kept, ...set(next)],
        ...[...get(list), ...get(value), ...taken, ...set(value)],
        ...[...get(next), ...set(list)],
      ]);
  const half = (kind: "least" | "greatest"): number[] => {
    const greatest = kind === "greatest";
    const kept = greatest ? float32.larger : float32.smaller;
    const taken = greatest ? float32.smaller : float32.larger;
    const nothing = float32s(greatest ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    /** Lane by lane, what stands `lanes` further; a value of rank j finds its place from j on. */
    const merge = (lanes: number): number[] => [
      ...lists.flatMap((list, j) => [...[...get(list), ...get(list), ...rotate(lanes), ...set(turned[j])]]),
      ...turned.flatMap((list, j) => [...get(list), ...set(value), ...insert(taken, kept, j)]),
    ];
    return [
      ...lists.flatMap((list) => [...nothing, ...set(list)]),
      ...[...load(row), ...nothing, ...get(mask), ...select, ...set(value), ...insert(taken, kept)],
      ...[...get(row), ...get(rest), ...integer(2), 0x74, 0x6a, ...set(at), ...get(fours), ...set(left)],
      ...[...get(fours), 0x04, 0x40],
      ...[...loop, ...load(at), ...set(value), ...insert(taken, kept)],
      ...[...advance(at, integer(16)), ...again(left), 0x0b],
      ...[...merge(2), ...merge(1)],
      // The mean of the first lane's list, in float64 and by rank.
      ...get(out),
      ...lists.flatMap((list, j) => [...get(list), 0xfd, 0x1f, 0, 0xbb, ...(j > 0 ? [0xa0] : [])]),
      ...[0x44, ...new Uint8Array(Float64Array.of(count).buffer), 0xa3, 0xb6],
      ...[0x38, 2, greatest ? 4 : 0],
    ];
  };
  const lanes = [0xfd, 0x0c, ...new Uint8Array(Int32Array.of(0, 1, 2, 3).buffer)];
  const body = [
    ...[...get(rest), 0xfd, 0x11, ...lanes, 0xfd, 0x3b, ...set(mask)],
    ...[...loop, ...half("least"), ...half("greatest")],
    ...[...advance(row, get(stride)), ...advance(out, integer(8)), ...again(rows)],
  ];
  const locals = [
    [2, wasm.i32],
    [3 + 2 * count, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(6).fill(wasm.i32), locals, body };
}

/** Shuffles one vector, given twice, so that each lane has what stands `lanes` further. */
function rotate(lanes: number): number[] {
  return [0xfd, 0x0d, ...Array.from({ length: 16 }, (_, byte) => (byte + 4 * lanes) % 16)];
}
