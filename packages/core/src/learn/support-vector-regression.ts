/** Support vector regression. */

import { checkpoint } from "./checkpoint.js";
import { defineRegressor } from "./define-estimator.js";
import { kernelValues } from "./kernel/kernel-map.js";
import { centredMatrix, kernelMemory } from "./kernel/kernel-memory.js";
import { columnMeans, scaleGamma } from "./kernel/scale-gamma.js";
import { dualBytes, solveDual } from "./kernel/smo.js";
import { choice, nonNegative, positive, wordOr } from "./parameters.js";

/** ε-SVR as scikit-learn's SVR (LIBSVM) has it: errors up to `epsilon` are free, in the unit of the targets. */
export const supportVectorRegression = defineRegressor({
  kind: "support-vector-regression",
  summary: "Support vector regression: not moved by outliers; set C and epsilon to the scale of the values",
  parameters: {
    C: positive(1),
    epsilon: nonNegative(0.1),
    kernel: choice(["rbf", "linear"]),
    gamma: wordOr(["scale"], positive(1)),
    tolerance: positive(1e-4),
    cacheMegabytes: positive(256),
  },
  standardize: true,
  async fitCore({ x, targets, outputs, weights, params, context }) {
    const { C, epsilon, tolerance } = params;
    const n = x.rows;
    const gamma =
      params.kernel === "linear" ? "linear" : params.gamma === "scale" ? scaleGamma(x) : params.gamma;
    const origin = gamma === "linear" ? new Float32Array(x.cols) : columnMeans(x);
    const kernel = kernelMemory(centredMatrix(x, origin), {
      gamma,
      maxBytes: params.cacheMegabytes * 1024 * 1024,
      largest: n,
      free: dualBytes(n, 2),
    })([{ from: 0, to: n }]);
    // Each row twice: once pulling its value up, once pulling it down.
    const signs = Int8Array.from({ length: 2 * n }, (_, t) => (t < n ? 1 : -1));
    const bounds = Float64Array.from({ length: 2 * n }, (_, t) => C * weights[t % n]);
    const coefficients = new Float64Array(outputs * n);
    const bias = new Float64Array(outputs);
    for (let k = 0; k < outputs; k++) {
      await checkpoint(context, k / outputs);
      const linear = Float64Array.from({ length: 2 * n }, (_, t) => {
        const y = targets[(t % n) * outputs + k];
        return t < n ? epsilon - y : epsilon + y;
      });
      const { alpha, rho } = solveDual({ kernel, signs, bounds, linear, tolerance });
      for (let t = 0; t < n; t++) coefficients[k * n + t] = alpha[t] - alpha[n + t];
      bias[k] = -rho;
    }
    return kernelValues({ x, coefficients, bias, gamma });
  },
});
