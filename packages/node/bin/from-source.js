/** Runs a checkout without a build step: bundles the TypeScript source with esbuild (about 0.1 s) whenever a source file has changed. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const staleMilliseconds = 7 * 24 * 3600 * 1000;

/**
 * Returns a hash of the names, sizes and times of the source files: the same hash means nothing to bundle.
 * @param {readonly string[]} folders
 */
function sourceState(folders) {
  const hash = createHash("sha256");
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  add(fileURLToPath(import.meta.url));
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
        add(join(entry.parentPath, entry.name));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Makes imports from core's tables of contents imports from the files that they name: where esbuild splits a bundle, every part that takes one line of
 * a table loads all that any part takes from it, 1 MB in each thread.
 * @param {string} core the folder of core's sources
 * @returns {import("esbuild").Plugin}
 */
function withoutTables(core) {
  const tables = new Map();
  const placesIn = (folder) => {
    if (!tables.has(folder)) {
      const path = join(core, folder, "index.ts");
      const lines = existsSync(path)
        ? readFileSync(path, "utf8").matchAll(/^export \{([^}]*)\} from "([^"]*)";/gm)
        : [];
      const places = [...lines].flatMap(([, names, file]) =>
        names.split(",").map((name) => [name.trim(), join(path, "..", file)]),
      );
      tables.set(folder, new Map(places));
    }
    return tables.get(folder);
  };
  const direct = (statement, names, folder = "") => {
    const values = names.split(",").map((name) => name.trim());
    const taken = values.filter((name) => name !== "" && !name.startsWith("type "));
    const lines = taken.map((name) => {
      const file = placesIn(folder).get(name.split(" as ")[0]);
      return file && `import { ${name} } from ${JSON.stringify(file)};`;
    });
    // Lines of the source keep their numbers.
    return lines.includes(undefined) ? statement : lines.join("") + statement.replace(/[^\n]/g, "");
  };
  return {
    name: "without-tables",
    setup(build) {
      build.onLoad({ filter: /[\\/]node[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
        loader: "ts",
        contents: readFileSync(path, "utf8").replace(
          /^import \{([^}]*)\} from "@undertone\/core(?:\/([\w-]+))?";/gm,
          direct,
        ),
      }));
    },
  };
}

/**
 * Returns the URL of the bundled command line. Bundles are content-addressed below `.dev/`, so that processes that start
 * together never read each other's half-written files; those of another week are removed.
 * @param {string} folder the package's folder
 */
export async function bundleSource(folder) {
  const source = join(folder, "src");
  const core = join(folder, "../core/src");
  const out = join(folder, ".dev");
  const note = join(out, `state-${sourceState([source, core])}`); // taken before the sources are read
  if (existsSync(note)) {
    const main = join(out, readFileSync(note, "utf8"), "main.js");
    if (existsSync(main)) return pathToFileURL(main).href;
  }
  const { build } = await import("esbuild");
  const workers = readdirSync(join(source, "workers")).filter((name) => name.endsWith("-worker.ts"));
  const { outputFiles } = await build({
    entryPoints: [join(source, "cli/main.ts"), ...workers.map((name) => join(source, "workers", name))],
    entryNames: "[name]",
    outdir: out,
    bundle: true,
    splitting: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    alias: { "@undertone/core": core },
    plugins: [withoutTables(core)],
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "error",
  });
  const hash = createHash("sha256");
  for (const file of outputFiles) hash.update(file.path).update(file.contents);
  const name = hash.digest("hex").slice(0, 16);
  const bundle = join(out, name);
  if (!existsSync(bundle)) {
    const draft = `${bundle}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    for (const file of outputFiles) writeFileSync(join(draft, basename(file.path)), file.contents);
    try {
      renameSync(draft, bundle);
    } catch {
      rmSync(draft, { recursive: true, force: true }); // another process was first with the same content
    }
    for (const old of readdirSync(out)) {
      const path = join(out, old);
      const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
      if (Date.now() - mtimeMs > staleMilliseconds) rmSync(path, { recursive: true, force: true });
    }
  }
  writeFileSync(`${note}.${process.pid}`, name);
  renameSync(`${note}.${process.pid}`, note);
  return pathToFileURL(join(bundle, "main.js")).href;
}
