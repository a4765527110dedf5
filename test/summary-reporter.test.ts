/** A run in which something fails outside of a test does not end in "0 failed". */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./corpora.js";

it("counts hooks and files that fail, and tells tests that were not run from skipped ones", async () => {
  const folder = mkdtempSync(join(root, "node_modules/.summary-"));
  try {
    writeFileSync(
      join(folder, "hook.test.js"),
      `import { beforeAll, describe, expect, it } from "vitest";
      it("is fine", () => expect(1).toBe(1));
      it.skip("waits for corpora", () => {});
      describe("a suite", () => {
        beforeAll(() => { throw new Error("no data"); });
        it("never runs", () => {});
      });`,
    );
    writeFileSync(join(folder, "file.test.js"), `import "./nothing.js";`);
    writeFileSync(join(folder, "vitest.config.js"), `export default { test: { include: ["*.test.js"] } };`);
    const { code, stdout } = await run(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /Not run \(1\), because what goes before them failed:\n {2}hook\.test\.js > a suite > never runs\n/,
    );
    expect(stdout).toMatch(
      /Skipped \(1\), for want of what the name says:\n {2}hook\.test\.js > waits for corpora\n/,
    );
    expect(stdout).toMatch(/\n1 passed, 2 failed, 2 skipped\n/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function run(folder: string): Promise<{ code: unknown; stdout: string }> {
  const args = [
    join(root, "node_modules/vitest/vitest.mjs"),
    ...["run", "--root", folder, "--reporter", join(root, "test/summary-reporter.ts")],
  ];
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, VITEST: undefined };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, stdout) => resolve({ code: error?.code ?? 0, stdout }));
  });
}
