/** A runtime that may not compile WebAssembly takes the plain loops, with the same bits. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { root } from "../corpora.js";

const program = `
  import { realFft } from "./fft.js";
  import { matrix } from "./matrix.js";
  import { rowProducts } from "./row-products.js";
  import { productKernel } from "./product-kernel.js";
  const values = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * i));
  const power = new Float32Array(33);
  realFft(64).powerInto(values, power);
  const { data, at } = rowProducts(matrix(8, 8, values)).tile(0, 8, 0, 8);
  console.log(productKernel.open().name, [...power, ...data.subarray(at, at + 64)].join());
`;

it("computes the same without WebAssembly", async () => {
  const resolveDir = join(root, "packages/core/src/math");
  const stdin = { contents: program, resolveDir, loader: "ts" } as const;
  const { outputFiles } = await build({ stdin, bundle: true, format: "esm", write: false });
  const results = [[], ["--no-expose-wasm"]].map((flags) => {
    const args = [...flags, "--input-type=module", "-"];
    const { stdout, stderr } = spawnSync(process.execPath, args, { input: outputFiles[0].text });
    expect(stderr.toString()).toBe("");
    return stdout.toString().split(" ");
  });
  expect(results.map(([name]) => name)).toEqual(["simd", "plain"]);
  expect(results[0][1]).toBe(results[1][1]);
});
