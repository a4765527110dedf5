#!/usr/bin/env node
/** Starts the command line: the built one in a published package, the TypeScript source in a checkout. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = new URL("../src/cli/main.ts", import.meta.url);
const entry = existsSync(source)
  ? await (await import("./from-source.js")).bundleSource(fileURLToPath(new URL("..", import.meta.url)))
  : new URL("../dist/cli/main.js", import.meta.url).href;

const { main } = await import(entry);
await main(process.argv.slice(2));
