/** The net that every machine has: what today's code says of the shipped clips is what was recorded before. */
import { describe, expect, it } from "vitest";
import { commands } from "../../packages/node/src/cli/commands/index.js";
import { differences, readGolden } from "./golden.js";
import { undocumented } from "./json-documents.js";
import { keyPaths } from "./key-paths.js";
import { partsWhere } from "./parts.js";

describe("the net", () => {
  it.each(partsWhere({}))("%s: as recorded", async (_, part) => {
    expect(differences(await part.compute(), readGolden(part.golden), part.allowed)).toEqual([]);
  });

  it("has the keys of every command's JSON, except where it says why not", () => {
    const recorded = Object.keys(readGolden<object>("golden/json-keys.json")).map(
      (title) => title.split(",")[0],
    );
    expect([...new Set([...recorded, ...Object.keys(undocumented)])].sort()).toEqual(
      commands.map(({ name }) => name).sort(),
    );
  });

  it("knows keys by their path, with the types of all entries", () => {
    const rows = [
      { a: 1, b: [] },
      { a: null, b: [[1, "x"]], c: { d: true } },
    ];
    expect(keyPaths({ rows, none: {} })).toEqual({
      none: "empty object",
      "rows[].a": "null|number",
      "rows[].b": "empty array",
      "rows[].b[][]": "number|string",
      "rows[].c.d": "boolean",
      "rows[].c": "there?",
    });
  });

  it("tells of a number, a word, a missing and a new entry that differ, and of nothing else", () => {
    const golden = { a: [1, 0.25], b: { c: "x", d: null }, e: true };
    expect(differences({ ...golden, a: [1, 0.2500009] }, golden)).toEqual([]);
    expect(differences({ a: [1, 0.250002], b: { c: "y" }, e: true, f: [] }, golden)).toEqual([
      "a.1: expected 0.25, got 0.250002",
      'b.c: expected "x", got "y"',
      "b.d: expected null, got undefined",
      "f: expected undefined, got []",
    ]);
    expect(differences({ ...golden, a: [1] }, golden)).toEqual(["a.1: expected 0.25, got undefined"]);
    expect(differences(100.005, 100, { relative: 1e-4 })).toEqual([]);
    expect(differences(100.02, 100, { relative: 1e-4 })).toEqual(["all: expected 100, got 100.02"]);
    const wide = (path: string) => (path.startsWith("bins.") ? { absolute: 0.1 } : {});
    expect(differences({ bins: [1.05], x: 1.05 }, { bins: [1], x: 1 }, wide)).toEqual([
      "x: expected 1, got 1.05",
    ]);
  });
});
