/** Rewrites operators for a newer version of the standard operator set, where what they are told has moved from attributes to inputs. */
import { UndertoneError } from "../errors.js";
import type { OnnxAttribute, OnnxNode } from "./onnx-model.js";

/** The oldest version whose operators are known to be rewritten rightly. */
const oldest = 11;

/** Operators whose attributes became inputs, by the version in which they did: what the attribute is called. */
const movedAttributes: Readonly<Record<string, { readonly version: number; readonly attribute: string }>> = {
  Squeeze: { version: 13, attribute: "axes" },
  Unsqueeze: { version: 13, attribute: "axes" },
  ReduceSum: { version: 13, attribute: "axes" },
  Split: { version: 13, attribute: "split" },
  ReduceL1: { version: 18, attribute: "axes" },
  ReduceL2: { version: 18, attribute: "axes" },
  ReduceLogSum: { version: 18, attribute: "axes" },
  ReduceLogSumExp: { version: 18, attribute: "axes" },
  ReduceMax: { version: 18, attribute: "axes" },
  ReduceMean: { version: 18, attribute: "axes" },
  ReduceMin: { version: 18, attribute: "axes" },
  ReduceProd: { version: 18, attribute: "axes" },
  ReduceSumSquare: { version: 18, attribute: "axes" },
};

/** Operators that came to mean something else, by the version in which they did. */
const changed: Readonly<Record<string, number>> = {
  Dropout: 12,
  Softmax: 13,
  LogSoftmax: 13,
  Hardmax: 13,
  BatchNormalization: 14,
  Resize: 18,
  AveragePool: 19,
  DFT: 20,
  GridSample: 20,
};

/** Whether the meaning is the old one all the same. */
function means(node: OnnxNode): boolean {
  const { axis, training_mode: training } = node.attributes;
  if (["Softmax", "LogSoftmax", "Hardmax"].includes(node.op))
    return axis?.type === "int" && axis.value === -1n;
  if (node.op === "BatchNormalization") return node.outputs.length === 1 && training === undefined;
  if (node.op === "AveragePool") return node.attributes.ceil_mode === undefined;
  return false;
}

/**
 * Returns the node as version `to` of the standard operator set wants it.
 * @param constant adds a list of integers to the graph and returns its name.
 * @throws UndertoneError `onnx/unsupported` for an operator that means something else there.
 */
export function raiseNode(
  node: OnnxNode,
  { from, to }: { readonly from: number; readonly to: number },
  constant: (values: BigInt64Array) => string,
): OnnxNode {
  if (from >= to || !["", "ai.onnx"].includes(node.domain)) return node;
  const became = changed[node.op];
  if (from < oldest || (became !== undefined && from < became && became <= to && !means(node))) {
    throw new UndertoneError(
      "onnx/unsupported",
      `The operator ${node.op} of operator set ${from} cannot be part of a graph of operator set ${to}, expected an export of operator set ${to}`,
    );
  }
  const nested = Object.values(node.attributes).some(({ type }) => type === "graph");
  if (nested) {
    throw new UndertoneError(
      "onnx/unsupported",
      `The operator ${node.op} holds a graph of operator set ${from}, expected none, or an export of operator set ${to}`,
    );
  }
  const split18 = node.op === "Split" && from < 18 && to >= 18;
  const moved = movedAttributes[node.op];
  const held =
    moved && from < moved.version && moved.version <= to ? node.attributes[moved.attribute] : undefined;
  const { [moved?.attribute ?? ""]: _, ...rest } = node.attributes;
  const raised: OnnxNode =
    held?.type === "ints"
      ? { ...node, inputs: [node.inputs[0], constant(held.value)], attributes: rest }
      : node;
  if (!split18 || raised.inputs.length > 1) return raised;
  const parts: OnnxAttribute = { type: "int", value: BigInt(node.outputs.length) };
  return { ...raised, attributes: { ...raised.attributes, num_outputs: parts } };
}
