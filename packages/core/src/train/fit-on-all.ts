/** The model that goes into an artifact: fitted on every utterance that can teach it something. */
import { stackTables } from "../data/feature-table.js";
import { lookUp, type TaughtRow, targetsOf, taughtRows, taughtTo } from "../evaluate/taught-rows.js";
import type { Estimator, Model } from "../learn/estimator.js";
import { random } from "../math/random.js";
import type { TrainingContext, TrainingData } from "./training-data.js";

/** Returns the utterances that an estimator learns from. @throws UndertoneError `label-map/unmapped`. */
export function rowsToLearn({ dataset, table, ...what }: TrainingData, estimator: Estimator): TaughtRow[] {
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  return taughtRows(
    table.ids.map((id) => byId.get(id)!),
    taughtTo(estimator, what),
  );
}

/** Returns the fitted model of the rows. @throws UndertoneError `learn/*`, `cancelled`. */
export function fitOnAll(
  data: TrainingData,
  estimator: Estimator,
  {
    rows,
    seed,
    signal,
    pause,
  }: Pick<TrainingContext, "signal" | "pause"> & {
    readonly rows: readonly TaughtRow[];
    readonly seed: number;
  },
): Promise<Model> {
  const taught = taughtTo(estimator, data);
  const tables = data.train.map((heard) => lookUp(heard.table)(rows));
  const targets = targetsOf(
    tables.flatMap(() => rows),
    taught,
  );
  return estimator.fit(stackTables(tables), targets, { random: random(seed).fork("all"), signal, pause });
}
