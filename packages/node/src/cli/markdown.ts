/** Writes the documentation page of the command line from the declarations. */
import type { Flag } from "./command.js";
import { commands } from "./commands/index.js";
import { globalFlags } from "./global-flags.js";
import { flagSummary, flagUsage, usageLine } from "./help.js";

function flagTable(flags: readonly Flag[]): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return [
    "| flag | meaning |",
    "| --- | --- |",
    ...flags.map((flag) => `| \`${cell(flagUsage(flag))}\` | ${cell(flagSummary(flag))} |`),
  ].join("\n");
}

/** Returns docs/cli.md. */
export async function cliMarkdown(): Promise<string> {
  const all = await Promise.all(commands.map(({ load }) => load()));
  const sections = all.map((command) =>
    [
      `## ${command.name}`,
      `${command.summary[0].toUpperCase()}${command.summary.slice(1)}.`,
      `\`\`\`\n${usageLine(command)}\n\`\`\``,
      ...(command.positionals ? [`\`${command.positionals.name}\`: ${command.positionals.summary}.`] : []),
      ...(command.flags.length > 0 ? [flagTable(command.flags)] : []),
      ...(command.examples ? [`\`\`\`sh\n${command.examples.join("\n")}\n\`\`\``] : []),
    ].join("\n\n"),
  );
  return [
    "# Command line",
    "<!-- Made from the declarations in packages/node/src/cli by `npx tsx scripts/make-cli-docs.ts`; a test compares. -->",
    "One binary, `undertone`. Exit codes: 0 success, 1 a failed run, 2 bad usage, 130 Ctrl-C. Bad input is answered with one sentence on stderr, `undertone: what, got, expected (code)`; [errors.md](errors.md) explains the codes. With `--json` stdout holds exactly one JSON document, in case of an error with the key `error: {code, message, details}`: alone where there is no answer, beside the answers where some files failed. Progress is shown on stderr for work longer than two seconds: a bar on a terminal, a line every five seconds elsewhere. Ctrl-C stops at any time (within a second, where the work can be asked to), and nothing half-written remains.",
    "`--data` and other flags that may be given several times also take several values: `--data a b` is `--data a --data b`.",
    "Environment: `UNDERTONE_CACHE` is the folder of the feature cache and of added encoders (default: the system's cache folder), `UNDERTONE_DEBUG=1` adds a stack to error messages, `UNDERTONE_PROGRESS=0` shows no progress, for scripts that read stderr, `UNDERTONE_QUIET=1` is `--quiet`, `NO_COLOR` turns colours off.",
    `## Flags of every command\n\n${flagTable(globalFlags)}`,
    ...sections,
  ]
    .join("\n\n")
    .concat("\n");
}
