/** Lagged products: the sums by their definition, and the same bits by both loops. */
import { expect, it } from "vitest";
import { laggedProducts } from "./lagged-products.js";
import { random } from "./random.js";

it("are the inner products with the stretches at each lag, the same by both loops", () => {
  const stream = random(1);
  const loops = [false, true].map((plain) => laggedProducts(21, 60, { plain }));
  expect(loops.map(({ name }) => name)).toEqual(["simd", "plain"]);
  const x = Float64Array.from({ length: 21 }, () => stream.normal());
  const y = Float64Array.from({ length: 60 }, () => stream.normal());
  for (const loop of loops) {
    loop.x.set(x);
    loop.y.set(y);
  }
  for (const [from, to, lag] of [
    [0, 21, 0],
    [3, 20, 12],
    [20, 21, 23],
    [5, 5, 0],
  ] as const) {
    const [simd, plain] = loops.map((loop) => [...loop.run(from, to, lag)]);
    expect(simd).toEqual(plain);
    const wanted = Array.from({ length: 12 }, (_, k) =>
      x.slice(from, to).reduce((sum, value, i) => sum + value * y[from + i + lag + k]!, 0),
    );
    expect(simd).toBeAllClose(wanted, { atol: 1e-12 });
  }
});
