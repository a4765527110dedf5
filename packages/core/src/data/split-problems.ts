/** What a split is too thin for, though it does not leak. */
import { type LabelMap, mapLabel } from "./label-map.js";
import type { Split } from "./split.js";
import type { Dataset } from "./utterance.js";

/** One weakness of one split. */
export interface SplitProblem {
  readonly kind: "class-not-in-training" | "class-not-in-test" | "empty-part";
  readonly split: string;
  /** The classes, when it is about classes. */
  readonly classes: readonly string[];
  readonly message: string;
}

/**
 * Returns what is thin about splits: an empty training or test part; classes of the dataset that are not in a training part (nothing can
 * be learnt of them) or not in a test part (their recall is not measured there). Classes are those of the label map, or else the labels.
 */
export function findSplitProblems(
  dataset: Dataset,
  splits: readonly Split[],
  map?: LabelMap,
): SplitProblem[] {
  const classOf = new Map(
    dataset.utterances.flatMap(({ id, label }) => {
      const name = label === undefined ? null : map ? mapLabel(map, label) : label;
      return name === null ? [] : [[id, name] as const];
    }),
  );
  const all = [...new Set(classOf.values())].sort();
  return splits.flatMap(({ name: split, train, test }) => {
    const problems: SplitProblem[] = [];
    for (const [part, ids] of [
      ["training", train],
      ["test", test],
    ] as const) {
      const present = new Set(ids.flatMap((id) => classOf.get(id) ?? []));
      const absent = all.filter((name) => !present.has(name));
      if (present.size === 0) {
        problems.push({
          kind: "empty-part",
          split,
          classes: [],
          message: `The ${part} part of '${split}' has no utterance with a class`,
        });
      } else if (absent.length > 0) {
        problems.push({
          kind: part === "training" ? "class-not-in-training" : "class-not-in-test",
          split,
          classes: absent,
          message: `The ${part} part of '${split}' has no ${absent.join(", no ")}`,
        });
      }
    }
    return problems;
  });
}
