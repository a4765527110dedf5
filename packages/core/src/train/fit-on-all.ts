/** The model that goes into an artifact: fitted on every utterance that can teach it something. */
import { stackTables } from "../data/feature-table.js";
import { lookUp, targetsOf, taughtRows, taughtTo } from "../evaluate/taught-rows.js";
import type { Estimator, Model } from "../learn/estimator.js";
import { random } from "../math/random.js";
import type { TrainingContext, TrainingData } from "./training-data.js";

/** Returns the fitted model. @throws UndertoneError `learn/*`, `cancelled`. */
export function fitOnAll(
  data: TrainingData,
  estimator: Estimator,
  { seed, signal, pause }: Pick<TrainingContext, "signal" | "pause"> & { readonly seed: number },
): Promise<Model> {
  const { dataset, table, train } = data;
  const taught = taughtTo(estimator, data);
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const rows = taughtRows(
    table.ids.map((id) => byId.get(id)!),
    taught,
  );
  const tables = train.map((heard) => lookUp(heard.table)(rows));
  const targets = targetsOf(
    tables.flatMap(() => rows),
    taught,
  );
  return estimator.fit(stackTables(tables), targets, { random: random(seed).fork("all"), signal, pause });
}
