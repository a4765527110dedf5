/** Holds the dependency tables of ARCHITECTURE.md: who may import whom, no circles, and what core may not touch. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";
import {
  departures,
  type FolderTable,
  fileCircles,
  imports,
  readTables,
  type Tree,
} from "./architecture-rules.js";
import { root } from "./corpora.js";

const tables = readTables(readFileSync(join(root, "ARCHITECTURE.md"), "utf8"));
const packages = tables.find(({ base }) => base === "")!.mayImport;
const folders = tables.filter(({ base }) => base !== "");

function sources(folder: string): [string, string][] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(root, file).replaceAll(sep, "/"), readFileSync(file, "utf8")]);
}

const tree: Tree = new Map([...packages.keys()].flatMap((folder) => sources(`${folder}/src`)));

describe("architecture", () => {
  it("has a table for every package with folders", () => {
    expect(folders.map(({ base }) => base)).toEqual(["packages/core/src", "packages/node/src"]);
    const nested = [...tree.keys()].filter((file) =>
      /^(packages\/browser|apps\/studio)\/src\/.*\//.test(file),
    );
    expect(nested).toEqual([]);
  });

  it.each(folders)("the folders of $base import only what stands below them", (table) => {
    expect(departures(tree, table)).toEqual([]);
  });

  it("no file is in a circle with others by value, and in core none by types either", () => {
    expect(fileCircles(tree, { types: false })).toEqual([]);
    const core: Tree = new Map([...tree].filter(([file]) => file.startsWith("packages/core/")));
    expect(fileCircles(core, { types: true })).toEqual([]);
  });

  it("packages import only their neighbours below, and core nothing", () => {
    const broken: string[] = [];
    for (const [file, text] of tree) {
      const [folder, allowed] = [...packages].find(([path]) => file.startsWith(`${path}/`))!;
      for (const { specifier } of imports(text)) {
        const target = /^(@undertone\/[a-z]+|undertone)(?:\/|$)/.exec(specifier)?.[1];
        const outside = specifier.startsWith(".")
          ? relative(join(root, folder), join(root, file, "..", specifier)).startsWith("..")
          : folder === "packages/core" || (target !== undefined && !allowed.includes(target));
        if (outside) broken.push(`${file} imports ${specifier}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("core imports files, and leaves its tables of contents to others", () => {
    const broken = [...tree].filter(
      ([file, text]) =>
        /^packages\/core\/src\/.+\//.test(file) &&
        imports(text).some(({ specifier }) =>
          /^packages\/core\/src\/(?:[\w-]+\/)?index\.js$/.test(
            relative(root, join(root, file, "..", specifier)).replaceAll(sep, "/"),
          ),
        ),
    );
    expect(broken.map(([file]) => file)).toEqual([]);
  });

  it("the root of core is a selection of its folders' tables, and package.json exports each", () => {
    const names = (file: string): string[] =>
      [...tree.get(file)!.matchAll(/^export (?:type )?\{([^}]*)\} from "\.\/(?!errors\.js)/gm)].flatMap(
        ([, list]) =>
          list
            .split(",")
            .map((name) => name.replace("type ", "").trim())
            .filter(Boolean),
      );
    const core = folders.find(({ base }) => base === "packages/core/src")!;
    const tablesOfContents = [...core.mayImport.keys()].map((folder) => `${core.base}/${folder}/index.ts`);
    const inFolders = new Set(tablesOfContents.flatMap(names));
    expect(names(`${core.base}/index.ts`).filter((name) => !inFolders.has(name))).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8"));
    const exported = Object.values<string>(manifest.exports).map((path) =>
      path.replace("./", "packages/core/"),
    );
    expect(tablesOfContents.filter((file) => !exported.includes(file))).toEqual([]);
  });

  it("core takes time and chance as arguments", () => {
    const taken = /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/;
    const broken = [...tree].filter(([file, text]) => file.startsWith("packages/core/") && taken.test(text));
    expect(broken.map(([file]) => file)).toEqual([]);
  });

  it("no source file is longer than 800 lines", () => {
    expect([...tree].filter(([, text]) => text.split("\n").length > 800).map(([file]) => file)).toEqual([]);
  });
});

describe("the rules", () => {
  const core = folders.find(({ base }) => base === "packages/core/src")!;
  const planted = (file: string, text: string): Tree => new Map([...tree, [file, text]]);

  it("read the tables as they are written", () => {
    const [table] = readTables(
      "| folder of `a/src` | may import |\n| --- | --- |\n| `x`, `y` | – |\n| `z` | all of the above |\n",
    );
    expect(table).toEqual({
      base: "a/src",
      mayImport: new Map([
        ["x", []],
        ["y", []],
        ["z", ["x", "y"]],
      ]),
    });
  });

  it("find an import that reaches up, by value, by type and when it is asked for late", () => {
    for (const text of [
      'import { crossValidate } from "../evaluate/cross-validate.js";',
      'import type { Protocol } from "../evaluate/cross-validate.js";',
      'export * from "../evaluate/cross-validate.js";',
      'const late = () => import("../evaluate/cross-validate.js");',
    ]) {
      expect(departures(planted("packages/core/src/math/up.ts", text), core)).toEqual([
        "packages/core/src/math/up.ts imports packages/core/src/evaluate/cross-validate.ts",
      ]);
    }
  });

  it("find a folder that the table does not know, an import of the table of contents, and what errors may not", () => {
    const found = (file: string, text: string) =>
      departures(planted(`packages/core/src/${file}`, text), core);
    expect(found("new/a.ts", "")).toEqual(["packages/core/src/new is not in the table"]);
    expect(found("dsp/a.ts", 'import { stft } from "../index.js";')).toEqual([
      "packages/core/src/dsp/a.ts imports packages/core/src/index.ts",
    ]);
    expect(found("errors.ts", 'import { dot } from "./math/dot.js";\nimport "./math/matrix.js";')).toEqual([
      "packages/core/src/errors.ts imports packages/core/src/math/matrix.ts",
    ]);
  });

  it("find a circle in a table", () => {
    const table: FolderTable = {
      base: "a",
      mayImport: new Map([
        ["x", ["y"]],
        ["y", ["z"]],
        ["z", ["x"]],
      ]),
    };
    expect(departures(new Map(), table)).toEqual(["The table of a has a circle: x, y, z"]);
  });

  it("tell circles by value from those by type", () => {
    const circle = (back: string): Tree =>
      new Map([
        ["a.ts", 'import { b } from "./b.js";'],
        ["b.tsx", 'export { c } from "./c.js";'],
        ["c.ts", `${back} "./a.js";`],
      ]);
    expect(fileCircles(circle("import { type A, a } from"), { types: false })).toEqual([
      ["a.ts", "b.tsx", "c.ts"],
    ]);
    expect(fileCircles(circle("import"), { types: false })).toEqual([["a.ts", "b.tsx", "c.ts"]]);
    for (const back of ["import type { A } from", "import { type A, type B } from"]) {
      expect(fileCircles(circle(back), { types: false })).toEqual([]);
      expect(fileCircles(circle(back), { types: true })).toEqual([["a.ts", "b.tsx", "c.ts"]]);
    }
  });
});
