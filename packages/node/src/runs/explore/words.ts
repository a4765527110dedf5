/** What the terminal and the report say of an exploration in the same words. */
import { count, percent } from "../report/words.js";
import type { Exploration } from "./exploration.js";

/** Returns an index such as `0.54`, a dash where there is none. */
export function index(value: number | null, digits = 2): string {
  // What rounds to 0 has no sign.
  return value === null ? "–" : value.toFixed(digits).replace(/^-(?=[0.]*$)/, "");
}

/** Returns what an exploration comes to, one sentence each. */
export function findings({
  utterances,
  distinct,
  clustering,
  labels,
  outliers,
}: Exploration): readonly string[] {
  const copies = utterances.length - distinct;
  const [top] = [...clustering.agreements].sort((a, b) => (b.ari ?? -1) - (a.ari ?? -1));
  const byLabel = clustering.agreements.find(({ of }) => of === "label");
  const groups = `Left to themselves, the clips fall into ${count(clustering.clusters, "cluster")}`;
  const label = top?.of === "label" ? "" : `; with the label ${index(byLabel?.ari ?? null)}`;
  return [
    ...(copies > 0
      ? [
          `${count(copies, "clip has", "clips have")} exactly the features of another: ${distinct} of ${utterances.length} differ.`,
        ]
      : []),
    clustering.clusters === 0
      ? `No clusters stand out: ${clustering.kind} leaves every clip out.`
      : clustering.clusters === 1 || !top
        ? `${groups}.`
        : (top.ari ?? 0) < 0.05
          ? `${groups}, which agree with nothing that is known of them (adjusted Rand index at most ${index(top.ari)}).`
          : `${groups}, which agree best with the ${top.of} (adjusted Rand index ${index(top.ari)}${label}).`,
    "skipped" in labels
      ? `Probably wrong labels were not looked for: ${labels.skipped}.`
      : labels.confident === 0
        ? `No label is doubted by models of the other clips, which are right ${percent(labels.uar)} of the time.`
        : `${count(labels.confident, "label")} (${percent(labels.confident / utterances.length)}) ${labels.confident === 1 ? "is" : "are"} doubted by models of the other clips, which are themselves right ${percent(labels.uar)} of the time: listen before you change one.`,
    ...outliers.slice(0, 1).map(({ id, reason }) => `The clip least like the others is ${id}: ${reason}.`),
  ];
}
