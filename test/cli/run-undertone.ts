/** Runs the real binary in a folder of its own and gives back what a script would see. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { root } from "../corpora.js";

const binary = join(root, "packages/node/bin/undertone.js");

/** What a run of the binary left behind. */
export interface Outcome {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Options of `runUndertone`. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends the signal as soon as this is true; asked every few milliseconds with what stdout has so far. */
  readonly interrupt?: (stdout: string) => boolean;
  /** Default SIGINT, which is Ctrl-C. */
  readonly interruptBy?: "SIGINT" | "SIGKILL";
  /** What the program reads on stdin; default nothing. */
  readonly stdin?: Uint8Array;
  /** A file descriptor for stdout, such as one of /dev/full. */
  readonly stdoutTo?: number;
}

/** Returns a temporary folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "undertone-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `undertone` with the arguments and returns its outcome. */
export function runUndertone(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { cwd, env, interrupt, interruptBy = "SIGINT", stdin, stdoutTo } = options;
  const started = performance.now();
  const child = spawn(process.execPath, [binary, ...args], {
    ...(cwd ? { cwd } : {}),
    env: {
      ...process.env,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      NODE_OPTIONS: undefined,
      VITEST: undefined,
      // On a busy machine any command may take long enough to show it.
      UNDERTONE_PROGRESS: "0",
      ...env,
    },
    stdio: [stdin ? "pipe" : "ignore", stdoutTo ?? "pipe", "pipe"],
  });
  child.stdin?.end(stdin);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  const asking = setInterval(() => {
    if (!interrupt?.(stdout)) return;
    child.kill(interruptBy);
    clearInterval(asking);
  }, 5);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(asking);
      resolve({ code, stdout, stderr, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** Returns the error code that stderr's last sentence ends with, after checking that it is one line `undertone: … (code)`. */
export function errorCode({ stderr }: Outcome): string {
  const lines = stderr.trimEnd().split("\n");
  return (
    /^undertone: [^\n]+ \(([a-z-]+(?:\/[a-z0-9-]+)?)\)$/.exec(lines.at(-1)!)?.[1] ??
    `no error sentence in: ${stderr}`
  );
}
