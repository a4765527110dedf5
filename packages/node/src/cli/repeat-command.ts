/** The command line that repeats a run, for reports. */
import type { CommandContext } from "./command.js";

/** Flags that change what is shown and not what is found. */
const shown = new Set(["json", "quiet", "help", "report"]);

/** Returns a command with the flags that were given, quoted for a POSIX shell. */
export function repeatCommand(name: string, { flags }: Pick<CommandContext, "flags">): string {
  const words = Object.entries(flags).flatMap(([flag, value]) => {
    if (shown.has(flag) || value === undefined || value === false) return [];
    if (value === true) return [`--${flag}`];
    return (Array.isArray(value) ? value : [value]).flatMap((one) => [`--${flag}`, quoted(String(one))]);
  });
  return ["undertone", name, ...words].join(" ");
}

/** Returns a word as a POSIX shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
