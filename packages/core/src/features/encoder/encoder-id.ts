/** The ids of feature sets from encoder files: everything that decides the values stands in the id. */
import { listChoices, UndertoneError } from "../../errors.js";

/** What is taken over the frames of a clip. */
export const encoderStatistics = ["mean", "sd", "max"] as const;
export type EncoderStatistic = (typeof encoderStatistics)[number];

/** How loud a clip is made first: active speech at −26 dBFS, zero mean and unit variance, or as it is. */
export const encoderScales = ["level", "unit", "none"] as const;
export type EncoderScale = (typeof encoderScales)[number];

/** What a user chooses of an encoder. */
export interface EncoderChoice {
  /**
   * `last` (the first output), `all` numbered layers side by side, `average` of all, or numbers and names of outputs and inner values, with commas
   * between; the name of a value is written as `encodeURIComponent` does.
   */
  readonly layer: string;
  /** Statistics over the frames, in order; none for a row per frame. */
  readonly pool: readonly EncoderStatistic[];
  readonly scale: EncoderScale;
}

/** All that an id says; what a file's layers are like is found out once, when the id is made. */
export interface EncoderSpec extends EncoderChoice {
  /** What the file is called: lower-case letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  readonly sha256: string;
  /** How many layers, and how many values each has in a frame. */
  readonly layers: number;
  readonly values: number;
  /** The axis of a layer's output that is time, or null where it gives one vector a clip. */
  readonly time: number | null;
}

const prefix = "encoder:";
const choices = { layer: "last", pool: "mean,sd", scale: "level" };
const facts = ["layers", "values", "time"] as const;

/** Returns whether an id names a set from an encoder file, complete or as users write it. */
export function isEncoderId(id: string): boolean {
  return id.startsWith(prefix) || id === "encoder";
}

/** Returns a name as ids have it: lower case, every other sign a `-`, no folder and no ending. */
export function encoderName(file: string): string {
  const stem = file
    .replace(/^.*[/\\]/, "")
    .replace(/\.(onnx|ort)$/i, "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  return stem === "" ? "encoder" : stem;
}

/** Returns the id of a spec. */
export function encoderId({ name, sha256, layer, pool, scale, layers, values, time }: EncoderSpec): string {
  const statistics = pool.length === 0 ? "none" : pool.join(",");
  return `${prefix}${name}:${sha256}:layer=${layer}:layers=${layers}:values=${values}:time=${time ?? "none"}:pool=${statistics}:scale=${scale}`;
}

/** What a user wrote: `encoder:NAME[:SHA256][:layer=…][:pool=…][:scale=…]`. */
export interface EncoderRequest extends EncoderChoice {
  readonly name: string | undefined;
  readonly sha256: string | undefined;
  readonly facts: Pick<EncoderSpec, (typeof facts)[number]> | undefined;
}

/**
 * Returns what an id asks for, defaults filled in.
 * @throws UndertoneError `features/unknown` for parameters that there are none of, or values that they do not take.
 */
export function parseEncoderRequest(id: string): EncoderRequest {
  const parts = id.split(":").slice(1);
  const name = parts[0]?.includes("=") ? undefined : parts.shift();
  const refuse = (got: string, expected: string): never => {
    throw new UndertoneError("features/unknown", `Bad encoder id '${id}': got ${got}, expected ${expected}`, {
      details: { id },
    });
  };
  if (name !== undefined && encoderName(name) !== name)
    refuse(`the name '${name}'`, "lower-case letters, digits, '.', '_' and '-'");
  const given: Record<string, string> = {};
  let sha256: string | undefined;
  for (const part of parts) {
    const at = part.indexOf("=");
    if (at < 0 && sha256 === undefined && /^[0-9a-f]{64}$/.test(part)) {
      sha256 = part;
      continue;
    }
    const key = part.slice(0, at);
    const known = [...Object.keys(choices), ...facts];
    if (at < 0 || !known.includes(key)) refuse(`'${part}'`, `${listChoices(known)} with '=' and a value`);
    given[key] = part.slice(at + 1);
  }
  const { layer, pool, scale } = { ...choices, ...given };
  if (layer === "" || layer.includes("/") || layer.includes("+"))
    refuse(`layer '${layer}'`, "last, all, average, numbers, or names as encodeURIComponent writes them");
  const statistics = pool === "none" ? [] : pool.split(",");
  if (
    statistics.some((word) => !encoderStatistics.includes(word as EncoderStatistic)) ||
    new Set(statistics).size < statistics.length
  )
    refuse(`pool '${pool}'`, `none or some of ${listChoices(encoderStatistics)}, with commas between`);
  if (!encoderScales.includes(scale as EncoderScale)) refuse(`scale '${scale}'`, listChoices(encoderScales));
  const counted = (key: "layers" | "values"): number => {
    const value = Number(given[key]);
    if (!Number.isInteger(value) || value < 1 || value > 1e6)
      refuse(`${key} '${given[key]}'`, "a whole number from 1 to 1000000");
    return value;
  };
  const complete = facts.every((key) => given[key] !== undefined);
  if (given.time !== undefined && !/^([0-3]|none)$/.test(given.time))
    refuse(`time '${given.time}'`, "0 to 3 or none");
  return {
    name: name === "" ? undefined : name,
    sha256,
    layer,
    pool: statistics as EncoderStatistic[],
    scale: scale as EncoderScale,
    facts: complete
      ? {
          layers: counted("layers"),
          values: counted("values"),
          time: given.time === "none" ? null : Number(given.time),
        }
      : undefined,
  };
}

/**
 * Returns the spec of a complete id.
 * @throws UndertoneError `features/unknown` for an id that leaves something open.
 */
export function parseEncoderId(id: string): EncoderSpec {
  const { name, sha256, facts: found, ...choice } = parseEncoderRequest(id);
  if (name !== undefined && sha256 !== undefined && found) return { name, sha256, ...found, ...choice };
  throw new UndertoneError(
    "features/unknown",
    `The id '${id}' does not say which encoder file it is, or what that is like; 'undertone encoder add FILE' prints the complete one, and commands complete the id of a file that was added`,
    { details: { id } },
  );
}
