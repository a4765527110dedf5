/** What options of a plan may say that is more than a word or a number, and how flags say it. */
import {
  augment,
  augmentations,
  type CopyChain,
  drawCopy,
  isSpeed,
  speedLimits,
} from "@undertone/core/audio";
import { dimensionNames, parseSpeakerRule } from "@undertone/core/data";
import { expectedOneOf, UndertoneError } from "@undertone/core/errors";
import { random } from "@undertone/core/math";
import { z } from "zod";
import { type FlagValues, listFlag, parseParameters, textFlag } from "./flag.js";

/** An estimator and what it is given. */
export const modelChoice = z.strictObject({
  kind: z.string().min(1).describe("such as logistic-regression"),
  params: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown()), z.record(z.string(), z.unknown())]),
    )
    .default({})
    .describe("hyper-parameters; the others keep their defaults"),
  prepare: z
    .array(z.string().min(1))
    .optional()
    .describe("steps of preparation before it, such as median-impute or select-anova:k=200"),
});

/** Speeds of playing, at least one. */
export const speedList = z.array(z.number().min(speedLimits.slowest).max(speedLimits.fastest)).min(1);

/** A step of `augment` without recordings; a number may be a range. */
const drawnStep = z
  .object({ kind: z.enum(augmentations.map(({ kind }) => kind).filter((kind) => kind !== "recorded-noise")) })
  .catchall(z.union([z.number(), z.string(), z.tuple([z.number(), z.number()])]))
  .describe("such as noise with its parameters, a number or the lowest and highest to draw from");

/** Refuses a chain whose steps do not take their numbers, at either end of the ranges. */
function tryChain(chain: CopyChain, context: { addIssue(message: string): void }): void {
  for (const end of [0, 1]) {
    const steps = chain.map((step) =>
      Object.fromEntries(
        Object.entries(step).map(([name, value]) => [name, Array.isArray(value) ? value[end] : value]),
      ),
    ) as unknown as CopyChain;
    try {
      augment({ samples: new Float32Array(1600), sampleRate: 16000 }, drawCopy([steps], random("try")), {
        random: random("try"),
      });
    } catch (error) {
      context.addIssue((error as Error).message);
      return;
    }
  }
}

function trySpeakerRule(text: string, context: { addIssue(message: string): void }): void {
  try {
    parseSpeakerRule(text);
  } catch (error) {
    context.addIssue((error as Error).message);
  }
}

/** Steps that a copy goes through, in order. */
export const copyChain = z.array(drawnStep).min(1).superRefine(tryChain);

/** A rule that says where the speaker stands. */
export const speakerRule = z.string().superRefine(trySpeakerRule);

/** Returns the model that flags ask for. @throws UndertoneError `usage/bad-value` for flags about a model that is not named. */
export function readModel(
  flags: FlagValues,
  { kind, param, prepare }: { kind: string; param: string; prepare?: string },
): z.input<typeof modelChoice> | undefined {
  const chosen = textFlag(flags, kind);
  if (chosen === undefined) {
    const stray = [param, prepare].find((name) => name !== undefined && flags[name] !== undefined);
    if (stray !== undefined)
      throw new UndertoneError(
        "usage/bad-value",
        `Got --${stray} without --${kind}, expected the model that it is for`,
      );
    return undefined;
  }
  const steps = prepare === undefined ? undefined : textFlag(flags, prepare)?.split(",");
  return {
    kind: chosen,
    params: parseParameters(listFlag(flags, param)) as z.input<typeof modelChoice>["params"],
    ...(steps && { prepare: steps }),
  };
}

/** Returns the speeds that flags ask for. @throws UndertoneError `usage/bad-value`. */
export function readSpeeds(flags: FlagValues): { train: number[]; test: number[] } | undefined {
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

/** Returns what `--target` asks for: a word, or the values that it names. */
export function readTarget(flags: FlagValues): string | string[] | undefined {
  const text = textFlag(flags, "target");
  if (text === undefined || text === "votes" || text === "all") return text;
  const names = text.split(",").map((word) => {
    const name = dimensionNames.find((known) => known === word.trim());
    if (name) return name;
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${word}' for --target, ${expectedOneOf(word.trim(), [...dimensionNames, "all", "votes"])}`,
    );
  });
  return [...new Set(names)];
}
