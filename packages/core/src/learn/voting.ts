/** Voting: the mean of the scores of several estimators. */
import { matrix } from "../math/matrix.js";
import { defineClassifier } from "./define-estimator.js";
import { fitMember, type MemberList, partOf, someMembers, tableOf } from "./ensemble/members.js";
import type { EstimatorFactory, Model } from "./estimator.js";

/** Returns soft voting, as scikit-learn's VotingClassifier(voting="soft") has it, among the estimators of a list. */
export function votingOf(list: MemberList): EstimatorFactory {
  return defineClassifier({
    kind: "voting",
    summary: "Voting: the mean of the scores of unlike estimators, seldom worse than the best of them",
    parameters: {
      members: someMembers(list, ["logistic-regression", "rbf-svm", "random-forest"]),
    },
    standardize: false,
    async fitCore(rows) {
      const { members } = rows.params;
      const models: Model[] = [];
      for (const [m, member] of members.entries()) {
        const context = partOf(rows.context, `member-${m}`, m / members.length, (m + 1) / members.length);
        const all = Int32Array.from(rows.labels.keys());
        models.push((await fitMember(list.make(member), rows, { rows: all, context }))!);
      }
      const parts = members.map((member) => (typeof member === "string" ? 1 : (member.weight ?? 1)));
      const total = parts.reduce((a, b) => a + b, 0);
      const shares = parts.map((part) => Math.fround(part / total));
      return {
        async apply(x) {
          const out = matrix(x.rows, rows.classes);
          const table = tableOf(x, rows.names);
          for (const [m, model] of models.entries()) {
            const { data } = (await model.predict(table)).scores!;
            for (let at = 0; at < data.length; at++) out.data[at] += shares[m] * data[at];
          }
          return out;
        },
        emit(graph, input) {
          const votes = models.map((model, m) =>
            graph.node("Mul", [model.emit(graph, input).scores!, graph.constant("share", [], [shares[m]])]),
          );
          return votes.reduce((sum, vote) => graph.node("Add", [sum, vote]));
        },
      };
    },
  });
}
