/**
 * Means of the least and of the greatest values of stretches of rows: WebAssembly with SIMD, and the same in plain code. Four sorted lists stand beside each
 * other, and a value goes through its list by minima and maxima, so that nothing depends on how values are ordered.
 */
import {
  advance,
  type Code,
  f32,
  f32x4,
  f64,
  i32,
  i32x4,
  repeat,
  set,
  v128,
  when,
} from "./wasm/expressions.js";
import { type Kernel, type KernelInstance, kernel, loop, named, several } from "./wasm/kernel.js";

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
  {
    cols,
    stretches,
    loops = loopsFor(stretches.map(({ count }) => count)),
  }: { cols: number; stretches: readonly Stretch[]; loops?: KernelInstance },
): ExtremeMeans {
  const rows = data.length / cols;
  const least = new Float32Array(rows * stretches.length);
  const greatest = new Float32Array(rows * stretches.length);
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

/** Instances by the counts that they have a loop for; they hold nothing from call to call. */
const instances = new Map<string, KernelInstance>();
const maxInstances = 8;

function loopsFor(counts: readonly number[]): KernelInstance {
  const needed = [...new Set(counts)].sort((a, b) => a - b);
  const key = needed.join();
  const known = instances.get(key);
  if (known) return known;
  if (instances.size >= maxInstances) instances.delete(instances.keys().next().value!);
  const kernel = extremesKernel(needed);
  const made = Math.max(...needed) > mostCount ? kernel.openPlain() : kernel.open();
  instances.set(key, made);
  return made;
}

/** Returns the kernel with a loop `means${count}` for each count. */
export function extremesKernel(counts: readonly number[]): Kernel {
  return kernel(
    `extreme means of ${counts.join()}`,
    Object.fromEntries(counts.map((count) => [`means${count}`, meansLoop(count)])),
  );
}

/** The loop for one count: of each row the first 1 to 4 values, which are told by `rest`, and `fours` vectors after them. */
function meansLoop(count: number) {
  return loop({
    parameters: named("i32", "row", "stride", "rest", "fours", "out", "rows"),
    locals: {
      ...named("i32", "at", "left"),
      ...named("v128", "value", "next", "mask"),
      lists: several("v128", count),
      turned: several("v128", count),
    },
    body: ({ row, stride, rest, fours, out, rows, at, left, value, next, mask, lists, turned }) => {
      const half = (kind: "least" | "greatest"): Code => {
        const [kept, taken] = kind === "greatest" ? [f32x4.pmax, f32x4.pmin] : [f32x4.pmin, f32x4.pmax];
        const nothing = f32x4.of(kind === "greatest" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
        /** Takes the value in `value` through the list from place `first` on; what the last place gives up is nobody's. */
        const insert = (first = 0): Code => [
          lists
            .slice(first, -1)
            .map((list) => [set(next, kept(list, value)), set(value, taken(list, value)), set(list, next)]),
          set(lists[count - 1], kept(lists[count - 1], value)),
        ];
        /** Lane by lane, what stands `lanes` further; a value of rank j finds its place from j on. */
        const merge = (lanes: number): Code => {
          const order = [0, 1, 2, 3].map((lane) => lane + lanes);
          return [
            lists.map((list, j) => set(turned[j], f32x4.shuffle(list, list, order))),
            turned.map((list, j) => [set(value, list), insert(j)]),
          ];
        };
        // The mean of the first lane's list, in float64 and by rank.
        const ranks = lists.map((list) => f64.promote(f32x4.extractLane(list, 0)));
        const sum = ranks.reduce((sum, rank) => f64.add(sum, rank));
        return [
          set(lists[0], v128.bitselect(v128.load(row), nothing, mask)),
          lists.slice(1).map((list) => set(list, nothing)),
          [set(at, i32.add(row, i32.shl(rest, 2))), set(left, fours)],
          when(fours, repeat(left, [set(value, v128.load(at)), insert(), advance(at, 16)])),
          [merge(2), merge(1)],
          f32.store(out, f32.demote(f64.div(sum, count)), kind === "greatest" ? 4 : 0),
        ];
      };
      return [
        set(mask, i32x4.gtS(i32x4.splat(rest), i32x4.of(0, 1, 2, 3))),
        repeat(rows, [half("least"), half("greatest"), advance(row, stride), advance(out, 8)]),
      ];
    },
    plain({ f32 }, row, stride, rest, fours, out, rows) {
      for (let t = 0, to = out / 4; t < rows; t++, to += 2) {
        const from = (row + t * stride) / 4;
        const sorted = f32.slice(from, from + rest + 4 * fours).sort();
        f32[to] = meanOf(sorted.subarray(0, count));
        f32[to + 1] = meanOf(sorted.subarray(sorted.length - count).reverse());
      }
    },
  });
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < values.length; j++) sum += values[j];
  return sum / values.length;
}
