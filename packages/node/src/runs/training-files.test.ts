/** Where a run writes when nobody says where. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freeName } from "./training-files.js";

it("takes the first name of which no file is there", () => {
  const folder = mkdtempSync(join(tmpdir(), "undertone-names-"));
  try {
    const free = (): string =>
      freeName(join(folder, "explore"), (stem) => [`${stem}.html`, `${stem}.json`]).slice(folder.length + 1);
    const names = ["explore.html", "explore-2.json", "explore-3.html"];
    const found = names.map((name) => {
      const before = free();
      writeFileSync(join(folder, name), "");
      return before;
    });
    expect([...found, free()]).toEqual([
      "explore.html",
      "explore-2.html",
      "explore-3.html",
      "explore-4.html",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
