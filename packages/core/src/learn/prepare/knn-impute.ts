/** Missing values become the mean of the nearest training rows that have them. */
import { addProduct, block, transposed } from "../../math/linear-algebra.js";
import type { Matrix } from "../../math/matrix.js";
import { mean } from "../../math/statistics.js";
import { type GraphBuilder, int } from "../../onnx/graph-builder.js";
import { integerFrom } from "../parameters.js";
import type { Transformer } from "../transformer.js";
import { fillMissing } from "./fill-missing.js";
import { ofColumns } from "./present-values.js";
import { columnStep } from "./step.js";

/** Above every squared distance of float32 values that are told apart: a row at it is no neighbour. */
const nowhere = 1e38;

/**
 * Each missing value becomes the mean of its column over the `neighbours` nearest training rows that have it. Distances are Euclidean over the
 * columns that both rows have, scaled up to all columns; a row without such a neighbour gets the column's mean (scikit-learn's KNNImputer). So do
 * missing values of columns that missed none in the training part, which scikit-learn looks up too: the graph stays small. Scale the columns first.
 */
export const knnImpute = columnStep({
  kind: "knn-impute",
  summary: "Missing values become the mean of the nearest training rows that have them",
  parameters: { neighbours: integerFrom(1, 5) },
  takesMissing: true,
  fit({ x, names }, { neighbours }) {
    const means = Float32Array.from(ofColumns(x, (values) => (values.length > 0 ? mean(values) : 0)));
    const gaps = Array.from({ length: x.cols }, (_, j) => j).filter((j) => {
      for (let i = 0; i < x.rows; i++) if (Number.isNaN(x.data[i * x.cols + j])) return true;
      return false;
    });
    const transformer =
      gaps.length === 0
        ? fillMissing("knn-impute", means)
        : knnTransformer({ x, means, gaps, count: Math.min(neighbours, x.rows) });
    return { names, transformer };
  },
});

interface Donors {
  readonly x: Matrix;
  readonly means: Float32Array;
  /** The columns that miss values in the training part. */
  readonly gaps: readonly number[];
  readonly count: number;
}

/** Returns values with 0 where they are missing, their squares, and 1 where they are there, in float64. */
function split(data: Float32Array): { zeroed: Float64Array; squares: Float64Array; there: Float64Array } {
  const zeroed = Float64Array.from(data, (value) => (Number.isNaN(value) ? 0 : value));
  return {
    zeroed,
    squares: zeroed.map((value) => value * value),
    there: Float64Array.from(data, (value) => (Number.isNaN(value) ? 0 : 1)),
  };
}

function knnTransformer(donors: Donors): Transformer {
  const { x, means, gaps, count } = donors;
  const { cols } = x;
  const known = split(x.data);
  const [zeroed, squares, there] = [
    block(x.rows, cols, known.zeroed),
    block(x.rows, cols, known.squares),
    block(x.rows, cols, known.there),
  ];
  const fill = fillMissing("knn-impute", means);
  return {
    kind: "knn-impute",
    inputs: cols,
    outputs: cols,
    transform(given) {
      const result = fill.transform(given);
      const asking = Array.from({ length: given.rows }, (_, i) => i).filter((i) =>
        gaps.some((j) => Number.isNaN(given.data[i * cols + j])),
      );
      const distances = new Float32Array(x.rows);
      for (const i of asking) {
        const own = split(given.data.subarray(i * cols, (i + 1) * cols));
        const [common, sums] = [block(1, x.rows), block(1, x.rows)];
        addProduct(common, block(1, cols, own.there), there);
        addProduct(sums, block(1, cols, own.squares), there);
        addProduct(sums, block(1, cols, own.zeroed), zeroed, -2);
        addProduct(sums, block(1, cols, own.there), squares);
        for (let r = 0; r < x.rows; r++) {
          const shared = common.data[r];
          distances[r] = shared > 0 ? Math.max(0, sums.data[r]) * (cols / shared) : nowhere;
        }
        for (const j of gaps) {
          if (!Number.isNaN(given.data[i * cols + j])) continue;
          const value = nearestMean(distances, donors, j);
          if (value !== undefined) result.data[i * cols + j] = value;
        }
      }
      return result;
    },
    emit: (graph, input) => emitKnn(graph, input, { ...donors, known, count }),
  };
}

/** Returns the mean of column `j` over the nearest rows that have it, the lower index first where they are equally near. */
function nearestMean(distances: Float32Array, { x, count }: Donors, j: number): number | undefined {
  const found = Array.from(distances.keys())
    .filter((r) => distances[r] < nowhere && !Number.isNaN(x.data[r * x.cols + j]))
    .sort((a, b) => distances[a] - distances[b] || a - b)
    .slice(0, count);
  return found.length > 0 ? mean(found.map((r) => x.data[r * x.cols + j])) : undefined;
}

function emitKnn(
  graph: GraphBuilder,
  input: string,
  { x, means, gaps, count, known }: Donors & { known: ReturnType<typeof split> },
): string {
  const { rows, cols } = x;
  const turned = (hint: string, values: Float64Array, scale = 1): string =>
    graph.doubles(
      hint,
      [cols, rows],
      transposed(values, rows, cols).data.map((value) => value * scale),
    );
  const missing = graph.node("IsNaN", [input]);
  const zeroed = graph.cast(
    graph.node("Where", [missing, graph.constant("zero", [], [0]), input]),
    "float64",
  );
  const there = graph.cast(graph.node("Not", [missing]), "float64");
  const knownThere = turned("there", known.there);
  const common = graph.node("MatMul", [there, knownThere]);
  const sums = graph.node("Add", [
    graph.node("Add", [
      graph.node("MatMul", [graph.node("Mul", [zeroed, zeroed]), knownThere]),
      graph.node("MatMul", [zeroed, turned("rows", known.zeroed, -2)]),
    ]),
    graph.node("MatMul", [there, turned("squares", known.squares)]),
  ]);
  const scaled = graph.node("Mul", [
    graph.node("Max", [sums, graph.doubles("nothing", [], [0])]),
    graph.node("Div", [
      graph.doubles("columns", [], [cols]),
      graph.node("Max", [common, graph.doubles("one", [], [1])]),
    ]),
  ]);
  const near = graph.node("Where", [
    graph.node("Greater", [common, graph.doubles("nothing", [], [0])]),
    scaled,
    graph.doubles("nowhere", [], [nowhere]),
  ]);
  // [N, 1, rows] against [gaps, rows]: a row that lacks the value itself is nowhere.
  const distances = graph.node("Unsqueeze", [graph.cast(near, "float32"), graph.integers("middle", [1])]);
  const lacks = Float32Array.from({ length: gaps.length * rows }, (_, at) =>
    Number.isNaN(x.data[(at % rows) * cols + gaps[Math.floor(at / rows)]]) ? nowhere : 0,
  );
  const each = graph.node("Max", [distances, graph.constant("lacks", [gaps.length, rows], lacks)]);
  const [nearest, indices] = graph.nodes("TopK", [each, graph.integers("k", [count])], {
    attributes: { axis: int(2), largest: int(0), sorted: int(1) },
    outputs: 2,
  });
  const usable = graph.cast(
    graph.node("Less", [nearest!, graph.constant("nowhere", [], [nowhere])]),
    "float32",
  );
  // Values of gap g stand at g · rows in one list, so that one Gather finds all.
  const values = Float32Array.from({ length: gaps.length * rows }, (_, at) => {
    const value = x.data[(at % rows) * cols + gaps[Math.floor(at / rows)]];
    return Number.isNaN(value) ? 0 : value;
  });
  const starts = graph.node("Unsqueeze", [
    graph.integers(
      "starts",
      gaps.map((_, g) => g * rows),
    ),
    graph.integers("end", [1]),
  ]);
  const found = graph.node("Gather", [
    graph.constant("known", [gaps.length * rows], values),
    graph.node("Add", [indices!, starts]),
  ]);
  const last = graph.integers("last", [2]);
  const flat = { attributes: { keepdims: int(0) } };
  const counts = graph.node("ReduceSum", [usable, last], flat);
  const total = graph.node("ReduceSum", [graph.node("Mul", [found, usable]), last], flat);
  const average = graph.node("Div", [total, graph.node("Max", [counts, graph.constant("one", [], [1])])]);
  const gapMeans = graph.constant(
    "means",
    [gaps.length],
    gaps.map((j) => means[j]),
  );
  const filled = graph.node("Where", [
    graph.node("Greater", [counts, graph.constant("zero", [], [0])]),
    average,
    gapMeans,
  ]);
  // Back to all columns: the other columns fill with their means.
  const place = new Float32Array(gaps.length * cols);
  gaps.forEach((j, g) => {
    place[g * cols + j] = 1;
  });
  const rest = Float32Array.from(means, (value, j) => (gaps.includes(j) ? 0 : value));
  const fill = graph.node("Add", [
    graph.node("MatMul", [filled, graph.constant("place", [gaps.length, cols], place)]),
    graph.constant("rest", [cols], rest),
  ]);
  return graph.node("Where", [missing, fill, input]);
}
