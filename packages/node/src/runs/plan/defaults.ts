/** What a training takes where nothing is said: features, model, speeds and folds, by what its lists hold. docs/your-recordings.md has the table and what was measured. */
import {
  inTable,
  isUnknownSpeaker,
  speakerRuleForms,
  speakersInWords,
  speakersUnknownNote,
} from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import type { ModelChoice } from "@undertone/core/evaluate";
import type { ListedData } from "../load-data.js";
import { type AskedPlan, type EvaluationPlan, learns } from "./run-plan.js";

/** The features and the model that came first on RAVDESS' unseen speakers: recipes/ravdess-best.json. */
const features = "seed-v1+speech-embedding-v1";
const classifier = { kind: "ridge-classifier", params: { alpha: "auto", speakerCentring: 0.75 } };
/** Where a fold leaves one speaker to learn from, the ridge has no stranger to choose its strength by and is far too sure; beside values nothing may be centred. */
const fewSpeakers = 2;
const steadyClassifier = { kind: "logistic-regression", params: { C: 0.001 } };
/** Returns the classifier for so many speakers. */
export const classifierFor = (speakers: number): ModelChoice =>
  speakers <= fewSpeakers ? steadyClassifier : classifier;
/** Half the number of columns, about: between 1000 and 3000, the best tried of 100 to 30,000 for a stand-in of arousal on RAVDESS. */
const regressor = (ownFeatures: boolean): ModelChoice => ({
  kind: "ridge-regression",
  params: { alpha: ownFeatures ? 100 : 2000 },
});
const speeds = { train: [0.9, 1, 1.1], test: [0.9, 1, 1.1] };

/** With more clips than this, copies at other speeds cost hours and add little. */
const mostWithSpeeds = 6000;
/** With so many speakers each is left out once; with more they are dealt into folds. */
const mostLeftOut = 10;
const speakerFolds = 6;
const randomFolds = 5;

/** Returns the folds for so many speakers. @throws UndertoneError `split/too-few-speakers` for one, or unknown ones without consent. */
function foldsFor(
  speakers: readonly string[],
  { dataset, folds }: ListedData,
  consent: boolean,
): { folds: string; why: string } {
  if (folds) return { folds: "table", why: "the table's fold column" };
  if (speakers.every(isUnknownSpeaker)) {
    if (consent) return { folds: `random:${randomFolds}`, why: speakersUnknownNote };
    throw new UndertoneError(
      "split/too-few-speakers",
      `No speaker of '${dataset.name}' is known, expected --speaker-from ${speakerRuleForms.replace("unknown, ", "")} to say who speaks, or --speaker-from unknown for a model whose figures cannot be trusted for strangers; see docs/your-recordings.md`,
    );
  }
  if (speakers.length === 1)
    throw new UndertoneError(
      "split/too-few-speakers",
      `All recordings of '${dataset.name}' are of one speaker, '${speakers[0]}', which says nothing of others; expected two or more (--speaker-from says where they stand), or --folds random:${randomFolds} --allow-leak speaker for a model of this one speaker; see docs/your-recordings.md`,
    );
  const who = speakersInWords(speakers.map((speaker) => ({ speaker })));
  return speakers.length <= mostLeftOut
    ? { folds: "loso", why: `${who}, each left out once` }
    : { folds: `speaker:${speakerFolds}`, why: who };
}

/** Returns the plan with what it lacks, and in words what was chosen. @throws UndertoneError `split/too-few-speakers`. */
export function withDefaults(
  asked: AskedPlan,
  listed: ListedData,
): { readonly plan: EvaluationPlan; readonly chosen: readonly string[] } {
  const { utterances } = inTable(listed);
  const chosen: string[] = [];
  const plan = { ...asked };
  const speakers = [...new Set(utterances.map(({ speaker }) => speaker))];
  const consent = asked.speakerFrom === "unknown" && speakers.every(isUnknownSpeaker);
  if (consent) plan.allowLeak = [...(asked.allowLeak ?? []), "speaker"];
  if (!plan.features && plan.table === undefined) {
    plan.features = features;
    chosen.push(`features ${features}`);
  }
  if (!plan.model) {
    plan.model = learns(plan).classes
      ? classifierFor(plan.valueModel === undefined ? speakers.length : fewSpeakers)
      : regressor(plan.features !== features);
    chosen.push(`model ${plan.model.kind}`);
    if (!asked.features && !plan.speeds && plan.table === undefined && utterances.length <= mostWithSpeeds) {
      plan.speeds = speeds;
      chosen.push(`heard at speeds ${speeds.train.join(", ")}`);
    }
  }
  if (!plan.folds) {
    const { folds, why } = foldsFor(speakers, listed, consent);
    plan.folds = folds;
    chosen.push(`folds ${folds} (${why})`);
  }
  return { plan: { ...plan, model: plan.model, folds: plan.folds }, chosen };
}
