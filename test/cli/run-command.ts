/** Runs a command inside this process: what it prints and gives, without the start of a program; for tests that ask much of one command. */
import type { Command } from "../../packages/node/src/cli/command.js";
import { checkPositionals, parseCommandLine } from "../../packages/node/src/cli/parse.js";

/** What a command printed and warned of, and its JSON document. */
export interface Ran {
  readonly text: string;
  readonly warnings: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: documents of any command
  readonly document: any;
}

/** Options of `runCommand`. */
export interface RunCommandOptions {
  /** Whether the command believes that `--json` was given; default false. */
  readonly json?: boolean;
}

/** Resolves to what the command says to these arguments; rejects with what it throws. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  { json = false }: RunCommandOptions = {},
): Promise<Ran> {
  const { positionals, flags } = parseCommandLine(command, args);
  checkPositionals(command, positionals);
  const printed: string[] = [];
  const warnings: string[] = [];
  let document: unknown;
  await command.run({
    positionals,
    flags,
    json,
    signal: new AbortController().signal,
    print: (text) => void printed.push(text),
    printJson(given) {
      document = JSON.parse(JSON.stringify(given));
    },
    warn: (text) => void warnings.push(text),
    progress: () => ({ update: () => undefined, end: () => undefined }),
  });
  return { text: printed.join("\n"), warnings, document };
}
