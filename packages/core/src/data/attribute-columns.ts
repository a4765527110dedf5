/** What a corpus tells of an utterance, as columns of numbers. */
import { expectedOneOf, UndertoneError } from "../errors.js";
import { matrix } from "../math/matrix.js";
import type { FeatureTable } from "./feature-table.js";
import type { Dataset } from "./utterance.js";

/** An attribute with more values than this tells utterances apart rather than groups of them. */
const mostValues = 50;

/** What would tell of other utterances, or of the label, instead of this one. */
const notFeatures = ["copyOf", "corpus"];

/**
 * Returns the table with one column more for each value of the named attributes, such as `sex=female`: 1 where an utterance has that value, else 0
 * (one-hot, as scikit-learn's OneHotEncoder(handle_unknown="ignore")); all are 0 where it has none. The values are those of the whole dataset: which there
 * are says nothing of any label, and a value that a training part lacks is a constant column there.
 * @throws UndertoneError `usage/bad-value` for an attribute that no utterance has, or with more than 50 values.
 */
export function withAttributes(
  table: FeatureTable,
  dataset: Dataset,
  attributes: readonly string[],
): FeatureTable {
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const rows = table.ids.map((id) => byId.get(id)?.attributes ?? {});
  const known = [...new Set(dataset.utterances.flatMap((utterance) => Object.keys(utterance.attributes)))]
    .filter((name) => !notFeatures.includes(name))
    .sort();
  const columns = attributes.flatMap((name) => {
    if (!known.includes(name)) {
      throw new UndertoneError(
        "usage/bad-value",
        `No utterance of '${dataset.name}' has the attribute '${name}', ${known.length > 0 ? expectedOneOf(name, known) : "there are none"}`,
      );
    }
    const values = [...new Set(dataset.utterances.flatMap((one) => one.attributes[name] ?? []))].sort();
    if (values.length > mostValues) {
      throw new UndertoneError(
        "usage/bad-value",
        `The attribute '${name}' has ${values.length} values, expected at most ${mostValues} to make columns of`,
      );
    }
    return values.map((value) => ({ name, value }));
  });
  const { frames, offsets } = table;
  const cols = frames.cols + columns.length;
  const wide = matrix(frames.rows, cols);
  rows.forEach((own, i) => {
    for (let r = offsets[i]; r < offsets[i + 1]; r++) {
      wide.data.set(frames.data.subarray(r * frames.cols, (r + 1) * frames.cols), r * cols);
      columns.forEach(({ name, value }, j) => {
        wide.data[r * cols + frames.cols + j] = own[name] === value ? 1 : 0;
      });
    }
  });
  return {
    ...table,
    names: [...table.names, ...columns.map(({ name, value }) => `${name}=${value}`)],
    frames: wide,
  };
}
