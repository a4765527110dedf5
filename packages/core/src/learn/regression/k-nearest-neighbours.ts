/** Values of the nearest rows. */
import { matrix } from "../../math/matrix.js";
import { defineRegressor } from "../define-regressor.js";
import { nearestMeans, neighbourParameters } from "../neighbours/nearest.js";

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
    const nearest = nearestMeans({ x, said, outputs, count, vote });
    return {
      values: (rows) => matrix(rows.rows, outputs, Float32Array.from(nearest.values(rows))),
      emit: nearest.emit,
    };
  },
});
