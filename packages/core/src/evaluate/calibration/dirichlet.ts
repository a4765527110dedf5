/** Dirichlet calibration: a linear map of the log scores, for models whose mistakes among strangers have a pattern. */
import { softmax } from "../../learn/learn-speaker.js";
import { block, choleskyInPlace, solveCholeskyInto } from "../../math/linear-algebra.js";
import { int } from "../../onnx/graph-builder.js";
import { type CalibrationRows, type Calibrator, isNumbers, sevenDigits } from "./calibrator.js";
import { type RowWeights, rowWeights } from "./row-weights.js";
import { temperature } from "./temperature.js";

/** softmax(map · log scores + offsets). */
export interface DirichletCalibration {
  readonly kind: "dirichlet";
  /** Row-major, classes × classes. */
  readonly map: readonly number[];
  readonly offsets: readonly number[];
}

/** Scores below this count as this. */
const smallest = 1e-7;
/** Half the weights of the penalties on what the map has beside its temperature, and on the offsets, where rows weigh 1 together. */
const penalty = { map: 0.2, offsets: 0.002 };
/** Of fewer corpora no habit is learnt that all have: what two teach of each other sent a third's clips to wrong classes (EMO-DB .51 → .22). */
const fewestDomains = 3;
/** Steps of the fit at most, and the change of a parameter below which it ends. */
const [mostSteps, leastChange] = [2000, 1e-6];

/**
 * As Kull et al. 2019, with the off-diagonal penalty on all that differs from the best temperature: what few scores tell of is left as it is.
 * Rows weigh as `rowWeights` has it. Of two corpora it is the temperature alone.
 */
export const dirichlet: Calibrator<DirichletCalibration> = {
  kind: "dirichlet",
  summary:
    "A linear map of all log scores, held to one temperature where little is known (Kull et al. 2019).",
  fit(rows) {
    const { classCount: count } = rows;
    const { temperature: t } = temperature.fit(rows);
    const x = centredLogs(rows);
    const about = {
      x,
      slope: 1 / t,
      steps: rows.domains && new Set(rows.domains).size < fewestDomains ? 0 : mostSteps,
    };
    const map = fitMap({ ...rows, ...rowWeights(rows) }, about);
    // Of logs that are not centred the map takes the mean off itself.
    const means = Array.from({ length: count }, (_, k) => {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += map[k][j];
      return sum / count;
    });
    return {
      kind: "dirichlet",
      map: map.flatMap((own, k) => Array.from(own.subarray(0, count), (v) => sevenDigits(v - means[k]))),
      offsets: map.map((own) => sevenDigits(own[count])),
    };
  },
  apply(scores, { map, offsets }) {
    const logs = scores.map((p) => Math.log(Math.max(p, smallest)));
    const values = Float64Array.from(offsets, (offset, k) =>
      logs.reduce((sum, log, j) => sum + map[k * logs.length + j] * log, offset),
    );
    return Array.from(softmax(values));
  },
  emit(graph, scores, { map, offsets }) {
    const count = offsets.length;
    const floor = graph.doubles("smallest", [], [smallest]);
    const logs = graph.node("Log", [graph.node("Max", [graph.cast(scores, "float64"), floor])]);
    const turned = Array.from(
      { length: count * count },
      (_, i) => map[(i % count) * count + Math.floor(i / count)],
    );
    const mapped = graph.node("MatMul", [logs, graph.doubles("map", [count, count], turned)]);
    const values = graph.node("Add", [mapped, graph.doubles("offsets", [1, count], offsets)]);
    return graph.cast(graph.node("Softmax", [values], { attributes: { axis: int(-1) } }), "float32");
  },
  parse({ map, offsets }, classCount) {
    return isNumbers(map, classCount * classCount) && isNumbers(offsets, classCount)
      ? { kind: "dirichlet", map, offsets }
      : undefined;
  },
};

/** Returns the log scores of each row less their mean, and a 1 after them. */
function centredLogs({ classCount: count, truth, scores }: CalibrationRows): Float64Array {
  const x = new Float64Array(truth.length * (count + 1));
  for (let i = 0; i < truth.length; i++) {
    let mean = 0;
    for (let j = 0; j < count; j++) {
      const log = Math.log(Math.max(scores[i * count + j], smallest));
      x[i * (count + 1) + j] = log;
      mean += log / count;
    }
    for (let j = 0; j < count; j++) x[i * (count + 1) + j] -= mean;
    x[i * (count + 1) + count] = 1;
  }
  return x;
}

/** Returns a row a class: its map and its offset. The log loss falls in every step of the fixed curvature that bounds it (Böhning and Lindsay 1988). */
function fitMap(
  { classCount: count, truth, weights, isAnswer }: CalibrationRows & RowWeights,
  { x, slope, steps }: { x: Float64Array; slope: number; steps: number },
): Float64Array[] {
  const width = count + 1;
  const bound = block(width, width);
  for (let i = 0; i < truth.length; i++)
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++)
        bound.data[a * width + b] += (weights[i] / 2) * x[i * width + a] * x[i * width + b];
  const penalties = Float64Array.from({ length: width }, (_, j) =>
    j < count ? penalty.map : penalty.offsets,
  );
  for (let j = 0; j < width; j++) bound.data[j * width + j] += 2 * penalties[j];
  choleskyInPlace(bound);
  const at = Array.from({ length: count }, (_, k) => new Float64Array(width).fill(slope, k, k + 1));
  const values = new Float64Array(count);
  const step = block(count, width);
  for (let round = 0; round < steps; round++) {
    at.forEach((own, k) => {
      for (let j = 0; j < width; j++)
        step.data[k * width + j] = 2 * penalties[j] * (own[j] - (j === k ? slope : 0));
    });
    for (let i = 0; i < truth.length; i++) {
      let top = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < count; k++) {
        let value = 0;
        for (let j = 0; j < width; j++) value += at[k][j] * x[i * width + j];
        values[k] = isAnswer(i, k) ? value : Number.NEGATIVE_INFINITY;
        top = Math.max(top, values[k]);
      }
      let sum = 0;
      for (let k = 0; k < count; k++) {
        values[k] = Math.exp(values[k] - top);
        sum += values[k];
      }
      for (let k = 0; k < count; k++) {
        const pull = weights[i] * (values[k] / sum - (truth[i] === k ? 1 : 0));
        for (let j = 0; j < width; j++) step.data[k * width + j] += pull * x[i * width + j];
      }
    }
    solveCholeskyInto(bound, step);
    let change = 0;
    at.forEach((own, k) => {
      for (let j = 0; j < width; j++) {
        own[j] -= step.data[k * width + j];
        change = Math.max(change, Math.abs(step.data[k * width + j]));
      }
    });
    if (change < leastChange) break;
  }
  return at;
}
