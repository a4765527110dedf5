/**
 * Everything that determines a run, each option declared once: a recipe's schema, the flags with their help and the plan's type are made from this list.
 * An option more is an entry here and a line where it is used; what values may be that is more than a word stands in `option-values.ts`.
 */
import { dimensionNames, leakKinds, speakerRuleForms } from "@undertone/core/data";
import { calibrationKinds } from "@undertone/core/evaluate";
import { z } from "zod";
import { isShipped, shippedTables } from "../shipped.js";
import { type FlagValues, flag, listFlag, textFlag, wholeFlag } from "./flag.js";
import {
  option,
  optionFlags,
  optionShape,
  type PlanCommand,
  type PlanOptions,
  readOptions,
} from "./option.js";
import {
  copyChain,
  modelChoice,
  readModel,
  readSpeeds,
  readTarget,
  speakerRule,
  speedList,
} from "./option-values.js";
import { searchOptions } from "./search-options.js";

const labelsOnly = "which is for classes only";
const tableGiven = ({ table }: FlagValues): boolean => table !== undefined;
/** What a training takes from the data where nothing is said, see `withDefaults`. */
const byDefault = (_: FlagValues, command: PlanCommand): boolean => command === "train";

export const planOptions = {
  model: option({
    schema: modelChoice.describe("the estimator"),
    flags: [
      flag(
        "model KIND",
        "estimator, such as logistic-regression or random-forest; docs/estimators.md lists them (train: by the number of speakers)",
      ),
      flag("param NAME=VALUE …", "hyper-parameter of the model, such as C=0.1"),
      flag(
        "prepare STEPS",
        "steps before the model, fitted with it, such as median-impute,robust-scale,select-anova:k=200; docs/preparation.md lists them",
      ),
    ],
    read: (flags) => readModel(flags, { kind: "model", param: "param", prepare: "prepare" }),
    expected: "the kind of an estimator",
    example: "ridge-classifier",
    mayLack: byDefault,
  }),
  features: option({
    schema: z.string().min(1).describe("id of the feature set, such as seed-v1"),
    flags: [flag("features ID", "feature set, such as seed-v1 (train: seed-v1+speech-embedding-v1)")],
    expected: "the id of a feature set",
    example: "seed-v1",
    mayLack: (flags, command) => tableGiven(flags) || byDefault(flags, command),
  }),
  target: option({
    schema: z
      .union([z.enum(["classes", "votes", "all"]), z.array(z.enum(dimensionNames)).min(1)])
      .optional()
      .describe(
        "what is learnt: classes (default), the shares of the raters' votes, or values: all that the data rate, or those named; the model is then a regressor",
      ),
    flags: [
      flag(
        "target LIST",
        "learn values instead of classes: arousal, valence, dominance, several such as arousal,valence, or all that the data rate; --model is then a regressor. votes: the shares of the raters' votes",
      ),
    ],
    read: readTarget,
  }),
  valueModel: option({
    schema: modelChoice
      .optional()
      .describe("the regressor of the target's values, which are learnt beside the classes then"),
    flags: [
      flag(
        "value-model KIND",
        "learn the values of --target beside classes, in one artifact: the regressor; --model is then of classes",
      ),
      flag("value-param NAME=VALUE …", "hyper-parameter of --value-model, such as alpha=10"),
    ],
    commands: ["evaluate", "train"],
    read: (flags) => readModel(flags, { kind: "value-model", param: "value-param" }),
  }),
  attributes: option({
    schema: z.array(z.string().min(1)).min(1).optional(),
    flags: [
      flag(
        "attributes LIST",
        "columns beside the features for what the corpus tells of an utterance, such as sex,age (one-hot)",
      ),
    ],
    commands: ["evaluate", "search"],
    read: (flags) => textFlag(flags, "attributes")?.split(","),
  }),
  speeds: option({
    schema: z
      .strictObject({
        train: speedList.describe(
          "one copy of each training utterance for each speed; no test utterance is copied",
        ),
        test: speedList.describe("scores are averaged over these speeds, in the artifact too"),
      })
      .optional()
      .describe("how fast recordings are played, pitch and tempo together; as they are when left out"),
    flags: [
      flag(
        "train-speeds LIST",
        "copies of the training recordings played at these speeds, such as 0.9,1,1.1 (default 1)",
      ),
      flag(
        "test-speeds LIST",
        "average scores over recordings played at these speeds, in the artifact too (default 1)",
      ),
    ],
    read: readSpeeds,
  }),
  copies: option({
    schema: z
      .array(copyChain)
      .min(1)
      .optional()
      .describe(
        "one more copy of each training utterance, through one of these chains of steps by chance; no test utterance is copied",
      ),
    flags: [],
  }),
  adapt: option({
    schema: z
      .string()
      .regex(/^(speaker|collection)(:[1-9]\d*)?$/)
      .optional(),
    flags: [
      flag(
        "adapt SPEC",
        "speaker: adapt to each test speaker by all the speaker's utterances, unlabelled; collection: to each test corpus, whoever speaks; speaker:N, collection:N by N drawn ones",
      ),
    ],
    commands: ["evaluate", "search"],
    expected: ["speaker", "speaker:N", "collection", "collection:N"],
    notOfValues: `${labelsOnly}: no regressor takes a speaker's or a collection's mean off`,
  }),
  folds: option({
    schema: z
      .string()
      .min(1)
      .describe("loso, speaker:K, sentence:K, random:K, or a file of folds relative to the recipe"),
    flags: [
      flag(
        "folds SPEC",
        "loso, speaker:K, sentence:K, both[:K], group:K, stratified-group:K, kfold:K, stratified:K, random:K, corpus[:ID] (each corpus, or each folder of several, tested by a model of the others), column:NAME (a list's own split or folds), list[:NAME] (train and test as two lists), a fold FILE (.json), or 'table' for the table's own fold column (train: by the number of speakers)",
      ),
    ],
    otherwise: (command, flags) =>
      command === "train"
        ? undefined
        : tableGiven(flags)
          ? "table"
          : command === "search"
            ? "loso"
            : undefined,
    expected: "loso, speaker:K, sentence:K, random:K or a fold file",
    example: "loso",
    mayLack: byDefault,
    besideRecipe: "replaces",
    resolve: (folds, place) => (/\.json$/i.test(folds) ? place(folds) : folds),
  }),
  group: option({
    schema: z
      .enum(["speaker", "sentence", "both"])
      .optional()
      .describe("what training and test must not share"),
    flags: [
      flag("group", "what training and test must not share (default speaker)", {
        choices: ["speaker", "sentence", "both"],
      }),
    ],
  }),
  seed: option({
    schema: z.int().nonnegative().default(1),
    flags: [flag("seed N", "seed of all chance (default 1)", { type: "number" })],
    expected: "a whole number from 0",
    besideRecipe: "replaces",
    besideArtifact: true,
  }),
  allowLeak: option({
    schema: z
      .array(z.string())
      .default([])
      .describe("leaks that are asked for by name; the report says so on its first line"),
    flags: [
      flag("allow-leak KIND …", "run although this leaks; the report says so on its first line", {
        choices: leakKinds,
      }),
    ],
    besideArtifact: true,
  }),
  calibration: option({
    schema: z
      .enum(calibrationKinds)
      .optional()
      .describe(
        "how scores become probabilities: in an evaluation fitted inside each training part (default none), in an artifact on the evaluation's scores (default temperature)",
      ),
    flags: [
      flag(
        "calibration KIND",
        "how scores become probabilities; evaluate fits it inside each training part (default none), train on the evaluation's scores (default temperature)",
        { choices: calibrationKinds },
      ),
    ],
    notOfValues: `${labelsOnly}: a value is no probability`,
    notOfVotes: "which bends the scores from the votes towards the labels",
  }),
  maxRisk: option({
    schema: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe("part of the answers that may be wrong; the artifact stays silent where it is less sure"),
    flags: [
      flag(
        "max-risk PART",
        "part of the answers that may be wrong, such as 0.3: the model stays silent where it is less sure",
        { type: "number" },
      ),
    ],
    commands: ["train"],
    expected: "a number above 0 and up to 1",
    notOfValues: `${labelsOnly}: a value has no confidence`,
  }),
  corpus: option({
    schema: z
      .string()
      .min(1)
      .describe("id of the corpus, such as ravdess; joined with + for several, each a folder of its own"),
    flags: [
      flag(
        "corpus ID",
        "how to read the file names, when it is not recognized by itself; 'folder' by what folders and names tell",
      ),
    ],
    mayLack: () => true,
    besideArtifact: true,
  }),
  subset: option({
    schema: z
      .record(
        z.string().describe("id of a corpus"),
        z.record(
          z.string().describe("speaker, label, or what the corpus tells, such as sentence"),
          z.union([
            z.array(z.string()).min(1).describe("the values that are taken"),
            z
              .strictObject({ every: z.int().min(2) })
              .describe("of the sorted values the first, and one of so many from there"),
          ]),
        ),
      )
      .optional()
      .describe("which utterances of a corpus are taken, such as every fourth sentence; all when left out"),
    flags: [],
  }),
  speakerFrom: option({
    schema: speakerRule.optional(),
    flags: [
      flag(
        "speaker-from RULE",
        `where the speaker stands: ${speakerRuleForms} (default: where two or more plausible ones are found)`,
      ),
    ],
    expected: speakerRuleForms,
    besideRecipe: "adds",
    besideArtifact: true,
  }),
  labelMap: option({
    schema: z
      .string()
      .min(1)
      .optional()
      .describe("id of the label map, such as ravdess-8; needed but where values alone are learnt"),
    flags: [flag("label-map ID", "from the corpus' words to classes (default: the corpus' own)")],
    besideArtifact: true,
    notOfValues: labelsOnly,
  }),
  with: option({
    schema: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        "feature tables that every model learns from too, by names of those that ship or as files; never tested",
      ),
    flags: [
      flag(
        "with TABLE …",
        `feature table that every model learns from too and that is never tested: ${shippedTables.map(({ name, about }) => `${name} (${about})`).join(", ")}, or a file`,
      ),
    ],
    commands: ["evaluate", "train"],
    read: (flags) => (flags.with === undefined ? undefined : listFlag(flags, "with")),
    besideRecipe: "adds",
    notOfValues: labelsOnly,
    resolve: (tables, place) =>
      tables?.map((table) => (isShipped(shippedTables, table) ? table : place(table))),
  }),
  views: option({
    schema: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("ids of coarser label maps by which the same scores are measured too, such as common-4"),
    flags: [
      flag(
        "views LIST",
        "with --folds corpus: measure the same scores by these coarser label maps too, such as common-4",
      ),
    ],
    commands: ["evaluate"],
    read: (flags) => textFlag(flags, "views")?.split(","),
    besideRecipe: "adds",
    notOfValues: labelsOnly,
  }),
  bootstrap: option({
    schema: z.int().min(100).optional(),
    flags: [
      flag(
        "bootstrap N",
        "samples that the 95 % intervals are drawn from, whole speakers at a time (default 1000)",
        { type: "number" },
      ),
    ],
    expected: "a whole number from 100",
    besideRecipe: "adds",
  }),
  importance: option({
    schema: z.boolean().optional(),
    flags: [
      flag("importance", "also tell which features the model needs, and which way they move its answers"),
    ],
    commands: ["evaluate"],
    besideRecipe: "adds",
    notOfValues: labelsOnly,
  }),
  robustness: option({
    schema: z
      .strictObject({
        clips: z.int().min(1).default(240).describe("test clips that are drawn, evenly over speakers"),
        noise: z.array(z.string().min(1)).default([]).describe("folders of recorded noise"),
      })
      .optional(),
    flags: [
      flag(
        "robustness",
        "also score clips through noise, voices, music, telephones, rooms and clipping; needs --data",
      ),
      flag("robustness-clips N", "test clips that --robustness draws, evenly over speakers (default 240)", {
        type: "number",
      }),
      flag("noise DIR …", "folder of recorded noise for --robustness"),
    ],
    commands: ["evaluate"],
    read(flags) {
      const clips = wholeFlag(flags, "robustness-clips", { low: 1 }) ?? 240;
      return flags.robustness === true ? { clips, noise: listFlag(flags, "noise") } : undefined;
    },
    besideRecipe: "adds",
    besideArtifact: true,
    notOfValues: labelsOnly,
    resolve: (robustness, place) => robustness && { ...robustness, noise: robustness.noise.map(place) },
  }),
  search: option({
    schema: z
      .strictObject(optionShape(searchOptions))
      .optional()
      .describe("hyper-parameters to choose by undertone search, in place of the model's own"),
    flags: optionFlags(searchOptions, "search"),
    commands: ["search"],
    read: (flags) => readOptions(searchOptions, "search", flags),
    besideRecipe: "adds",
  }),
};

/** What a recipe settles: every option, defaults filled in. */
export type SettledOptions = z.output<
  z.ZodObject<ReturnType<typeof optionShape<typeof planOptions>>, z.core.$strict>
>;

/** Returns the options of a plan that hold paths, each path as `place` gives it. */
export function withPaths<Plan extends object>(plan: Plan, place: (path: string) => string): Partial<Plan> {
  return Object.fromEntries(
    Object.entries(planOptions as PlanOptions).flatMap(([name, { resolve }]) =>
      resolve && name in plan ? [[name, resolve(plan[name as keyof Plan], place)]] : [],
    ),
  ) as Partial<Plan>;
}
