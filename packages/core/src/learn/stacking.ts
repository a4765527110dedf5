/** Stacking: an estimator that learns from the scores of others. */
import { type Matrix, matrix, takeRows } from "../math/matrix.js";
import { int } from "../onnx/graph-builder.js";
import { type ClassRows, defineClassifier } from "./define-estimator.js";
import {
  fitMember,
  type Member,
  type MemberList,
  oneMember,
  partOf,
  someMembers,
  tableOf,
} from "./ensemble/members.js";
import type { EstimatorFactory, Model } from "./estimator.js";
import { innerFolds } from "./inner-folds.js";
import { integerFrom } from "./parameters.js";

/**
 * Returns stacking (Wolpert 1992), as scikit-learn's StackingClassifier has it with probabilities of all classes: `final` learns
 * from scores of members that have not seen the row, by folds that keep groups together; then the members learn from all rows.
 */
export function stackingOf(list: MemberList): EstimatorFactory {
  return defineClassifier({
    kind: "stacking",
    summary: "Stacking: learns how far to trust each of several estimators; costs folds + 1 fits of each",
    parameters: {
      members: someMembers(list, ["logistic-regression", "rbf-svm", "random-forest"]),
      final: oneMember(list, "logistic-regression"),
      folds: integerFrom(2, 5),
    },
    standardize: false,
    async fitCore(rows) {
      const { members, final } = rows.params;
      const width = members.length * rows.classes;
      const unseen = matrix(rows.x.rows, width);
      const models: Model[] = [];
      for (const [m, member] of members.entries()) {
        const progress = (part: number): number => (0.95 * (m + part)) / members.length;
        await fillUnseen(unseen, { rows, list, member, m, progress });
        const context = partOf(rows.context, `member-${m}`, progress(0.8), progress(1));
        const all = Int32Array.from(rows.labels.keys());
        models.push((await fitMember(list.make(member), rows, { rows: all, context }))!);
      }
      const names = Array.from({ length: width }, (_, j) => `score-${j}`);
      const all = Int32Array.from(rows.labels.keys());
      const judge = (await fitMember(
        list.make(final),
        { ...rows, x: unseen, names },
        { rows: all, context: partOf(rows.context, "final", 0.95, 1) },
      ))!;
      return {
        async apply(x) {
          const table = tableOf(x, rows.names);
          const joined = matrix(x.rows, width);
          for (const [m, model] of models.entries())
            copyColumns(joined, (await model.predict(table)).scores!, { m, to: (i) => i });
          return (await judge.predict(tableOf(joined, names))).scores!;
        },
        emit(graph, input) {
          const scores = models.map((model) => model.emit(graph, input).scores!);
          return judge.emit(graph, graph.node("Concat", scores, { attributes: { axis: int(1) } })).scores!;
        },
      };
    },
  });
}

function copyColumns(
  out: Matrix,
  scores: Matrix,
  { m, to }: { m: number; to: (row: number) => number },
): void {
  const { cols } = scores;
  for (let i = 0; i < scores.rows; i++)
    out.data.set(scores.data.subarray(i * cols, (i + 1) * cols), to(i) * out.cols + m * cols);
}

/** Writes the scores that a member gives rows which it has not seen; the same for all classes where there is nothing to learn from. */
async function fillUnseen(
  unseen: Matrix,
  {
    rows,
    list,
    member,
    m,
    progress,
  }: {
    rows: ClassRows<{ readonly folds: number }>;
    list: MemberList;
    member: Member;
    m: number;
    progress: (part: number) => number;
  },
): Promise<void> {
  const { x, names, labels, classes, groups, params, context } = rows;
  const random = context.random.fork("stacking");
  const folds = innerFolds({ labels, groups, count: params.folds, random });
  const found = [...new Set(folds)];
  for (const [f, fold] of found.entries()) {
    const part = partOf(
      context,
      `member-${m}-fold-${fold}`,
      progress((f / found.length) * 0.8),
      progress(((f + 1) / found.length) * 0.8),
    );
    const inside = Int32Array.from(folds.keys()).filter((i) => folds[i] !== fold);
    const held = Int32Array.from(folds.keys()).filter((i) => folds[i] === fold);
    const model = await fitMember(list.make(member), rows, { rows: inside, context: part });
    const scores = model
      ? (await model.predict(tableOf(takeRows(x, held), names))).scores!
      : matrix(held.length, classes, new Float32Array(held.length * classes).fill(1 / classes));
    copyColumns(unseen, scores, { m, to: (i) => held[i] });
  }
}
