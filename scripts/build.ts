/** Makes the publishable packages in `out/packages/`: compiled code, types, assets, and manifests that point at them. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../test/corpora.js";

const out = join(root, "out/packages");

/** Package folder -> what it carries beside its compiled code: path in the repository -> path in the package. */
const packages: Record<string, Record<string, string>> = {
  core: {},
  node: {
    models: "models",
    "examples/clips": "examples/clips",
    "apps/studio/dist": "dist/studio",
    data: "data",
    recipes: "recipes",
  },
  browser: { "packages/browser/src/capture-worklet.js": "dist/capture-worklet.js" },
};

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
}

rmSync(out, { recursive: true, force: true });
for (const name of Object.keys(packages))
  rmSync(join(root, "packages", name, "dist"), { recursive: true, force: true });
run("npx", "tsc", "-b", "packages/core", "packages/node", "packages/browser");
run("npx", "vite", "build", "apps/studio");

for (const [name, assets] of Object.entries(packages)) {
  const from = join(root, "packages", name);
  const to = join(out, name);
  mkdirSync(to, { recursive: true });
  cpSync(join(from, "dist"), join(to, "dist"), {
    recursive: true,
    filter: (path) => !path.endsWith(".tsbuildinfo"),
  });
  for (const [source, target] of Object.entries(assets)) {
    if (existsSync(join(root, source))) cpSync(join(root, source), join(to, target), { recursive: true });
  }
  if (name === "node") {
    mkdirSync(join(to, "bin"), { recursive: true });
    cpSync(join(from, "bin/undertone.js"), join(to, "bin/undertone.js"));
  }
  cpSync(join(root, "LICENSE"), join(to, "LICENSE"));
  cpSync(
    existsSync(join(from, "README.md")) ? join(from, "README.md") : join(root, "README.md"),
    join(to, "README.md"),
  );
  const { devDependencies: _, ...manifest } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  for (const [path, source] of Object.entries<string>(manifest.exports)) {
    const compiled = source.replace(/^\.\/src\/(.*)\.ts$/, "./dist/$1");
    if (compiled !== source)
      manifest.exports[path] = { types: `${compiled}.d.ts`, default: `${compiled}.js` };
  }
  writeFileSync(join(to, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
process.stdout.write(`Packages in ${out}\n`);
