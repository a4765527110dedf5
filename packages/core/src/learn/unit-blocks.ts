/** Each recording's blocks of columns to one length: how far a recording lies out says less on another corpus than which way. */
import { matrix } from "../math/matrix.js";
import { blockOf } from "./ridge/column-weights.js";
import type { Transformer } from "./transformer.js";

/** The least root mean square of a block that is brought to 1; of a smaller one no direction is known. */
const leastLength = 1e-6;

/** Returns what brings each row's part in a block of columns (`blockOf`) to a mean square of 1, of a block without any but zeros to zeros. */
export function unitBlocks(names: readonly string[]): Transformer {
  const cols = names.length;
  const of = names.map(blockOf);
  const blocks = [...new Set(of)];
  const index = Int32Array.from(of, (name) => blocks.indexOf(name));
  const widths = new Float64Array(blocks.length);
  for (const b of index) widths[b]++;
  return {
    kind: "unit-blocks",
    inputs: cols,
    outputs: cols,
    transform({ data, rows }) {
      const out = matrix(rows, cols);
      for (let i = 0; i < rows; i++) {
        const squares = new Float64Array(blocks.length);
        for (let j = 0; j < cols; j++) squares[index[j]] += data[i * cols + j] ** 2;
        const factors = squares.map((sum, b) => 1 / Math.max(leastLength, Math.sqrt(sum / widths[b])));
        for (let j = 0; j < cols; j++) out.data[i * cols + j] = data[i * cols + j] * factors[index[j]];
      }
      return out;
    },
    emit(graph, input) {
      const shares = new Float32Array(cols * blocks.length);
      const places = new Float32Array(cols * blocks.length);
      index.forEach((b, j) => {
        shares[j * blocks.length + b] = 1 / widths[b];
        places[b * cols + j] = 1;
      });
      const squares = graph.node("Mul", [input, input]);
      const means = graph.node("MatMul", [squares, graph.constant("shares", [cols, blocks.length], shares)]);
      const least = graph.constant("least", [], Float32Array.of(leastLength));
      const lengths = graph.node("Max", [graph.node("Sqrt", [means]), least]);
      const spread = graph.constant("blocks", [blocks.length, cols], places);
      return graph.node("Div", [input, graph.node("MatMul", [lengths, spread])]);
    },
  };
}
