/** Folds inside the training rows, for choices that a fit makes itself. */
import type { Random } from "../math/random.js";

/**
 * Returns the fold (0..count − 1) of each row. With groups, a group stays together and the largest groups are placed first, of equal ones
 * those of one class after the other, each into the smallest fold; without, the rows of each class are dealt out in turn. Fewer groups than folds make fewer folds.
 */
export function innerFolds({
  labels,
  groups,
  count,
  random,
}: {
  labels: Int32Array;
  groups?: Int32Array | undefined;
  count: number;
  random: Random;
}): Int32Array {
  const folds = new Int32Array(labels.length);
  const rows = random.shuffle(Int32Array.from(labels.keys()));
  const sizes = new Map<number, number>();
  const classOf = new Map<number, number>();
  for (const i of rows) {
    if (!groups) break;
    sizes.set(groups[i], (sizes.get(groups[i]) ?? 0) + 1);
    classOf.set(groups[i], (classOf.get(groups[i]) ?? labels[i]) === labels[i] ? labels[i] : -1);
  }
  if (groups && sizes.size > 1) {
    const filled = new Int32Array(Math.min(count, sizes.size));
    const foldOfGroup = new Map<number, number>();
    const order = [...sizes].sort((a, b) => b[1] - a[1] || classOf.get(a[0])! - classOf.get(b[0])!);
    for (const [group, size] of order) {
      const fold = filled.indexOf(Math.min(...filled));
      foldOfGroup.set(group, fold);
      filled[fold] += size;
    }
    for (const i of rows) folds[i] = foldOfGroup.get(groups[i])!;
    return folds;
  }
  const dealt = new Map<number, number>();
  for (const i of rows) {
    const turn = dealt.get(labels[i]) ?? 0;
    folds[i] = turn % Math.min(count, labels.length);
    dealt.set(labels[i], turn + 1);
  }
  return folds;
}
