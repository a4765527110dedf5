/** The model that goes into an artifact: fitted on every utterance that can teach it something. */
import { lessonsOf, type TaughtRow, taughtRows, taughtTo } from "../evaluate/taught-rows.js";
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
  const { table, targets } = lessonsOf(data)(rows, taughtTo(estimator, data));
  return estimator.fit(table, targets, { random: random(seed).fork("all"), signal, pause });
}
