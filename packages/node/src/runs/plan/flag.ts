/** Flags of the command line: how one is declared, and how values are read. */
import { UndertoneError } from "@undertone/core/errors";

/** A flag such as `--features ID`; `name` without dashes, in kebab-case. */
export interface Flag {
  readonly name: string;
  readonly type: "string" | "number" | "boolean";
  /** One line for the help: meaning, unit, default. */
  readonly summary: string;
  /** The word for the value in the help, such as `DIR`. */
  readonly value?: string | undefined;
  /** Whether it may be given several times; it then arrives as an array. */
  readonly many?: boolean;
  readonly default?: string | number | boolean;
  /** The allowed values; anything else is `usage/bad-value`. */
  readonly choices?: readonly string[];
}

/**
 * Returns the flag of a usage as the help shows it: `skip-broken` is a switch, `out FILE` takes text, `param NAME=VALUE …` may be given several times.
 * Numbers, choices and defaults are said in `more`.
 */
export function flag(
  usage: string,
  summary: string,
  more: Pick<Partial<Flag>, "type" | "choices" | "default"> = {},
): Flag {
  const [name = "", value, dots] = usage.split(" ");
  const type = value === undefined && !more.choices ? "boolean" : "string";
  return { name, type, summary, ...(value && { value }), ...(dots && { many: true }), ...more };
}

/** Flag values as parsed; a `many` flag is an array, an absent flag undefined. */
export type FlagValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Returns a flag's text, or undefined. */
export function textFlag(flags: FlagValues, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

/** Returns the values of a flag that may be given several times. */
export function listFlag(flags: FlagValues, name: string): readonly string[] {
  const value = flags[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Returns the whole number of a flag, or undefined. @throws UndertoneError `usage/bad-value` below `low` and above `high`. */
export function wholeFlag(
  flags: FlagValues,
  name: string,
  { low, high = Number.POSITIVE_INFINITY }: { readonly low: number; readonly high?: number },
): number | undefined {
  const value = flags[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UndertoneError(
    "usage/bad-value",
    `Bad value '${value}' for --${name}, expected a whole number from ${low}${high < Number.POSITIVE_INFINITY ? ` to ${high}` : ""}`,
  );
}

/** Returns `name=value` pairs as hyper-parameters: numbers and true/false where they look like it. @throws UndertoneError `usage/bad-value`. */
export function parseParameters(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at <= 0 || at === pair.length - 1)
        throw new UndertoneError("usage/bad-value", `Bad value '${pair}' for --param, expected NAME=VALUE`);
      const text = pair.slice(at + 1);
      if (/^[[{]/.test(text)) return [pair.slice(0, at), parseJson(pair, text)];
      const number = Number(text);
      const value =
        text === "true" ? true : text === "false" ? false : Number.isFinite(number) ? number : text;
      return [pair.slice(0, at), value];
    }),
  );
}

function parseJson(pair: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${pair}' for --param, expected JSON after the '='`,
      {
        cause,
      },
    );
  }
}
