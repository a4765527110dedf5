/** Flags that several commands share, and how their values are read. */
import {
  calibrationKinds,
  type DimensionName,
  dimensionNames,
  isSpeed,
  listChoices,
  speedLimits,
  UndertoneError,
} from "@undertone/core";
import type { SpeedPlan } from "../runs/load-data.js";
import type { CommandContext, Flag, FlagValues } from "./command.js";

export const dataFlag: Flag = {
  name: "data",
  type: "string",
  value: "DIR",
  many: true,
  summary: "folder of a corpus, of label/*.wav, or a CSV or JSONL manifest",
};

export const tableFlag: Flag = {
  name: "table",
  type: "string",
  value: "FILE",
  summary: "feature table with id, speaker and label columns instead of --data",
};

export const encoderFlag: Flag = {
  name: "encoder",
  type: "string",
  value: "SOURCE",
  many: true,
  summary: "encoder file that features need; kept as 'encoder add' does it",
};

export const modelFlags: readonly Flag[] = [
  { name: "features", type: "string", value: "ID", summary: "feature set, such as seed-v1" },
  encoderFlag,
  {
    name: "model",
    type: "string",
    value: "KIND",
    summary: "estimator, such as logistic-regression or random-forest; docs/estimators.md lists them",
  },
  {
    name: "param",
    type: "string",
    value: "NAME=VALUE",
    many: true,
    summary: "hyper-parameter of the model, such as C=0.1",
  },
  {
    name: "prepare",
    type: "string",
    value: "STEPS",
    summary:
      "steps before the model, fitted with it, such as median-impute,robust-scale,select-anova:k=200; docs/preparation.md lists them",
  },
];

export const targetFlag: Flag = {
  name: "target",
  type: "string",
  value: "LIST",
  summary:
    "learn values instead of classes: arousal, valence, dominance, several such as arousal,valence, or all that the data rate; --model is then a regressor. votes: the shares of the raters' votes",
};

export const adaptFlag: Flag = {
  name: "adapt",
  type: "string",
  value: "SPEC",
  summary:
    "speaker: adapt to each test speaker by all the speaker's utterances, unlabelled; speaker:N by N drawn ones",
};

export const attributesFlag: Flag = {
  name: "attributes",
  type: "string",
  value: "LIST",
  summary: "columns beside the features for what the corpus tells of an utterance, such as sex,age (one-hot)",
};

export const speedFlags: readonly Flag[] = [
  {
    name: "train-speeds",
    type: "string",
    value: "LIST",
    summary: "copies of the training recordings played at these speeds, such as 0.9,1,1.1 (default 1)",
  },
  {
    name: "test-speeds",
    type: "string",
    value: "LIST",
    summary: "average scores over recordings played at these speeds, in the artifact too (default 1)",
  },
];

export const dataChoiceFlags: readonly Flag[] = [
  {
    name: "corpus",
    type: "string",
    value: "ID",
    summary: "how to read the file names, when it is not recognized by itself",
  },
  {
    name: "label-map",
    type: "string",
    value: "ID",
    summary: "from the corpus' words to classes (default: the corpus' own)",
  },
  {
    name: "skip-broken",
    type: "boolean",
    summary: "leave broken recordings out, and say which and why, instead of stopping",
  },
];

export const protocolFlags: readonly Flag[] = [
  {
    name: "folds",
    type: "string",
    value: "SPEC",
    summary:
      "loso, speaker:K, sentence:K, both[:K], group:K, stratified-group:K, kfold:K, stratified:K, random:K, corpus[:ID] (tested by a model of the others), a fold FILE (.json), or 'table' for the table's own fold column",
  },
  {
    name: "group",
    type: "string",
    choices: ["speaker", "sentence", "both"],
    summary: "what training and test must not share (default speaker)",
  },
  { name: "seed", type: "number", value: "N", summary: "seed of all chance (default 1)" },
  {
    name: "allow-leak",
    type: "string",
    value: "KIND",
    many: true,
    choices: ["speaker", "sentence", "duplicate", "utterance", "preprocessing", "tuning"],
    summary: "run although this leaks; the report says so on its first line",
  },
];

export const calibrationFlag: Flag = {
  name: "calibration",
  type: "string",
  value: "KIND",
  choices: calibrationKinds,
  summary:
    "how scores become probabilities; evaluate fits it inside each training part (default none), train on the evaluation's scores (default temperature)",
};

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

/** Returns the flag `port`, or undefined. @throws UndertoneError `usage/bad-value` unless it is a port; 0 means any free one. */
export function portFlag({ port }: FlagValues): number | undefined {
  if (port === undefined) return undefined;
  if (typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new UndertoneError(
    "usage/bad-value",
    `Bad value ${port} for --port, expected a whole number from 0 to 65535`,
  );
}

/** Returns a flag that must be there. @throws UndertoneError `usage/missing`. */
export function neededFlag(context: CommandContext, command: string, name: string, expected: string): string {
  const value = textFlag(context.flags, name);
  if (value === undefined)
    throw new UndertoneError("usage/missing", `Missing --${name} of '${command}', expected ${expected}`);
  return value;
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

/** Returns how many utterances "speaker" (all) or "speaker:N" asks for. @throws UndertoneError `usage/bad-value`. */
export function parseAdapt(text: string): number | "all" {
  const found = /^speaker(?::([1-9]\d*))?$/.exec(text);
  if (!found)
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${text}' for --adapt, expected 'speaker' or 'speaker:N'`,
    );
  return found[1] === undefined ? "all" : Number(found[1]);
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

/** What `--target` asks for. */
export type Target =
  | { readonly kind: "values"; readonly names: readonly DimensionName[] | "all" }
  | { readonly kind: "votes" };

/** Returns what `--target` asks for, or undefined. @throws UndertoneError `usage/bad-value`. */
export function parseTarget(flags: FlagValues): Target | undefined {
  const text = textFlag(flags, "target");
  if (text === undefined) return undefined;
  if (text === "votes") return { kind: "votes" };
  if (text === "all") return { kind: "values", names: "all" };
  const names = text.split(",").map((word) => {
    const name = dimensionNames.find((known) => known === word.trim());
    if (name) return name;
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${word}' for --target, expected ${listChoices([...dimensionNames, "all", "votes"])}`,
    );
  });
  return { kind: "values", names: [...new Set(names)] };
}

/** Refuses flags that have no meaning beside --target. @throws UndertoneError `usage/bad-value`. */
export function refuseBesideTarget(flags: FlagValues, reasons: Readonly<Record<string, string>>): void {
  const clash = Object.keys(reasons).find((name) => flags[name] !== undefined);
  if (clash === undefined) return;
  throw new UndertoneError("usage/bad-value", `Got both --target and --${clash}, ${reasons[clash]}`);
}

/** Returns the steps of `--prepare`, which stand with commas between. */
export function parsePrepare(flags: FlagValues): { prepare?: readonly string[] } {
  const text = textFlag(flags, "prepare");
  return text === undefined ? {} : { prepare: text.split(",") };
}

/** Returns how fast recordings are played, or undefined when no flag says. @throws UndertoneError `usage/bad-value`. */
export function parseSpeeds(flags: FlagValues): SpeedPlan | undefined {
  const list = (name: string): number[] | undefined =>
    textFlag(flags, name)
      ?.split(",")
      .map((text) => {
        const speed = text.trim() === "" ? Number.NaN : Number(text);
        if (isSpeed(speed)) return speed;
        throw new UndertoneError(
          "usage/bad-value",
          `Bad value '${text}' for --${name}, expected numbers from ${speedLimits.slowest} to ${speedLimits.fastest} with commas between`,
        );
      });
  const [train, test] = [list("train-speeds"), list("test-speeds")];
  return train || test ? { train: train ?? [1], test: test ?? [1] } : undefined;
}

/** Returns a whole number that is not negative. @throws UndertoneError `usage/bad-value`. */
export function seedFlag(flags: FlagValues): number {
  const seed = flags.seed ?? 1;
  if (typeof seed !== "number" || !Number.isInteger(seed) || seed < 0) {
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${seed}' for --seed, expected a whole number from 0`,
    );
  }
  return seed;
}

/** Returns a part of 1, or undefined. @throws UndertoneError `usage/bad-value`. */
export function partFlag(flags: FlagValues, name: string): number | undefined {
  const value = flags[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !(value > 0 && value <= 1)) {
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${value}' for --${name}, expected a number above 0 and up to 1`,
    );
  }
  return value;
}
