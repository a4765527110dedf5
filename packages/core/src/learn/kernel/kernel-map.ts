/** Values that are sums of kernels, Σ coefficientᵢ · K(x, xᵢ) + bias: in TypeScript and as a graph, in float64 both. */
import { addProduct, block, transposed } from "../../math/linear-algebra.js";
import { type Matrix, matrix, takeRows } from "../../math/matrix.js";
import type { Core } from "../define-estimator.js";
import { linearValues } from "../linear/linear-core.js";
import { centredRows, rbfKernel } from "./rbf-kernel.js";
import { columnMeans } from "./scale-gamma.js";

/** A sum of kernels for each output. */
export interface KernelSum {
  readonly x: Matrix;
  /** Outputs × rows of `x`. */
  readonly coefficients: Float64Array;
  readonly bias: Float64Array;
  readonly gamma: number | "linear";
}

/** Returns the core; linear kernels become one linear map, rows without a coefficient are dropped. */
export function kernelValues({ x, coefficients, bias, gamma }: KernelSum): Core {
  const outputs = bias.length;
  if (gamma === "linear") {
    const weights = block(outputs, x.cols);
    addProduct(weights, block(outputs, x.rows, coefficients), transposed(x.data, x.rows, x.cols));
    return linearValues({ weights, bias });
  }
  const centre = columnMeans(x);
  const used = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) =>
    bias.some((_, k) => coefficients[k * x.rows + i] !== 0),
  );
  const count = used.length;
  const vectors = centredRows(takeRows(x, used), centre);
  const dual = block(outputs, count);
  for (let k = 0; k < outputs; k++)
    used.forEach((i, t) => {
      dual.data[k * count + t] = coefficients[k * x.rows + i];
    });
  const norms = Float64Array.from({ length: count }, (_, t) => {
    let sum = 0;
    for (let j = t * x.cols; j < (t + 1) * x.cols; j++) sum += vectors.data[j] ** 2;
    return sum;
  });
  return {
    apply(rows) {
      const out = block(rows.rows, outputs);
      for (let i = 0; i < rows.rows; i++) out.data.set(bias, i * outputs);
      addProduct(out, rbfKernel(centredRows(rows, centre), vectors, gamma), dual);
      return matrix(rows.rows, outputs, Float32Array.from(out.data));
    },
    emit(graph, input) {
      const shifted = graph.node("Sub", [input, graph.constant("centre", [x.cols], centre)]);
      const rows = graph.cast(shifted, "float64");
      const own = graph.node("ReduceSum", [graph.node("Mul", [rows, rows]), graph.integers("axis", [1])]);
      const turned = transposed(vectors.data, count, x.cols).data.map((value) => -2 * value);
      const product = graph.node("MatMul", [rows, graph.doubles("vectors", [x.cols, count], turned)]);
      const distance = graph.node("Add", [
        graph.node("Add", [product, own]),
        graph.doubles("norms", [count], norms),
      ]);
      const kernel = graph.node("Exp", [
        graph.node("Mul", [graph.node("Relu", [distance]), graph.doubles("gamma", [], [-gamma])]),
      ]);
      const sums = graph.node("MatMul", [
        kernel,
        graph.doubles("dual", [count, outputs], transposed(dual.data, outputs, count).data),
      ]);
      const values = graph.node("Add", [sums, graph.doubles("bias", [outputs], bias)]);
      return graph.cast(values, "float32");
    },
  };
}
