/** Ridge regression on kernels. */
import { choleskyInPlace, solveCholeskyInto } from "../math/linear-algebra.js";
import { defineRegressor } from "./define-estimator.js";
import { kernelValues } from "./kernel/kernel-map.js";
import { centredRows, linearKernel, rbfKernel } from "./kernel/rbf-kernel.js";
import { columnMeans, scaleGamma } from "./kernel/scale-gamma.js";
import { choice, positive, wordOr } from "./parameters.js";
import { targetsByOutput } from "./ridge/fit-ridge.js";

/**
 * Kernel ridge regression as scikit-learn's KernelRidge has it, with one deviation: the mean of the targets is taken away
 * before and added after, so that far from all rows the value is the mean and not 0. Solves a system of as many equations as rows.
 */
export const kernelRidge = defineRegressor({
  kind: "kernel-ridge",
  summary: "Kernel ridge regression: curved relations in closed form, up to some thousand rows",
  parameters: {
    alpha: positive(1),
    kernel: choice(["rbf", "linear"]),
    gamma: wordOr(["scale"], positive(1)),
  },
  standardize: true,
  async fitCore(rows) {
    const { x, weights, outputs, params } = rows;
    const n = x.rows;
    const gamma =
      params.kernel === "linear" ? "linear" : params.gamma === "scale" ? scaleGamma(x) : params.gamma;
    const total = weights.reduce((a, b) => a + b, 0);
    const targets = targetsByOutput(rows);
    const bias = new Float64Array(outputs);
    for (let k = 0; k < outputs; k++) {
      for (let i = 0; i < n; i++) bias[k] += (weights[i] / total) * targets.data[k * n + i];
      for (let i = 0; i < n; i++) targets.data[k * n + i] -= bias[k];
    }
    const origin = gamma === "linear" ? new Float32Array(x.cols) : columnMeans(x);
    const centred = centredRows(x, origin);
    const system = gamma === "linear" ? linearKernel(centred, centred) : rbfKernel(centred, centred, gamma);
    for (let i = 0; i < n; i++) system.data[i * n + i] += params.alpha / weights[i];
    choleskyInPlace(system);
    solveCholeskyInto(system, targets);
    return kernelValues({ x, coefficients: targets.data, bias, gamma });
  },
});
