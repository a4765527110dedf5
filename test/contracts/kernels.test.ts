/** What every kernel keeps to: SIMD gives the plain loops' bits, and there is no instruction that could be another without being noticed. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../corpora.js";
import { kernels } from "./kernel-list.js";
import { mutantRunner, mutantsOf } from "./kernel-mutants.js";

const source = join(root, "packages/core/src");

it("the list has every kernel, and instructions stand in math/wasm only", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith(join("math", "wasm")),
  );
  const defining = files.filter((file) => / kernel\(/.test(readFileSync(join(source, file), "utf8")));
  expect([...new Set(kernels.map(({ file }) => file))].sort()).toEqual(defining.sort());
  for (const file of files)
    expect(readFileSync(join(source, file), "utf8"), file).not.toMatch(/new WebAssembly\.|\b0xfd\b/);
});

describe.each(kernels.map((entry) => [entry.kernel.name, entry] as const))("%s", (_, entry) => {
  it("is noticed with any instruction broken", () => {
    const { kernel, outputs, equivalent = [] } = entry;
    const { functions, same, notices } = mutantRunner(kernel, outputs);
    expect(same).toBe(true);
    const mutants = functions.flatMap(mutantsOf);
    expect(mutants.length).toBeGreaterThan(10);
    const unnoticed = mutants
      .filter((mutant) => !notices(mutant))
      .map(({ loop, change }) => `${loop} ${change}`);
    expect(unnoticed.filter((name) => !equivalent.some(({ mutants }) => mutants.test(name)))).toEqual([]);
    for (const { mutants, count, reason } of equivalent)
      expect(
        unnoticed.filter((name) => mutants.test(name)),
        reason,
      ).toHaveLength(count);
  });
});
