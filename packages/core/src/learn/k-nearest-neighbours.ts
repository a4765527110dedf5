/** Classification by the nearest rows. */
import { matrix, takeRows } from "../math/matrix.js";
import { defineClassifier } from "./define-classifier.js";
import { nearestMeans, neighbourParameters } from "./neighbours/nearest.js";

/**
 * k nearest neighbours (Fix and Hodges 1951; Cover and Hart 1967) as scikit-learn's KNeighborsClassifier has them, by
 * Euclidean distance; each neighbour votes with its row's weight. The model holds all rows that it learnt from.
 */
export const kNearestNeighbours = defineClassifier({
  kind: "k-nearest-neighbours",
  summary: "k nearest neighbours: no assumption, for few features; the model holds every row",
  parameters: neighbourParameters,
  standardize: true,
  async fitCore({ x, labels, classes, weights, origins, params }) {
    // Copies of a row are one neighbour, which votes for several classes; they stand side by side.
    const firsts = Array.from(labels.keys()).filter(
      (i) => !origins || i === 0 || origins[i] !== origins[i - 1],
    );
    const width = classes + 1;
    const said = new Float32Array(firsts.length * width);
    firsts.forEach((first, t) => {
      for (let i = first; i < (firsts[t + 1] ?? labels.length); i++) {
        said[t * width + labels[i]] += weights[i];
        said[t * width + classes] += weights[i];
      }
    });
    const known = origins ? takeRows(x, firsts) : x;
    const { neighbours: count, vote } = params;
    const nearest = nearestMeans({ x: known, said, outputs: classes, count, vote });
    return {
      scores: (rows) => matrix(rows.rows, classes, Float32Array.from(nearest.values(rows))),
      emit: nearest.emit,
    };
  },
});
