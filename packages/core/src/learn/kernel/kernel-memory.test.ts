/** Rows of kernels against the plain formula, from one pair of stretches to the next. */
import { describe, expect, it } from "vitest";
import { matrix } from "../../math/matrix.js";
import { random } from "../../math/random.js";
import { dualKernel } from "./dual-loops.js";
import { kernelMemory } from "./kernel-memory.js";

const stream = random(6);
const x = matrix(
  150,
  9,
  Float32Array.from({ length: 150 * 9 }, () => stream.normal()),
);
const stretches = [
  { from: 0, to: 71 },
  { from: 71, to: 80 },
  { from: 80, to: 150 },
];

function exact(i: number, j: number, gamma: number | "linear"): number {
  let [distance, product] = [0, 0];
  for (let p = 0; p < 9; p++) {
    const [a, b] = [x.data[i * 9 + p], x.data[j * 9 + p]];
    distance += (a - b) ** 2;
    product += a * b;
  }
  return gamma === "linear" ? product : Math.exp(-gamma * distance);
}

it("this runtime has SIMD", () => expect(dualKernel.open().name).toBe("simd"));

describe.each([dualKernel.open, dualKernel.openPlain])("kernelMemory by %o", (create) => {
  it.each([
    [0.1, 2 ** 20],
    [0.1, 4 * 160 * 3],
    [20, 2 ** 20],
    ["linear", 2 ** 20],
    ["linear", 4 * 160 * 3],
  ] as const)("has the kernel of γ %s in %i bytes", (gamma, maxBytes) => {
    const of = kernelMemory(x, { gamma, maxBytes, largest: 141, free: 100, loops: create() });
    for (const pair of [[0, 1], [0, 2], [1, 2], [0, 1], [2]]) {
      const both = pair.map((k) => stretches[k]);
      const points = both.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
      const { size, diagonal, loops, row, free } = of(both);
      expect(size).toBe(points.length);
      for (const i of [0, size - 1, 3, 3, 70, 2, 3]) {
        if (i >= size) continue;
        const at = row(i);
        expect(at).toBeGreaterThanOrEqual(free);
        const values = new Float32Array(loops.memory(0), at, size);
        expect(values).toBeAllClose(
          points.map((j) => exact(points[i], j, gamma)),
          { atol: gamma === "linear" ? 1e-5 : 2e-6 },
        );
        expect(diagonal[i]).toBeCloseTo(values[i], 4);
      }
    }
  });
});

it("has the exponential over all of float32's range", () => {
  const loops = dualKernel.open();
  const memory = new Float32Array(loops.memory(4 * 2048));
  const distances = Float32Array.from({ length: 1000 }, (_, t) => t * 0.09);
  memory.set(distances, 0);
  // The others' squares are the distances themselves, and no products.
  memory.fill(0, 1024, 2024);
  loops.run.radial(4 * 1024, 0, 250, 0, -Math.LOG2E);
  expect(memory.slice(1024, 2024)).toBeAllClose(
    Array.from(distances, (value) => Math.exp(-value)),
    { rtol: 1e-5, atol: 1e-37 },
  );
});
