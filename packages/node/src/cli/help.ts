/** Writes the help from the declarations. */
import type { Command, Flag } from "./command.js";
import { globalFlags } from "./global-flags.js";

/** Returns `--name VALUE`, with an ellipsis where it may be given several times. */
export function flagUsage(flag: Flag): string {
  if (flag.type === "boolean") return `--${flag.name}`;
  const value = flag.value ?? flag.choices?.join("|") ?? (flag.type === "number" ? "N" : "VALUE");
  return `--${flag.name} ${value}${flag.many ? " …" : ""}`;
}

/** Returns the flag's summary with choices and default. */
export function flagSummary(flag: Flag): string {
  const choices = flag.choices && flag.value ? `: ${flag.choices.join(", ")}` : "";
  const standard = flag.default !== undefined && flag.default !== false ? ` (default ${flag.default})` : "";
  return `${flag.summary}${choices}${standard}`;
}

/** Returns the one-line usage of a command. */
export function usageLine(command: Command): string {
  const { positionals } = command;
  const place = !positionals ? "" : positionals.min === 0 ? ` [${positionals.name}]` : ` ${positionals.name}`;
  return `undertone ${command.name}${place}${command.flags.length > 0 ? " [flags]" : ""}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(30, Math.max(...rows.map(([left]) => left.length)));
  return rows
    .map(([left, right]) =>
      left.length > width
        ? `  ${left}\n  ${" ".repeat(width)}  ${right}`
        : `  ${left.padEnd(width)}  ${right}`,
    )
    .join("\n");
}

/** Returns the help of one command. */
export function commandHelp(command: Command): string {
  const parts = [`${command.summary}\n\nUsage: ${usageLine(command)}`];
  if (command.positionals) parts.push(columns([[command.positionals.name, command.positionals.summary]]));
  if (command.flags.length > 0) {
    parts.push(`Flags:\n${columns(command.flags.map((flag) => [flagUsage(flag), flagSummary(flag)]))}`);
  }
  parts.push(`Always:\n${columns(globalFlags.map((flag) => [flagUsage(flag), flagSummary(flag)]))}`);
  if (command.examples)
    parts.push(`Examples:\n${command.examples.map((example) => `  ${example}`).join("\n")}`);
  return `${parts.join("\n\n")}\n`;
}

/** Returns the help of the program: all commands in a few lines. */
export function programHelp(commands: readonly Command[]): string {
  return [
    "Undertone hears how something was said: speech emotion recognition, from recordings to a portable model.",
    "Usage: undertone COMMAND [ARGUMENTS] [flags]",
    `Commands:\n${columns(commands.map((command) => [command.name, command.summary]))}`,
    `Always:\n${columns(globalFlags.map((flag) => [flagUsage(flag), flagSummary(flag)]))}`,
    "'undertone COMMAND --help' tells the flags of a command. Exit codes: 0 success, 1 a failed run, 2 bad usage, 130 Ctrl-C.",
  ]
    .join("\n\n")
    .concat("\n");
}
