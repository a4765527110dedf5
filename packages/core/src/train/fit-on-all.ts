/** The models that go into an artifact: fitted on every utterance that can teach them something. */
import { type FeatureTable, stackTables, takeUtterances } from "../data/feature-table.js";
import { mapLabel } from "../data/label-map.js";
import { valuesOf, valueTraining } from "../evaluate/fit-value-folds.js";
import { ratedVotes } from "../evaluate/rated-distribution.js";
import { estimatorOf } from "../evaluate/search/model-choice.js";
import type { FitContext, Model } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { random } from "../math/random.js";
import type { ModelPlan } from "./evaluate-plan.js";
import type { TrainingContext, TrainingData } from "./training-data.js";

type FitPlan = Pick<ModelPlan, "model" | "seed">;

function fitContext({ seed }: FitPlan, { signal, pause }: TrainingContext): FitContext {
  return { random: random(seed).fork("all"), signal, pause };
}

/** Returns the rows of the training tables. */
function trainingRows({ train }: TrainingData, rows: readonly number[]): FeatureTable[] {
  return train.map(({ table }) => takeUtterances(table, rows));
}

/** Returns the model fitted on every utterance that has a class. @throws UndertoneError `learn/*`, `cancelled`. */
export function fitClasses(data: TrainingData, plan: FitPlan, context: TrainingContext): Promise<Model> {
  const { dataset, table, labelMap } = data;
  const labels = new Map(
    dataset.utterances.map(({ id, label }) => [id, label === undefined ? null : mapLabel(labelMap, label)]),
  );
  const utterances = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const kept = table.ids.flatMap((id, i) => (labels.get(id) ? [i] : []));
  const tables = trainingRows(data, kept);
  const copies = tables.flatMap(({ ids }) => ids);
  const votes = ratedVotes(
    copies.map((id) => utterances.get(id)!),
    labelMap,
  );
  const targets = {
    classes: labelMap.classes,
    labels: Int32Array.from(copies, (id) => labelMap.classes.indexOf(labels.get(id)!)),
    groups: groupIndices(copies.map((id) => utterances.get(id)!.speaker)),
    votes,
  };
  return estimatorOf(plan.model).fit(stackTables(tables), targets, fitContext(plan, context));
}

/** Returns the model fitted on every utterance that has all values. @throws UndertoneError `learn/*`, `cancelled`. */
export function fitValues(data: TrainingData, plan: FitPlan, context: TrainingContext): Promise<Model> {
  const { dataset, table, values: names } = data;
  const utterances = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const rows = table.ids.flatMap((id, i) => {
    const utterance = utterances.get(id)!;
    const values = valuesOf(utterance, names);
    return values ? [{ i, utterance, values }] : [];
  });
  const tables = trainingRows(
    data,
    rows.map(({ i }) => i),
  );
  const training = valueTraining(rows, names, tables);
  return estimatorOf(plan.model, "values").fit(training.table, training.targets, fitContext(plan, context));
}
