/** Isotonic calibration, one class against the rest: the best rising staircase from score to frequency. */
import { interpolate } from "../../math/statistics.js";
import { type GraphBuilder, int } from "../../onnx/graph-builder.js";
import { type Calibrator, isNumbers, normalized, normalizedGraph, sevenDigits } from "./calibrator.js";

/** A line through (x, y), x ascending, y not falling, held beyond both ends. */
interface RisingLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** P(class k) ∝ the k-th line at the score. */
export interface IsotonicCalibration {
  readonly kind: "isotonic";
  readonly lines: readonly RisingLine[];
}

/**
 * Returns the least-squares fit of non-falling y over x: pool adjacent violators (Ayer et al. 1955), equal x pooled first, points inside a
 * level stretch left out, as scikit-learn's IsotonicRegression.
 */
export function isotonicLine(x: ArrayLike<number>, y: ArrayLike<number>): RisingLine {
  const order = Uint32Array.from({ length: x.length }, (_, i) => i).sort((a, b) => x[a] - x[b]);
  const blocks: { low: number; high: number; sum: number; count: number }[] = [];
  for (let i = 0; i < order.length; ) {
    const at = x[order[i]];
    const block = { low: at, high: at, sum: 0, count: 0 };
    for (; i < order.length && x[order[i]] === at; i++) {
      block.sum += y[order[i]];
      block.count++;
    }
    while (blocks.length > 0 && blocks.at(-1)!.sum * block.count >= block.sum * blocks.at(-1)!.count) {
      const before = blocks.pop()!;
      block.low = before.low;
      block.sum += before.sum;
      block.count += before.count;
    }
    blocks.push(block);
  }
  const points = blocks.flatMap(({ low, high, sum, count }) =>
    low === high
      ? [[low, sum / count]]
      : [
          [low, sum / count],
          [high, sum / count],
        ],
  );
  return { x: points.map(([at]) => at!), y: points.map(([, value]) => value!) };
}

/**
 * Adds nodes that do to a score, [1, 1], what `interpolate` does: the line is its first height and, of each stretch, as much of the rise as the score has walked. Sums
 * run in float64.
 */
function risingGraph(graph: GraphBuilder, score: string, { x, y }: RisingLine): string {
  const double = graph.cast(score, "float64");
  const stretches = x
    .slice(1)
    .flatMap((to, i) => (to > x[i] ? [{ from: x[i], width: to - x[i], rise: y[i + 1] - y[i] }] : []));
  // A jump, two heights at one place, holds from there on.
  const jumps = x
    .slice(1)
    .flatMap((to, i) => (to > x[i] || y[i + 1] === y[i] ? [] : [{ at: to, rise: y[i + 1] - y[i] }]));
  const row = (hint: string, values: readonly number[]): string =>
    graph.doubles(hint, [1, values.length], values);
  const bound = (value: string, op: "Max" | "Min", limit: number): string =>
    graph.node(op, [value, graph.doubles("bound", [], [limit])]);
  const summed = (terms: string): string =>
    graph.node("ReduceSum", [terms, graph.integers("line_axis", [1])], { attributes: { keepdims: int(1) } });
  const parts = [graph.doubles("first", [1, 1], [y[0]])];
  if (stretches.length > 0) {
    const walked = graph.node("Div", [
      graph.node("Sub", [
        double,
        row(
          "start",
          stretches.map(({ from }) => from),
        ),
      ]),
      row(
        "width",
        stretches.map(({ width }) => width),
      ),
    ]);
    const part = bound(bound(walked, "Max", 0), "Min", 1);
    parts.push(
      summed(
        graph.node("Mul", [
          part,
          row(
            "rise",
            stretches.map(({ rise }) => rise),
          ),
        ]),
      ),
    );
  }
  if (jumps.length > 0) {
    const isPast = graph.node("GreaterOrEqual", [
      double,
      row(
        "jump",
        jumps.map(({ at }) => at),
      ),
    ]);
    parts.push(
      summed(
        graph.node("Mul", [
          graph.cast(isPast, "float64"),
          row(
            "height",
            jumps.map(({ rise }) => rise),
          ),
        ]),
      ),
    );
  }
  return graph.cast(parts.length > 1 ? graph.node("Sum", parts) : parts[0], "float32");
}

/** As scikit-learn's isotonic calibration, one against the rest, divided by the sum; equal parts where every line says 0. */
export const isotonic: Calibrator<IsotonicCalibration> = {
  kind: "isotonic",
  summary:
    "A rising staircase for each class against the rest (Zadrozny and Elkan 2002); wants 1000 utterances or more.",
  fit({ classCount, truth, scores }) {
    const lines = Array.from({ length: classCount }, (_, k) => {
      const { x, y } = isotonicLine(
        Float64Array.from(truth, (__, i) => scores[i * classCount + k]),
        Uint8Array.from(truth, (label) => (label === k ? 1 : 0)),
      );
      return { x: x.map(sevenDigits), y: y.map(sevenDigits) };
    });
    return { kind: "isotonic", lines };
  },
  apply(scores, { lines }) {
    return normalized(scores.map((score, k) => interpolate(score, lines[k].x, lines[k].y)));
  },
  emit(graph, scores, { lines }) {
    const each = graph.nodes(
      "Split",
      [
        scores,
        graph.integers(
          "classes",
          lines.map(() => 1),
        ),
      ],
      {
        attributes: { axis: int(1) },
        outputs: lines.length,
      },
    );
    const curves = each.map((score, k) => risingGraph(graph, score, lines[k]));
    const beside = graph.node("Concat", curves, { attributes: { axis: int(1) } });
    return normalizedGraph(graph, beside, lines.length);
  },
  parse({ lines }, classCount) {
    if (!Array.isArray(lines) || lines.length !== classCount) return undefined;
    const right = lines.every((line: { x?: unknown; y?: unknown } | null) => {
      if (!isNumbers(line?.x) || !isNumbers(line.y, line.x.length) || line.x.length === 0) return false;
      const { x, y } = line as RisingLine;
      return y.every(
        (value, i) => value >= 0 && value <= 1 && (i === 0 || (x[i] >= x[i - 1] && value >= y[i - 1])),
      );
    });
    return right ? { kind: "isotonic", lines: lines as RisingLine[] } : undefined;
  },
};
