/** Classification by the nearest rows. */
import { matrix } from "../math/matrix.js";
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
  async fitCore({ x, labels, classes, weights, params }) {
    const said = new Float32Array(x.rows * (classes + 1));
    labels.forEach((label, i) => {
      said[i * (classes + 1) + label] = weights[i]!;
      said[i * (classes + 1) + classes] = weights[i]!;
    });
    const { neighbours: count, vote } = params;
    const nearest = nearestMeans({ x, said, outputs: classes, count, vote });
    return {
      scores: (rows) => matrix(rows.rows, classes, Float32Array.from(nearest.values(rows))),
      emit: nearest.emit,
    };
  },
});
