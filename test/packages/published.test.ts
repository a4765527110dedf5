/** What a stranger gets: the packages are built, packed, installed in an empty folder, and the README's examples run there as they are printed. */
import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../browser/chromium.js";
import { root } from "../corpora.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const clips = join(root, "examples/clips");
const angry = readdirSync(clips).find((name) => name.startsWith("03-01-05"))!;
const app = mkdtempSync(join(tmpdir(), "undertone-app-"));

/** Runs npm or node in the folder and resolves to its standard output. */
async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: "", VITEST: "", NO_COLOR: "1" };
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 1 << 26 });
  return stdout;
}

/** Returns the README's example below a heading such as `**Node**`. */
function example(heading: string): string {
  const found = new RegExp(`\\*\\*${heading}\\*\\*\\s+\`\`\`js\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (found === undefined) throw new Error(`The README has no example below '${heading}'.`);
  return found;
}

/** Packs the built packages and installs them; scripts are off, since onnxruntime-node's would download what nothing here needs. */
beforeAll(async () => {
  await run(root, "npm", "run", "build");
  const packed = await Promise.all(
    ["core", "node", "browser"].map((name) =>
      run(app, "npm", "pack", "--silent", join(root, "out/packages", name)),
    ),
  );
  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  await run(
    app,
    "npm",
    "install",
    "--ignore-scripts",
    "--prefer-offline",
    ...packed.map((name) => `./${name.trim()}`),
  );
  copyFileSync(join(clips, angry), join(app, "clip.wav")); // files are known by content
  copyFileSync(join(root, "models/ravdess-best.onnx"), join(app, "mine.onnx"));
});

afterAll(() => rmSync(app, { recursive: true, force: true }));

describe("the packages in an empty folder", () => {
  it("bring a command that hears a clip with the model that ships", async () => {
    const printed = await run(app, "npx", "undertone", "predict", "clip.wav", "--json");
    expect(JSON.parse(printed).predictions[0]).toMatchObject({
      label: expect.stringMatching(/^ang(ry|er)$/), // each model that ships has its own words
    });
  });

  it("run the README's example for Node", async () => {
    writeFileSync(join(app, "node-example.js"), example("Node"));
    expect(await run(app, "node", "node-example.js")).toMatch(/label: 'angry'/);
  });

  it("open every table of contents of core", async () => {
    const manifest = JSON.parse(readFileSync(join(app, "node_modules/@undertone/core/package.json"), "utf8"));
    const paths = Object.keys(manifest.exports).filter((path) => !path.endsWith(".json"));
    expect(paths.length).toBeGreaterThan(10);
    const lines = paths.map((path) => `import "@undertone/core${path.slice(1)}";\n`);
    writeFileSync(join(app, "tables.js"), lines.join(""));
    expect(await run(app, "node", "tables.js")).toBe("");
  });

  it("declare types that a strict project accepts", async () => {
    writeFileSync(join(app, "typed.ts"), example("Node"));
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2023", "--types", "node"];
    const types = ["--typeRoots", join(root, "node_modules/@types")];
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    expect(await run(app, "node", tsc, ...options, ...types, "typed.ts")).toBe("");
  });

  it.skipIf(!chromiumPath)(
    "run the README's example for a page, bundled by Vite without a plugin",
    async () => {
      const page = join(app, "page");
      mkdirSync(page);
      writeFileSync(join(page, "index.html"), `<script type="module" src="./main.js"></script>`);
      const [imports, ...rest] = example("Browser").split("\n");
      writeFileSync(
        join(page, "main.js"),
        `${imports}\nglobalThis.hear = async (file) => {\n${rest.join("\n")}\n};\n`,
      );
      const outDir = join(app, "dist");
      const shared = { root: page, configFile: false, logLevel: "error" } as const;
      await build({ ...shared, build: { outDir, target: "es2022" }, worker: { format: "es" } });
      copyFileSync(join(root, "models/ravdess.onnx"), join(outDir, "model")); // needs no network file
      copyFileSync(join(app, "clip.wav"), join(outDir, "clip"));
      const server = await preview({
        ...shared,
        build: { outDir },
        preview: { host: "127.0.0.1", port: 0 },
      });
      const browser = await launchChromium();
      try {
        const visit = await browser.newPage();
        await visit.goto(server.resolvedUrls!.local[0]);
        await visit.waitForFunction(() => "hear" in globalThis);
        const heard = visit.waitForEvent("console", { timeout: 600_000 });
        await visit.evaluate(async () => {
          const file = await (await fetch("/clip")).blob();
          await (globalThis as unknown as { hear(file: Blob): Promise<void> }).hear(file);
        });
        const [timeline] = await Promise.all((await heard).args().map((value) => value.jsonValue()));
        expect(timeline).not.toHaveLength(0);
        for (const { end, start } of timeline) expect(end).toBeGreaterThan(start);
      } finally {
        await browser.close();
        await server.close();
      }
    },
  );
});
