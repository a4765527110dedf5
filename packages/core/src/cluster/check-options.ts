/** Options as JavaScript gives them: none unknown, none beyond what it may be. */
import { expectedOneOf, UndertoneError } from "../errors.js";

/** What an option may be, and how that reads after "expected". */
export interface OptionCheck {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/** A check for each option of `Options`, `null` where something else judges it. */
export type OptionChecks<Options> = { readonly [Name in keyof Required<Options>]: OptionCheck | null };

export const fromOne: OptionCheck = {
  expected: "a whole number from 1 on",
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
};

export const positive: OptionCheck = {
  expected: "a number above 0",
  accepts: (value) => Number.isFinite(value) && (value as number) > 0,
};

export const nonNegative: OptionCheck = {
  expected: "a number from 0 on",
  accepts: (value) => Number.isFinite(value) && (value as number) >= 0,
};

/**
 * Returns when `options` holds nothing but what `checks` lists, each as it may be; what is left out is the default.
 * @throws UndertoneError `learn/bad-parameter` with the options that there are.
 */
export function expectOptions<Options extends object>(
  kind: string,
  options: Options,
  checks: OptionChecks<Options>,
): void {
  const known = checks as Readonly<Record<string, OptionCheck | null>>;
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) {
      throw new UndertoneError(
        "learn/bad-parameter",
        `'${kind}' has no option '${name}', ${expectedOneOf(name, Object.keys(known))}`,
      );
    }
    const check = known[name];
    if (check === null || value === undefined || check.accepts(value)) continue;
    throw new UndertoneError(
      "learn/bad-parameter",
      `'${kind}' got ${name} ${value}, expected ${check.expected}`,
    );
  }
}
