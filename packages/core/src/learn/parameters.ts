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

/** Returns the sentence for a hyper-parameter that does not exist: the one that was meant where it can be guessed, and what there is. */
export function unknownParameter(kind: string, name: string, specs: ParameterSpecs): string {
  const meant = closest(name, Object.keys(specs));
  const known = Object.entries(specs).map(
    ([own, spec]) => `${own} (${spec.expected}; default ${JSON.stringify(spec.default)})`,
  );
  const list = known.length === 0 ? "none" : known.join(", ");
  return `'${kind}' has no parameter '${name}', ${meant ? `did you mean '${meant}'? It takes` : "expected"} ${list}`;
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
  const refused = Object.entries(given).flatMap(([name, value]) => {
    if (!Object.hasOwn(specs, name)) return [unknownParameter(kind, name, specs)];
    const spec = specs[name];
    return value === undefined || spec.accepts(value)
      ? []
      : [
          `Parameter '${name}' of '${kind}' got ${JSON.stringify(value) ?? String(value)}, expected ${spec.expected} (default ${JSON.stringify(spec.default)})`,
        ];
  });
  if (refused.length > 0) throw new UndertoneError("learn/bad-parameter", refused.join("; "));
  const values = Object.entries(specs).map(([name, spec]) => [
    name,
    given[name] === undefined ? spec.default : given[name],
  ]);
  return Object.freeze(Object.fromEntries(values)) as ParameterValues<Specs>;
}
