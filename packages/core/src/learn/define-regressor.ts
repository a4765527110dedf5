/** Makes an estimator of values from its core: the checks, the weights, standardization and export. */
import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import { type GraphBuilder, graphBuilder } from "../onnx/graph-builder.js";
import { checkpoint } from "./checkpoint.js";
import { prepareTable } from "./compose-model.js";
import type { FitContext } from "./estimator.js";
import { flag, type ParameterSpecs, type ParameterValues, readParameters } from "./parameters.js";
import { readRows } from "./read-rows.js";
import type { Regressor, RegressorFactory, ValueModel, ValueTargets } from "./regressor.js";
import { fitStandardizer } from "./standardizer.js";

/** What a core is fitted on. */
export interface ValueRows<Params> {
  /** Prepared features, one row an utterance. */
  readonly x: Matrix;
  /** Rows × outputs, row-major. */
  readonly targets: Float64Array;
  readonly outputs: number;
  /** Positive weight of each row. */
  readonly weights: Float64Array;
  readonly params: Params;
  readonly context: FitContext;
}

/** A fitted core: values of prepared rows. */
export interface ValueCore {
  /** Returns rows × outputs. */
  values(x: Matrix): Matrix;
  /** Adds the core's nodes to a graph; returns the name of the values. */
  emit(graph: GraphBuilder, input: string): string;
}

/** What a regressor's file declares. */
export interface RegressorDefinition<Specs extends ParameterSpecs> {
  readonly kind: string;
  readonly summary: string;
  readonly parameters: Specs;
  /** Whether features are standardized unless told otherwise. */
  readonly standardize: boolean;
  fitCore(rows: ValueRows<ParameterValues<Specs>>): Promise<ValueCore>;
}

/** Returns the list entry of an estimator of values. Beside its own hyper-parameters it has `standardize`. */
export function defineRegressor<const Specs extends ParameterSpecs>(
  definition: RegressorDefinition<Specs>,
): RegressorFactory {
  const parameters = { ...definition.parameters, standardize: flag(definition.standardize) };
  const { kind, summary } = definition;
  return {
    kind,
    summary,
    parameters,
    create(given = {}): Regressor {
      const params = readParameters(kind, parameters, given);
      const own = params as unknown as ParameterValues<Specs> & { readonly standardize: boolean };
      return {
        kind,
        params,
        fit: (table, targets, context) => fitRegressor(definition, own, { table, targets, context }),
      };
    },
  };
}

async function fitRegressor<Specs extends ParameterSpecs>(
  definition: RegressorDefinition<Specs>,
  params: ParameterValues<Specs> & { readonly standardize: boolean },
  { table, targets, context }: { table: FeatureTable; targets: ValueTargets; context: FitContext },
): Promise<ValueModel> {
  const { kind } = definition;
  const { names, values, weights, groups } = targets;
  await checkpoint(context, 0);
  if (names.length === 0 || values.cols !== names.length)
    throw new RangeError(`'${kind}' got ${values.cols} columns of values for ${names.length} names`);
  const { features, kept } = readRows(kind, table, { count: values.rows, weights, groups });
  const outputs = names.length;
  const own = Float64Array.from({ length: kept.length * outputs }, (_, at) => {
    const [row, column] = [kept[Math.floor(at / outputs)], at % outputs];
    const value = values.data[row * outputs + column];
    if (Number.isFinite(value)) return value;
    throw new UndertoneError(
      "learn/not-finite",
      `'${kind}' got ${value} as ${names[column]} of '${table.ids[row]}', expected finite numbers`,
    );
  });
  const transformers = params.standardize ? [fitStandardizer(features)] : [];
  const core = await definition.fitCore({
    x: transformers.reduce<Matrix>((held, step) => step.transform(held), features),
    targets: own,
    outputs,
    weights: Float64Array.from(kept, (i) => weights?.[i] ?? 1),
    params,
    context,
  });
  await checkpoint(context, 1);
  const model: ValueModel = {
    kind,
    names,
    features: features.cols,
    predict: async (asked) =>
      core.values(prepareTable(asked, { kind, features: features.cols, transformers })),
    emit: (graph, input) =>
      core.emit(
        graph,
        transformers.reduce((name, step) => step.emit(graph, name), input),
      ),
    toOnnx() {
      const graph = graphBuilder(kind);
      const input = graph.input("features", ["N", features.cols]);
      graph.output("values", model.emit(graph, input), ["N", outputs]);
      return graph.toBytes();
    },
  };
  return model;
}
