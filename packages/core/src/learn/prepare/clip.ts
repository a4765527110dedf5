/** Clips each column to percentiles of the training part. */
import { matrix } from "../../math/matrix.js";
import { percentiles } from "../../math/statistics.js";
import { percentage } from "../parameters.js";
import { presentValues } from "./present-values.js";
import { columnStep } from "./step.js";

/** What lies outside the percentiles `low` and `high` of the training part becomes the nearer of the two. Missing values stay missing. */
export const clip = columnStep({
  kind: "clip",
  summary: "Values beyond two percentiles of the training part become those percentiles",
  parameters: { low: percentage(1), high: percentage(99) },
  takesMissing: true,
  bends: true,
  fit({ x, names }, { low, high }) {
    const { cols } = x;
    const floor = new Float32Array(cols);
    const ceiling = new Float32Array(cols);
    for (let j = 0; j < cols; j++) {
      const values = presentValues(x, j);
      const [a, b] = percentiles(values, [Math.min(low, high), Math.max(low, high)]);
      floor[j] = values.length > 0 ? a! : 0;
      ceiling[j] = values.length > 0 ? b! : 0;
    }
    return {
      names,
      transformer: {
        kind: "clip",
        inputs: cols,
        outputs: cols,
        transform: (given) =>
          matrix(
            given.rows,
            cols,
            given.data.map((value, at) => Math.min(ceiling[at % cols], Math.max(floor[at % cols], value))),
          ),
        emit(graph, input) {
          const clipped = graph.node("Min", [
            graph.node("Max", [input, graph.constant("floor", [cols], floor)]),
            graph.constant("ceiling", [cols], ceiling),
          ]);
          // Min and Max of ONNX leave open what becomes of NaN.
          return graph.node("Where", [graph.node("IsNaN", [input]), input, clipped]);
        },
      },
    };
  },
});
