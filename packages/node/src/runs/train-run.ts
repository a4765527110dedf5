/** A training run: evaluated on unseen speakers, then fitted on all the data and written as one artifact with a report beside it. */
import { type ArtifactDescription, conditionProfile } from "@undertone/core/artifact";
import { inTable } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import type { Evaluation } from "@undertone/core/evaluate";
import { anyFeatureSet, isEncoderSet } from "@undertone/core/features";
import { random } from "@undertone/core/math";
import { type Abstention, type TrainingPlan, trainArtifact } from "@undertone/core/train";
import { withOrigins } from "../encoders/encoder-store.js";
import { shortFeatures } from "../encoders/short-features.js";
import { packageVersion } from "../io/places.js";
import { writeTogether } from "../io/write-atomic.js";
import { evenSample } from "./distance/even-sample.js";
import { extractConditions } from "./distance/hear-clips.js";
import type { BrokenFile } from "./extract-table.js";
import type { LoadedData, RunHooks } from "./load-data.js";
import { openRun } from "./open-run.js";
import { pauseForEvents } from "./pause-for-events.js";
import { type AskedPlan, settledPlan } from "./plan/run-plan.js";
import { checkExpected } from "./recipe.js";
import { type SplitPlan, splitData } from "./split-run.js";
import { cardPage, filesBeside, placeFor } from "./training-files.js";

/** Where a run's files go, and what they are called. */
export interface TrainingOutput {
  /** The artifact's path; report and card are beside it, ending in `.html` and `.md`. Default: named after the data, in the current folder. */
  readonly out?: string | undefined;
  readonly title?: string | undefined;
  /** The command that repeats the run, for the report. */
  readonly command?: string | undefined;
  /** Called with the evaluation before anything is fitted on all the data; throws to refuse it. */
  readonly check?: ((found: Evaluation) => void) | undefined;
}

/** What a training run gave and wrote. */
export interface TrainingRun extends Evaluation {
  /** When the artifact stays silent for want of confidence; absent unless `maxRisk` was asked for. */
  readonly abstention?: Abstention | undefined;
  readonly out: string;
  readonly report: string;
  /** Path of the model card. */
  readonly card: string;
  /** Length of the artifact. */
  readonly bytes: number;
  readonly broken: readonly BrokenFile[];
  /** What was done otherwise than the recipe says, whose expected result then does not apply. */
  readonly changes: readonly string[];
  /** What was taken from the data because nothing was said, in words. */
  readonly chosen: readonly string[];
}

/** Recordings whose conditions are measured: enough for percentiles. */
const measured = 300;

/** Returns the feature set as an artifact describes it: with where its networks came from, as far as that is known. */
async function describedFeatures(id: string): Promise<ArtifactDescription["featureSet"]> {
  const set = anyFeatureSet(id);
  return isEncoderSet(set) ? { ...set, files: await withOrigins(set.files) } : set;
}

/** Returns an artifact's name where the run gives none. */
function nameOf({ dataset, featureSet, values }: LoadedData, { model, valueModel }: TrainingPlan): string {
  const of = model ? "" : ` of ${values.join(", ")}`;
  return `${dataset.name} ${shortFeatures(featureSet)} ${(model ?? valueModel)!.kind}${of}`;
}

/** Returns under what conditions a model learns, by a part of its recordings; undefined where all of these are silent. @throws UndertoneError `cancelled`. */
async function learntConditions(
  data: LoadedData,
  seed: number,
  hooks: RunHooks,
): Promise<ArtifactDescription["conditions"]> {
  const { utterances, ...dataset } = inTable(data);
  const sample = evenSample(utterances, { count: measured, random: random(seed).fork("conditions") });
  const { table } = await extractConditions({ ...dataset, utterances: sample }, hooks);
  return table.ids.length > 0 ? conditionProfile(table) : undefined;
}

/** Writes the artifact and the report of data that are loaded. @throws UndertoneError `split/*`, `learn/*`, `file/*`, `cancelled`. */
export async function trainData(
  data: LoadedData,
  plan: TrainingPlan & SplitPlan,
  {
    out,
    title,
    check,
    command,
    conditions,
  }: TrainingOutput & Pick<ArtifactDescription, "conditions"> & { readonly out: string },
  hooks: RunHooks = {},
): Promise<Omit<TrainingRun, "chosen">> {
  const files = filesBeside(out);
  const name = title ?? nameOf(data, plan);
  const { bytes, abstention, card, ...evaluation } = await trainArtifact(data, plan, {
    ...hooks,
    splits: await splitData(data, plan),
    pause: pauseForEvents,
    name,
    created: new Date().toISOString(),
    undertone: packageVersion(),
    featureSet: await describedFeatures(data.featureSet),
    ...{ check, conditions },
  });
  const { reportOf } = await import("./report/report-of.js");
  const html = await reportOf(evaluation, { data, report: files.report, title: name, command });
  const { signal } = hooks;
  await writeTogether(
    [
      [out, bytes],
      [files.report, html],
      [files.card, cardPage(card, evaluation, { title: name, out })],
    ],
    { signal },
  );
  const { broken } = data;
  return { ...evaluation, ...files, abstention, out, bytes: bytes.length, broken, changes: [] };
}

/** Runs a plan from recordings or a table to artifact and report. @throws UndertoneError as `loadData` and `trainData`. */
export async function trainRun(
  asked: AskedPlan,
  output: TrainingOutput,
  hooks: RunHooks = {},
): Promise<TrainingRun> {
  if (asked.attributes)
    throw new UndertoneError(
      "usage/bad-value",
      "Got attributes for an artifact, expected none: it hears recordings, which carry none; 'evaluate' takes them",
    );
  const out = await placeFor(output.out, asked);
  const { plan, data, chosen, changes } = await openRun(asked, hooks);
  const { recipe } = plan;
  const about = recipe && {
    title: recipe.title,
    ...(changes.length === 0 && { check: (found: Evaluation) => checkExpected(recipe, found) }),
  };
  const settled = { ...settledPlan(plan), changes };
  const conditions = plan.table === undefined ? await learntConditions(data, plan.seed, hooks) : undefined;
  const written = await trainData(data, settled, { ...about, ...output, out, conditions }, hooks);
  return { ...written, changes, chosen };
}
