/** Classification by the nearest rows. */
import { takeRows } from "../math/matrix.js";
import { defineClassifier, defineRegressor } from "./define-estimator.js";
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
    return nearestMeans({ x: known, said, outputs: classes, count, vote });
  },
});

/** k nearest neighbours as scikit-learn's KNeighborsRegressor has them, by Euclidean distance. */
export const kNearestNeighboursRegressor = defineRegressor({
  kind: "k-nearest-neighbours",
  summary: "k nearest neighbours: no assumption, for few features; the model holds every row",
  parameters: neighbourParameters,
  standardize: true,
  async fitCore({ x, targets, outputs, weights, params }) {
    const width = outputs + 1;
    const said = new Float32Array(x.rows * width);
    for (let i = 0; i < x.rows; i++) {
      for (let k = 0; k < outputs; k++) said[i * width + k] = weights[i] * targets[i * outputs + k];
      said[i * width + outputs] = weights[i];
    }
    const { neighbours: count, vote } = params;
    return nearestMeans({ x, said, outputs, count, vote });
  },
});
