/** Hyper-parameters: their defaults, what they accept, and the error for what they do not. */
import { closest, listChoices, UndertoneError } from "../errors.js";

/** What one hyper-parameter is. */
export interface ParameterSpec<T> {
  readonly default: T;
  /** What it accepts, to follow "expected", such as `a positive number`. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

export type ParameterSpecs = Readonly<Record<string, ParameterSpec<unknown>>>;

/** The values of a set of hyper-parameters. */
export type ParameterValues<Specs extends ParameterSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends ParameterSpec<infer T> ? T : never;
};

/** Returns the spec of a positive finite number. */
export function positive(value: number): ParameterSpec<number> {
  return {
    default: value,
    expected: "a positive number",
    accepts: (v) => typeof v === "number" && v > 0 && v < Number.POSITIVE_INFINITY,
  };
}

/** Returns the spec of a finite number from 0 on. */
export function nonNegative(value: number): ParameterSpec<number> {
  return {
    default: value,
    expected: "a number from 0 on",
    accepts: (v) => typeof v === "number" && v >= 0 && v < Number.POSITIVE_INFINITY,
  };
}

/** Returns the spec of a number from 0 to 1. */
export function share(value: number): ParameterSpec<number> {
  return {
    default: value,
    expected: "a number from 0 to 1",
    accepts: (v) => typeof v === "number" && v >= 0 && v <= 1,
  };
}

/** The spec of a part of a whole, none left out. */
export const positiveShare: ParameterSpec<number> = {
  default: 1,
  expected: "a number above 0 up to 1",
  accepts: (v) => typeof v === "number" && v > 0 && v <= 1,
};

/** Returns the spec of a number from 0 to 100. */
export function percentage(value: number): ParameterSpec<number> {
  return {
    default: value,
    expected: "a number from 0 to 100",
    accepts: (v) => typeof v === "number" && v >= 0 && v <= 100,
  };
}

/** Returns the spec of an integer from `low` on. */
export function integerFrom(low: number, value: number): ParameterSpec<number> {
  return {
    default: value,
    expected: `an integer from ${low} on`,
    accepts: (v) => Number.isSafeInteger(v) && (v as number) >= low,
  };
}

/** Returns the spec of true or false. */
export function flag(value: boolean): ParameterSpec<boolean> {
  return { default: value, expected: "true or false", accepts: (v) => typeof v === "boolean" };
}

/** Returns the spec of one word among `choices`, the first of which is the default. */
export function choice<const T extends string>(choices: readonly [T, ...T[]]): ParameterSpec<T> {
  return { default: choices[0], expected: listChoices(choices), accepts: (v) => choices.includes(v as T) };
}

/** Returns the spec of one of `words` or what `spec` accepts. */
export function wordOr<const T extends string, U>(
  words: readonly [T, ...T[]],
  spec: ParameterSpec<U>,
): ParameterSpec<T | U> {
  return {
    default: words[0],
    expected: `${words.map((word) => `'${word}'`).join(", ")} or ${spec.expected}`,
    accepts: (v) => words.includes(v as T) || spec.accepts(v),
  };
}

/** Returns the sentence for a hyper-parameter that does not exist, with the one that was meant where it can be guessed. */
export function unknownParameter(kind: string, name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  const expected =
    known.length === 0
      ? "expected none"
      : meant
        ? `did you mean '${meant}'?`
        : `expected ${listChoices(known)}`;
  return `'${kind}' has no parameter '${name}', ${expected}`;
}

/**
 * Returns all hyper-parameters, defaults filled in, frozen.
 * @throws UndertoneError `learn/bad-parameter` for an unknown name or a value that is not accepted.
 */
export function readParameters<Specs extends ParameterSpecs>(
  kind: string,
  specs: Specs,
  given: Readonly<Record<string, unknown>>,
): ParameterValues<Specs> {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(specs, name)) continue;
    throw new UndertoneError("learn/bad-parameter", unknownParameter(kind, name, Object.keys(specs)));
  }
  const values = Object.entries(specs).map(([name, spec]) => {
    const value = given[name];
    if (value === undefined) return [name, spec.default];
    if (spec.accepts(value)) return [name, value];
    throw new UndertoneError(
      "learn/bad-parameter",
      `Parameter '${name}' of '${kind}' got ${JSON.stringify(value) ?? String(value)}, expected ${spec.expected}`,
    );
  });
  return Object.freeze(Object.fromEntries(values)) as ParameterValues<Specs>;
}
