/** A model by name: its kind, hyper-parameters and preparation, as a search changes them. */
import { UndertoneError } from "../../errors.js";
import type { Estimator, TargetKind } from "../../learn/estimator.js";
import { estimator } from "../../learn/estimators.js";
import { unknownParameter } from "../../learn/parameters.js";
import { parsePreparation, preparationSpecs } from "../../learn/prepare/index.js";
import { prepared } from "../../learn/prepare/prepared.js";
import type { Candidate } from "./search-space.js";

/** What determines an estimator; survives JSON. */
export interface ModelChoice {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Steps of preparation before it, as `parsePreparation` takes them. */
  readonly prepare?: readonly string[] | undefined;
}

/** Returns the estimator of such targets, its preparation included. @throws UndertoneError `learn/unknown-model`, `learn/bad-parameter`. */
export function estimatorOf(
  { kind, params, prepare = [] }: ModelChoice,
  learns: TargetKind = "classes",
): Estimator {
  return prepared(prepare, estimator(kind, params, learns));
}

/**
 * Returns the model with a candidate's values in place of its own: `C` is the estimator's, `select-anova.k` that of a step of its preparation.
 * @throws UndertoneError `learn/bad-parameter` for a step or parameter that the model does not have, or a value that is not accepted.
 */
export function withCandidate(
  model: ModelChoice,
  candidate: Candidate,
  learns: TargetKind = "classes",
): ModelChoice {
  const steps = parsePreparation(model.prepare ?? []);
  const params = { ...model.params };
  const changes = new Map<string, Record<string, unknown>>();
  for (const [name, value] of Object.entries(candidate)) {
    const dot = name.indexOf(".");
    if (dot < 0) {
      params[name] = value;
      continue;
    }
    const [kind, own] = [name.slice(0, dot), name.slice(dot + 1)];
    const found = steps.find(({ step }) => step.kind === kind);
    if (!found) {
      throw new UndertoneError(
        "learn/bad-parameter",
        `'${name}' is of the step '${kind}', expected one of the model's own steps: ${steps.map(({ step }) => step.kind).join(", ") || "it has none"}`,
      );
    }
    if (!Object.hasOwn(found.step.parameters, own))
      throw new UndertoneError("learn/bad-parameter", unknownParameter(kind, own, found.step.parameters));
    changes.set(kind, { ...changes.get(kind), [own]: value });
  }
  const prepare = preparationSpecs(
    steps.map(({ step, params: held }) => ({ step, params: { ...held, ...changes.get(step.kind) } })),
  );
  const result = { kind: model.kind, params, ...(prepare.length > 0 && { prepare }) };
  estimatorOf(result, learns);
  return result;
}
