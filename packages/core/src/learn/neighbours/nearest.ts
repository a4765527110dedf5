/** The nearest of the rows that were learnt from, and the mean of what they say: in TypeScript and as a graph. */
import { addProduct, block, subBlock, transposed } from "../../math/linear-algebra.js";
import { type Matrix, matrix } from "../../math/matrix.js";
import { int } from "../../onnx/graph-builder.js";
import type { Core } from "../define-estimator.js";
import { choice, integerFrom } from "../parameters.js";

/** Hyper-parameters of estimators by neighbours. */
export const neighbourParameters = {
  neighbours: integerFrom(1, 5),
  vote: choice(["uniform", "distance"]),
};

/** Rows to look among, and what each says. */
export interface Neighbours {
  readonly x: Matrix;
  /** Rows × (outputs + 1): weight · value of each output, then the weight. */
  readonly said: Float32Array;
  readonly outputs: number;
  readonly count: number;
  /** Neighbours count alike, or by 1 / distance. */
  readonly vote: "uniform" | "distance";
}

/** A distance counts as at least this part of the typical one, so that a row that was learnt from outweighs all others. */
const nearness = 1e-6;

interface Prepared {
  /** Mean of the rows, which is subtracted first. */
  readonly centre: Float32Array;
  readonly rows: Float64Array;
  readonly norms: Float64Array;
  readonly floor: number;
}

function prepare({ x }: Neighbours): Prepared {
  const sums = new Float64Array(x.cols);
  x.data.forEach((value, at) => {
    sums[at % x.cols] += value;
  });
  const centre = Float32Array.from(sums, (sum) => sum / x.rows);
  const rows = Float64Array.from(x.data, (value, at) => value - centre[at % x.cols]);
  const norms = squares(rows, x.rows, x.cols);
  const spread = norms.reduce((a, b) => a + b, 0) / x.rows;
  return { centre, rows, norms, floor: Math.fround(nearness * Math.sqrt(spread)) || nearness };
}

function squares(values: Float64Array, rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let at = i * cols; at < (i + 1) * cols; at++) sum += values[at] ** 2;
    return sum;
  });
}

/**
 * Returns what the neighbours of rows say, and the graph of it. Distances are Euclidean, computed in float64 and compared in
 * float32, both here and in the graph, so that equally near rows are taken in the order in which they were learnt.
 */
export function nearestMeans(neighbours: Neighbours): Core {
  const { x: known, said, outputs, count, vote } = neighbours;
  const { centre, rows, norms, floor } = prepare(neighbours);
  const k = Math.min(count, known.rows);
  const width = outputs + 1;
  const learnt = block(known.rows, known.cols, rows);
  return {
    apply(x) {
      const out = matrix(x.rows, outputs);
      const distances = new Float32Array(known.rows);
      const found = new Int32Array(k);
      const sums = new Float64Array(width);
      const part = 256;
      const products = block(part, known.rows);
      for (let start = 0; start < x.rows; start += part) {
        const size = Math.min(part, x.rows - start);
        const asked = Float64Array.from({ length: size * x.cols }, (_, at) => {
          return x.data[start * x.cols + at] - centre[at % x.cols];
        });
        const own = squares(asked, size, x.cols);
        products.data.fill(0);
        addProduct(subBlock(products, 0, 0, size, known.rows), block(size, x.cols, asked), learnt);
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < known.rows; j++)
            distances[j] = Math.max(0, own[i] + norms[j] - 2 * products.data[i * known.rows + j]);
          nearestInto(found, distances);
          sums.fill(0);
          for (const j of found) {
            const counts = vote === "uniform" ? 1 : floor / Math.max(floor, Math.sqrt(distances[j]));
            for (let c = 0; c < width; c++) sums[c] += counts * said[j * width + c];
          }
          for (let c = 0; c < outputs; c++) out.data[(start + i) * outputs + c] = sums[c] / sums[outputs];
        }
      }
      return out;
    },
    emit(graph, input) {
      const centred = graph.node("Sub", [
        graph.cast(input, "float64"),
        graph.doubles("centre", [known.cols], centre),
      ]);
      const axis = graph.integers("axis", [1]);
      const own = graph.node("ReduceSum", [graph.node("Mul", [centred, centred]), axis]);
      const turned = transposed(rows, known.rows, known.cols).data.map((value) => -2 * value);
      const product = graph.node("MatMul", [
        centred,
        graph.doubles("rows", [known.cols, known.rows], turned),
      ]);
      const exact = graph.node("Add", [
        graph.node("Add", [product, own]),
        graph.doubles("norms", [known.rows], norms),
      ]);
      const distances = graph.node("Relu", [graph.cast(exact, "float32")]);
      const [nearest, indices] = graph.nodes("TopK", [distances, graph.integers("k", [k])], {
        attributes: { axis: int(1), largest: int(0), sorted: int(1) },
        outputs: 2,
      });
      const table = graph.constant("said", [known.rows, width], said);
      let each = graph.node("Gather", [table, indices!]);
      if (vote === "distance") {
        const low = graph.constant("floor", [], [floor]);
        const distance = graph.node("Max", [graph.node("Sqrt", [nearest!]), low]);
        const counts = graph.node("Unsqueeze", [
          graph.node("Div", [low, distance]),
          graph.integers("end", [2]),
        ]);
        each = graph.node("Mul", [each, counts]);
      }
      const sums = graph.node("ReduceSum", [each, axis], { attributes: { keepdims: int(0) } });
      const [values, weights] = graph.nodes("Split", [sums, graph.integers("parts", [outputs, 1])], {
        attributes: { axis: int(1) },
        outputs: 2,
      });
      return graph.node("Div", [values!, weights!]);
    },
  };
}

/** Writes the indices of the smallest distances, the smallest first, the lower index first where they are equal. */
function nearestInto(found: Int32Array, distances: Float32Array): void {
  let held = 0;
  for (let j = 0; j < distances.length; j++) {
    const distance = distances[j];
    if (held === found.length && distance >= distances[found[held - 1]]) continue;
    let at = held < found.length ? held++ : held - 1;
    for (; at > 0 && distances[found[at - 1]] > distance; at--) found[at] = found[at - 1];
    found[at] = j;
  }
}
