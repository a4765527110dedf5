/** The members of ensembles: estimators inside an estimator. */
import { type FeatureTable, functionalsTable } from "../../data/feature-table.js";
import { type Matrix, takeRows } from "../../math/matrix.js";
import type { ClassRows } from "../define-estimator.js";
import type { Estimator, EstimatorFactory, FitContext, Model } from "../estimator.js";
import type { ParameterSpec } from "../parameters.js";

/** A member: its kind, or its kind with hyper-parameters and its part in a vote (default 1). */
export type Member =
  | string
  | { readonly kind: string; readonly params?: Readonly<Record<string, unknown>>; readonly weight?: number };

/** Makes estimators of members from the factories of a list. */
export interface MemberList {
  make(member: Member): Estimator;
  accepts(member: unknown): member is Member;
}

/** Returns what makes members out of these factories. */
export function memberList(factories: readonly EstimatorFactory[]): MemberList {
  const make = (member: Member): Estimator => {
    const { kind, params } = typeof member === "string" ? { kind: member, params: {} } : member;
    const factory = factories.find((one) => one.kind === kind && one.learns.includes("classes"));
    if (!factory) throw new RangeError(`memberList: no '${kind}'`);
    return factory.create(params, "classes");
  };
  return {
    make,
    accepts(member): member is Member {
      if (typeof member !== "string") {
        if (typeof member !== "object" || member === null || !("kind" in member)) return false;
        const weight = "weight" in member ? member.weight : 1;
        if (!(typeof weight === "number" && weight > 0 && weight < Number.POSITIVE_INFINITY)) return false;
        if (Object.keys(member).some((key) => !["kind", "params", "weight"].includes(key))) return false;
      }
      try {
        make(member as Member);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Returns the spec of one member. */
export function oneMember(list: MemberList, value: Member): ParameterSpec<Member> {
  return {
    default: value,
    expected: "the kind of an estimator or {kind, params}",
    accepts: (v) => list.accepts(v),
  };
}

/** Returns the spec of a list of members. */
export function someMembers(list: MemberList, value: readonly Member[]): ParameterSpec<readonly Member[]> {
  return {
    default: value,
    expected: "a list of kinds of estimators or of {kind, params, weight}",
    accepts: (v) => Array.isArray(v) && v.length > 0 && v.every((member) => list.accepts(member)),
  };
}

/** Returns rows as the table that a member takes. */
export function tableOf(x: Matrix, names: readonly string[]): FeatureTable {
  const ids = Array.from({ length: x.rows }, (_, i) => `row-${i}`);
  return functionalsTable(ids, names, x);
}

/** Returns the member fitted on some of the rows; null where they are fewer than two or of one class. */
export async function fitMember(
  estimator: Estimator,
  { x, names, labels, classes, weights, groups, domains }: ClassRows<unknown>,
  { rows, context }: { rows: Int32Array; context: FitContext },
): Promise<Model | null> {
  if (new Set(rows.map((i) => labels[i])).size < 2) return null;
  return estimator.fit(
    tableOf(takeRows(x, rows), names),
    {
      classes: Array.from({ length: classes }, (_, k) => `class-${k}`),
      labels: rows.map((i) => labels[i]),
      weights: Float32Array.from(rows, (i) => weights[i]),
      ...(groups && { groups: rows.map((i) => groups[i]) }),
      ...(domains && { domains: rows.map((i) => domains[i]) }),
    },
    context,
  );
}

/** Returns the context of a part of a fit: chance of its own, progress from `from` to `to`. */
export function partOf(context: FitContext, name: string, from: number, to: number): FitContext {
  const { onProgress } = context;
  return {
    ...context,
    random: context.random.fork(name),
    ...(onProgress && { onProgress: (part: number) => onProgress(Math.min(to, from + part * (to - from))) }),
  };
}
