/** Holds the dependency table of ARCHITECTURE.md: who may import whom, and what core may not touch. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./corpora.js";

/** Folder of core -> folders of core that it may import; `errors.ts` is below all. */
const coreMayImport: Record<string, readonly string[]> = {
  math: [],
  threads: [],
  audio: ["math"],
  cluster: ["math"],
  dsp: ["math"],
  data: ["math"],
  features: ["math", "audio", "dsp", "data", "onnx", "condition"],
  onnx: ["math"],
  condition: ["math", "audio", "dsp", "onnx"],
  learn: ["math", "data", "onnx", "cluster"],
  evaluate: ["math", "data", "onnx", "learn"],
  artifact: ["math", "audio", "data", "features", "onnx", "learn", "evaluate"],
};

/** Package -> workspace packages that it may import. */
const packageMayImport: Record<string, readonly string[]> = {
  "packages/core": [],
  "packages/node": ["@undertone/core"],
  "packages/browser": ["@undertone/core"],
  "apps/studio": ["@undertone/browser", "@undertone/core"],
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\.test\.tsx?$/.test(file) && !file.includes(`${sep}dist${sep}`));
}

function imports(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1]);
}

describe("architecture", () => {
  it("core folders import only what stands below them", () => {
    const broken: string[] = [];
    const base = join(root, "packages/core/src");
    for (const file of sources("packages/core/src")) {
      const [folder, ...rest] = relative(base, file).split(sep);
      if (rest.length === 0) continue;
      expect(Object.keys(coreMayImport), `core folder of ${file}`).toContain(folder);
      for (const specifier of imports(file)) {
        if (!specifier.startsWith(".")) {
          broken.push(`${relative(root, file)} imports ${specifier}: core has no dependencies`);
          continue;
        }
        const [target, ...deeper] = relative(base, join(file, "..", specifier)).split(sep);
        if (deeper.length === 0) {
          if (target !== "errors.js") broken.push(`${relative(root, file)} imports ${specifier}`);
        } else if (target !== folder && !coreMayImport[folder!].includes(target!)) {
          broken.push(`${relative(root, file)} imports ${specifier}: ${folder} may not import ${target}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it("the table itself has no cycle", () => {
    const seen = new Map<string, "open" | "done">();
    const visit = (folder: string): void => {
      expect(seen.get(folder), `cycle through ${folder}`).not.toBe("open");
      if (seen.has(folder)) return;
      seen.set(folder, "open");
      for (const next of coreMayImport[folder]) visit(next);
      seen.set(folder, "done");
    };
    for (const folder of Object.keys(coreMayImport)) visit(folder);
  });

  it("packages import only their neighbours below", () => {
    const broken: string[] = [];
    for (const [folder, allowed] of Object.entries(packageMayImport)) {
      for (const file of sources(`${folder}/src`)) {
        for (const specifier of imports(file)) {
          const target = /^(@undertone\/[a-z]+|undertone)(?:\/|$)/.exec(specifier)?.[1];
          if (target && !allowed.includes(target)) broken.push(`${relative(root, file)} imports ${target}`);
          if (specifier.startsWith(".") && !join(file, "..", specifier).startsWith(join(root, folder))) {
            broken.push(`${relative(root, file)} reaches out of its package: ${specifier}`);
          }
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it("core takes time and chance as arguments", () => {
    const broken = sources("packages/core/src").filter((file) =>
      /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/.test(readFileSync(file, "utf8")),
    );
    expect(broken).toEqual([]);
  });

  it("no source file is longer than 800 lines", () => {
    const long = Object.keys(packageMayImport)
      .flatMap((folder) => sources(`${folder}/src`))
      .filter((file) => readFileSync(file, "utf8").split("\n").length > 800)
      .map((file) => relative(root, file));
    expect(long).toEqual([]);
  });
});
