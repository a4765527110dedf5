/** Builds an ONNX graph node by node; names are made unique by the builder. */
import {
  type DataType,
  dataTypes,
  float32Tensor,
  float64Tensor,
  int64Tensor,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./onnx-model.js";
import { writeModel } from "./write-model.js";

/** The operator sets that Undertone writes; every ONNX Runtime since 1.13, native and web, has them. */
export const writtenOpsets = { "": 17, "ai.onnx.ml": 3 } as const;

/** How a node differs from the plainest one. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Operator domain, `""` or `"ai.onnx.ml"`. */
  readonly domain?: "" | "ai.onnx.ml";
  /** How many outputs the node has. */
  readonly outputs?: number;
}

/** A graph under construction. */
export interface GraphBuilder {
  /** Declares a graph input, float32 unless told, and returns its name. */
  input(name: string, dims: readonly (number | string | null)[], type?: DataType): string;
  /** Makes the value called `from` the graph output called `name`. */
  output(name: string, from: string, dims: readonly (number | string | null)[], type?: DataType): void;
  /** Adds a float32 constant and returns its name. */
  constant(hint: string, dims: readonly number[], values: ArrayLike<number>): string;
  /** Adds a float64 constant and returns its name. */
  doubles(hint: string, dims: readonly number[], values: ArrayLike<number>): string;
  /** Adds a conversion to another element type and returns the name of the result. */
  cast(from: string, type: DataType): string;
  /** Adds an int64 constant (shapes, axes, indices) and returns its name. */
  integers(hint: string, values: ArrayLike<number>): string;
  /** Adds a tensor under a name derived from its own and returns that name. */
  initializer(tensor: OnnxTensor): string;
  /** Adds an operator and returns the name of its first output. */
  node(op: string, inputs: readonly string[], options?: NodeOptions): string;
  /** Adds an operator and returns the names of all its outputs. */
  nodes(op: string, inputs: readonly string[], options?: NodeOptions): readonly string[];
  /**
   * Returns the finished model's bytes.
   * @throws RangeError when there is no output.
   */
  toBytes(metadata?: Readonly<Record<string, string>>): Uint8Array;
}

/** Returns an empty graph. */
export function graphBuilder(name = "undertone"): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const taken = new Map<string, number>();

  const unique = (hint: string): string => {
    const count = taken.get(hint) ?? 0;
    taken.set(hint, count + 1);
    if (count === 0) return hint;
    const numbered = `${hint}_${count}`;
    return taken.has(numbered) ? unique(hint) : unique(numbered);
  };
  const exactly = (wanted: string): string => {
    if (taken.has(wanted)) throw new RangeError(`graphBuilder: the name '${wanted}' is taken`);
    return unique(wanted);
  };

  const builder: GraphBuilder = {
    input(wanted, dims, type = "float32") {
      inputs.push({ name: exactly(wanted), type, dims: [...dims] });
      return wanted;
    },
    output(wanted, from, dims, type = "float32") {
      nodes.push({
        name: "",
        op: "Identity",
        domain: "",
        inputs: [from],
        outputs: [exactly(wanted)],
        attributes: {},
      });
      outputs.push({ name: wanted, type, dims: [...dims] });
    },
    constant: (hint, dims, values) => builder.initializer(float32Tensor(hint, dims, values)),
    doubles: (hint, dims, values) => builder.initializer(float64Tensor(hint, dims, values)),
    cast: (from, type) => builder.node("Cast", [from], { attributes: { to: int(dataTypes[type].code) } }),
    integers: (hint, values) => builder.initializer(int64Tensor(hint, [values.length], values)),
    initializer(tensor) {
      const own = unique(tensor.name);
      initializers.push({ ...tensor, name: own });
      return own;
    },
    node: (op, from, options) => builder.nodes(op, from, options)[0]!,
    nodes(op, from, { attributes = {}, domain = "", outputs: count = 1 } = {}) {
      const made = Array.from({ length: count }, () => unique(op.toLowerCase()));
      nodes.push({ name: "", op, domain, inputs: [...from], outputs: made, attributes });
      return made;
    },
    toBytes(metadata = {}) {
      if (outputs.length === 0) throw new RangeError("graphBuilder: the graph has no output");
      return writeModel({
        irVersion: 8,
        producer: "undertone",
        opsets: writtenOpsets,
        graph: { name, nodes, initializers, inputs, outputs },
        metadata,
      });
    },
  };
  return builder;
}

/** Returns an integer attribute. */
export function int(value: number | bigint): OnnxAttribute {
  return { type: "int", value: BigInt(value) };
}

/** Returns an attribute that is a list of integers. */
export function ints(values: ArrayLike<number>): OnnxAttribute {
  return { type: "ints", value: BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i]!)) };
}

/** Returns a float attribute. */
export function float(value: number): OnnxAttribute {
  return { type: "float", value: Math.fround(value) };
}

/** Returns an attribute that is a list of floats. */
export function floats(values: ArrayLike<number>): OnnxAttribute {
  return { type: "floats", value: Float32Array.from(values) };
}

/** Returns a text attribute. */
export function text(value: string): OnnxAttribute {
  return { type: "string", value };
}

/** Returns an attribute that is a list of texts. */
export function texts(value: readonly string[]): OnnxAttribute {
  return { type: "strings", value: [...value] };
}
