/** Builds an ONNX graph node by node; names are made unique by the builder. */
import {
  type DataType,
  dataTypes,
  float32Tensor,
  float64Tensor,
  int64Tensor,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./onnx-model.js";
import { raiseNode } from "./raise-opset.js";
import { writeModel } from "./write-model.js";

/** The operator sets that Undertone writes; every ONNX Runtime since 1.13, native and web, has them. */
export const writtenOpsets = { "": 17, "ai.onnx.ml": 3 } as const;

/** How a node differs from the plainest one. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>> | undefined;
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
  /** As `initializer`, but the same tensor object is added once, and its name returned again. */
  shared(tensor: OnnxTensor): string;
  /** Adds an operator and returns the name of its first output. */
  node(op: string, inputs: readonly string[], options?: NodeOptions): string;
  /** Adds an operator and returns the names of all its outputs. */
  nodes(op: string, inputs: readonly string[], options?: NodeOptions): readonly string[];
  /**
   * Adds another model's nodes and constants, its inputs being values of this graph, and returns what its outputs are called here. A tensor that was added before
   * is not added again. The graph takes the newer of both operator sets.
   */
  splice(model: OnnxModel, inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /**
   * Returns the finished model's bytes.
   * @throws RangeError when there is no output; UndertoneError `onnx/unsupported` when the operator sets of spliced models do not go together.
   */
  toBytes(metadata?: Readonly<Record<string, string>>): Uint8Array;
}

/** Returns an empty graph. */
export function graphBuilder(name = "undertone"): GraphBuilder {
  /** The nodes, each with the version of the standard operator set that it was written for. */
  const nodes: (OnnxNode & { readonly opset?: number })[] = [];
  const initializers: OnnxTensor[] = [];
  const opsets: Record<string, number> = { ...writtenOpsets };
  let irVersion = 8;
  let splices = 0;
  const known = new Map<OnnxTensor, string>();
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
    shared(tensor) {
      const name = known.get(tensor) ?? builder.initializer(tensor);
      known.set(tensor, name);
      return name;
    },
    node: (op, from, options) => builder.nodes(op, from, options)[0],
    nodes(op, from, { attributes = {}, domain = "", outputs: count = 1 } = {}) {
      const made = Array.from({ length: count }, () => unique(op.toLowerCase()));
      nodes.push({ name: "", op, domain, inputs: [...from], outputs: made, attributes });
      return made;
    },
    splice(model, bound) {
      const own = `part${splices++}/`;
      const used = new Set(["", ...domainsOf(model.graph)]);
      for (const [domain, version] of Object.entries(model.opsets)) {
        const key = domain === "ai.onnx" ? "" : domain;
        if (!used.has(key)) continue; // optimizers name every domain that they know
        opsets[key] = Math.max(opsets[key] ?? 0, version);
      }
      irVersion = Math.max(irVersion, model.irVersion);
      const constants = new Map<string, string>();
      for (const tensor of model.graph.initializers) {
        constants.set(tensor.name, builder.shared(tensor));
      }
      const rename = (from: string): string =>
        from === "" ? "" : (bound[from] ?? constants.get(from) ?? own + from);
      const opset = model.opsets[""] ?? model.opsets["ai.onnx"] ?? writtenOpsets[""];
      for (const node of model.graph.nodes)
        nodes.push({ ...renameNode(node, rename), name: node.name === "" ? "" : own + node.name, opset });
      return Object.fromEntries(model.graph.outputs.map((output) => [output.name, rename(output.name)]));
    },
    toBytes(metadata = {}) {
      if (outputs.length === 0) throw new RangeError("graphBuilder: the graph has no output");
      const to = opsets[""];
      const raised = nodes.map(({ opset: from = writtenOpsets[""], ...node }) =>
        raiseNode(node, { from, to }, (values) =>
          builder.initializer(int64Tensor("axes", [values.length], Array.from(values, Number))),
        ),
      );
      return writeModel({
        irVersion,
        producer: "undertone",
        opsets,
        graph: { name, nodes: raised, initializers, inputs, outputs },
        metadata,
      });
    },
  };
  return builder;
}

function domainsOf(graph: OnnxGraph): string[] {
  return graph.nodes.flatMap(({ domain, attributes }) => [
    domain,
    ...Object.values(attributes).flatMap((attribute) =>
      attribute.type === "graph" ? domainsOf(attribute.value) : [],
    ),
  ]);
}

function renameNode(node: OnnxNode, rename: (name: string) => string): OnnxNode {
  const attributes = Object.entries(node.attributes).map(([key, attribute]) => [
    key,
    attribute.type === "graph" ? { ...attribute, value: renameGraph(attribute.value, rename) } : attribute,
  ]);
  return {
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(attributes) as OnnxNode["attributes"],
  };
}

/** Names inside a nested graph may be those of values outside, and are all renamed alike. */
function renameGraph(graph: OnnxGraph, rename: (name: string) => string): OnnxGraph {
  const renamed = <T extends { readonly name: string }>(values: readonly T[]): T[] =>
    values.map((value) => ({ ...value, name: rename(value.name) }));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => renameNode(node, rename)),
    initializers: renamed(graph.initializers),
    inputs: renamed(graph.inputs),
    outputs: renamed(graph.outputs),
  };
}

/** Returns an integer attribute. */
export function int(value: number | bigint): OnnxAttribute {
  return { type: "int", value: BigInt(value) };
}

/** Returns an attribute that is a list of integers. */
export function ints(values: ArrayLike<number>): OnnxAttribute {
  return { type: "ints", value: BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i])) };
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
