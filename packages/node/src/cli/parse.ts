/** Turns arguments into positionals and flag values, as a command declares them. */

import { parseArgs } from "node:util";
import { closest, expectedOneOf, listChoices, UndertoneError } from "@undertone/core/errors";

import type { Command, Flag, FlagValues } from "./command.js";
import { globalFlags } from "./global-flags.js";

/** What `parseCommandLine` found. */
export interface ParsedArguments {
  readonly positionals: readonly string[];
  readonly flags: FlagValues;
}

function valueWord(flag: Flag): string {
  return flag.value ?? (flag.type === "number" ? "N" : "VALUE");
}

function parseValue(flag: Flag, text: string): string | number {
  if (flag.type === "number") {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value)) {
      throw new UndertoneError(
        "usage/bad-value",
        `Bad value '${text}' for --${flag.name}, expected a number`,
      );
    }
    return value;
  }
  if (flag.choices && !flag.choices.includes(text)) {
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${text}' for --${flag.name}, ${expectedOneOf(text, flag.choices)}`,
    );
  }
  if (text === "")
    throw new UndertoneError(
      "usage/bad-value",
      `Empty value for --${flag.name}, expected ${valueWord(flag)}`,
    );
  return text;
}

function unknownFlag(command: Command, given: string, flags: readonly Flag[]): UndertoneError {
  const meant = closest(
    given.replace(/^-+/, ""),
    flags.map((flag) => flag.name),
  );
  return new UndertoneError(
    "usage/unknown-flag",
    `Unknown flag '${given}' of '${command.name}', ${meant ? `did you mean --${meant}?` : `expected ${listChoices(flags.map((flag) => `--${flag.name}`))}`}`,
  );
}

/** Whether a word without a flag may be one more value of the `many` flag before it: pairs and choices are known by their looks. */
function continues({ choices, value }: Flag, word: string): boolean {
  return choices ? choices.includes(word) : value?.includes("=") ? word.includes("=") : true;
}

/**
 * Returns positionals and flags of one command, defaults filled in. Several values may follow a `many` flag of a command
 * without positionals of its own: `--data A B` is `--data A --data B`. Positionals that stand for a flag's values become those.
 * @throws UndertoneError `usage/unknown-flag`, `usage/bad-value` or `usage/missing`.
 */
export function parseCommandLine(command: Command, args: readonly string[]): ParsedArguments {
  const flags = [...command.flags, ...globalFlags];
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(
        flags.map((flag) => [flag.name, { type: flag.type === "boolean" ? "boolean" : "string" } as const]),
      ),
      help: { type: "boolean", short: "h" },
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });

  const values: Record<string, string | number | boolean | string[]> = {};
  const positionals: string[] = [];
  let open: Flag | undefined;
  const add = ({ name }: Flag, value: string): void => {
    values[name] ??= [];
    (values[name] as string[]).push(value);
  };
  for (const token of tokens) {
    if (token.kind === "option-terminator") {
      open = undefined;
      continue;
    }
    if (token.kind === "positional") {
      const { positionals: place } = command;
      const standIn = place?.flag === undefined ? undefined : byName.get(place.flag);
      const target = open && (!place || (standIn && continues(open, token.value))) ? open : standIn;
      if (target) add(target, String(parseValue(target, token.value)));
      else positionals.push(token.value);
      continue;
    }
    const flag = byName.get(token.name);
    if (!flag) throw unknownFlag(command, token.rawName, flags);
    open = undefined;
    if (flag.type === "boolean") {
      if (token.value !== undefined) {
        throw new UndertoneError(
          "usage/bad-value",
          `Bad value '${token.value}' for --${flag.name}, which takes none`,
        );
      }
      values[flag.name] = true;
      continue;
    }
    const { value } = token;
    if (value === undefined || (!token.inlineValue && /^-+[a-z]/i.test(value))) {
      throw new UndertoneError(
        "usage/missing",
        `Missing value of --${flag.name}, got ${value === undefined ? "nothing" : `'${value}'`}, expected ${valueWord(flag)}`,
      );
    }
    const parsed = parseValue(flag, value);
    if (flag.many) {
      add(flag, String(parsed));
      open = flag;
    } else if (values[flag.name] !== undefined) {
      throw new UndertoneError("usage/bad-value", `Flag --${flag.name} is given twice, expected once`);
    } else {
      values[flag.name] = parsed;
    }
  }
  for (const flag of flags) {
    if (flag.default !== undefined) values[flag.name] ??= flag.default;
  }
  return { positionals, flags: values };
}

/**
 * Checks how many positionals stand after a command.
 * @throws UndertoneError `usage/missing` or `usage/bad-value`.
 */
export function checkPositionals(command: Command, positionals: readonly string[]): void {
  const { min, max, name, summary } = command.positionals ?? { min: 0, max: 0, name: "", summary: "" };
  if (positionals.length < min) {
    throw new UndertoneError("usage/missing", `Missing ${name} after '${command.name}', expected ${summary}`);
  }
  if (positionals.length > max) {
    throw new UndertoneError(
      "usage/bad-value",
      `Unexpected '${positionals[max]}' after '${command.name}', expected ${max === 0 ? "flags only" : `at most ${max} (${name})`}`,
    );
  }
}
