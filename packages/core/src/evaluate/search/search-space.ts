/** What a search tries: lists and distributions of hyper-parameters, and the settings drawn from them. */
import { UndertoneError } from "../../errors.js";
import type { Random } from "../../math/random.js";

/** The values that one hyper-parameter may take. */
export type ParameterRange =
  | { readonly kind: "choice"; readonly values: readonly unknown[] }
  | { readonly kind: "uniform" | "log-uniform" | "int"; readonly low: number; readonly high: number };

/** Hyper-parameter -> its range. A parameter of a step of preparation is `step.name`, such as `select-anova.k`. */
export type SearchSpace = Readonly<Record<string, ParameterRange>>;

/** One setting of the parameters of a space. */
export type Candidate = Readonly<Record<string, unknown>>;

/** More settings than this are taken for a mistake. */
const mostCandidates = 10_000;

/**
 * Returns the range that a text names: `0.1,1,10` is a choice; `uniform:0:1`, `log-uniform:0.001:10` and `int:1:20` (both ends included) are
 * distributions; `choice:a:b` is a choice too.
 * @throws UndertoneError `usage/bad-value`.
 */
export function parseRange(name: string, text: string): ParameterRange {
  const [kind, ...parts] = text.split(":");
  const bad = (expected: string): UndertoneError =>
    new UndertoneError("usage/bad-value", `Bad range '${text}' of '${name}', expected ${expected}`);
  if (kind === "uniform" || kind === "log-uniform" || kind === "int") {
    const [low = Number.NaN, high = Number.NaN] = parts.map((part) =>
      part === "" ? Number.NaN : Number(part),
    );
    const whole = kind !== "int" || (Number.isInteger(low) && Number.isInteger(high));
    if (
      parts.length !== 2 ||
      !(low < high) ||
      !Number.isFinite(high - low) ||
      !whole ||
      (kind === "log-uniform" && low <= 0)
    )
      throw bad(
        kind === "int"
          ? "int:LOW:HIGH with whole numbers, LOW below HIGH"
          : `${kind}:LOW:HIGH with ${kind === "uniform" ? "" : "positive "}numbers, LOW below HIGH`,
      );
    return { kind, low, high };
  }
  const values = (kind === "choice" && parts.length > 0 ? parts : text.split(",")).map((word) => word.trim());
  if (values.some((word) => word === "")) throw bad("values with commas between, none empty");
  return { kind: "choice", values: values.map(parseValue) };
}

function parseValue(text: string): unknown {
  if (text === "true") return true;
  if (text === "false") return false;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/**
 * Returns every combination of the choices, the last parameter changing fastest.
 * @throws UndertoneError `usage/bad-value` for a distribution, or for more than 10 000 combinations.
 */
export function gridCandidates(space: SearchSpace): Candidate[] {
  let found: Candidate[] = [{}];
  for (const [name, range] of Object.entries(space)) {
    if (range.kind !== "choice") {
      throw new UndertoneError(
        "usage/bad-value",
        `A grid got the distribution '${range.kind}' for '${name}', expected values with commas between; --random draws from distributions`,
      );
    }
    if (found.length * range.values.length > mostCandidates) {
      throw new UndertoneError(
        "usage/bad-value",
        `The grid has more than ${mostCandidates} settings, expected fewer; --random with --trials tries some of them`,
      );
    }
    found = found.flatMap((held) => range.values.map((value) => ({ ...held, [name]: value })));
  }
  return found;
}

/** Returns up to `count` settings drawn from the space, no two alike; numbers are rounded to four digits. */
export function randomCandidates(space: SearchSpace, count: number, random: Random): Candidate[] {
  const found = new Map<string, Candidate>();
  // A space of choices may hold fewer settings than are asked for.
  for (let draw = 0; found.size < count && draw < 20 * count; draw++) {
    const stream = random.fork(draw);
    const candidate = Object.fromEntries(
      Object.entries(space).map(([name, range]) => [name, drawFrom(range, stream.fork(name))]),
    );
    const key = JSON.stringify(candidate);
    if (!found.has(key)) found.set(key, candidate);
  }
  return [...found.values()];
}

function drawFrom(range: ParameterRange, random: Random): unknown {
  if (range.kind === "choice") return range.values[random.integer(range.values.length)];
  const { kind, low, high } = range;
  if (kind === "int") return low + random.integer(high - low + 1);
  const part = random.next();
  const value =
    kind === "uniform" ? low + part * (high - low) : Math.exp(Math.log(low) + part * Math.log(high / low));
  return Math.min(high, Math.max(low, Number(value.toPrecision(4))));
}
