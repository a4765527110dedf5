/** Runs the program itself for its document, for tests and scripts alike. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../corpora.js";

const program = join(root, "packages/node/bin/undertone.js");

/** Resolves to the document that the program prints. @throws Error with what it said where there is none. */
export function runProgram(args: readonly string[], cwd: string): Promise<unknown> {
  const child = spawn(process.execPath, [program, ...args, "--json", "--quiet"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [printed, said]: [string[], string[]] = [[], []];
  child.stdout.on("data", (chunk) => printed.push(String(chunk)));
  child.stderr.on("data", (chunk) => said.push(String(chunk)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(printed.join("")));
      else reject(new Error(`${args.join(" ")}: exit ${code}: ${said.join("")}`));
    });
  });
}
