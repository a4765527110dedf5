/** Grows one classification tree: Gini impurity, exact splits, a few random features a node. */
import type { Matrix } from "../../math/matrix.js";
import type { Random } from "../../math/random.js";

/** A binary tree in arrays; node 0 is the root, a node whose `feature` is −1 is a leaf. */
export interface Tree {
  readonly feature: Int32Array;
  /** A row goes left when its value is at most this. */
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Nodes × classes: share of each class at the leaf. */
  readonly shares: Float32Array;
}

/** Columns sorted once for all trees. */
export interface SortedColumns {
  /** Features × rows: place of the row's value among the column's distinct values. */
  readonly ranks: Uint32Array;
  /** Features × rows: rows by rising value. */
  readonly order: Uint32Array;
  /** Features × rows: values, column after column. */
  readonly values: Float32Array;
}

/** Returns every column's order and ranks. */
export function sortColumns(x: Matrix): SortedColumns {
  const { rows, cols } = x;
  const ranks = new Uint32Array(rows * cols);
  const order = new Uint32Array(rows * cols);
  const values = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) values[j * rows + i] = x.data[i * cols + j]!;
  for (let j = 0; j < cols; j++) {
    const column = values.subarray(j * rows, (j + 1) * rows);
    const distinct = Float32Array.from(new Set(Float32Array.from(column).sort()));
    const place = new Map<number, number>();
    distinct.forEach((value, rank) => {
      place.set(value, rank);
    });
    const starts = new Uint32Array(distinct.length + 1);
    for (let i = 0; i < rows; i++) {
      const rank = place.get(column[i]!)!;
      ranks[j * rows + i] = rank;
      starts[rank + 1]!++;
    }
    for (let r = 0; r < distinct.length; r++) starts[r + 1]! += starts[r]!;
    for (let i = 0; i < rows; i++) order[j * rows + starts[ranks[j * rows + i]!]!++] = i;
  }
  return { ranks, order, values };
}

/** What a tree is grown on, and how. */
export interface GrowOptions {
  readonly columns: SortedColumns;
  readonly labels: Int32Array;
  readonly classes: number;
  /** Weight of each row; rows of weight 0 are not in the bootstrap sample. */
  readonly weights: Float64Array;
  readonly features: number;
  /** Features tried at each node, constant ones included as in scikit-learn; more are tried while all were constant. */
  readonly tried: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  readonly random: Random;
}

/** Returns the tree grown on the rows of positive weight, to pure leaves unless depth or leaf size forbid. */
export function growTree(options: GrowOptions): Tree {
  const { columns, labels, classes, weights, features, tried, maxDepth, minLeaf, random } = options;
  const { ranks, order, values } = columns;
  const total = labels.length;
  const members = Uint32Array.from({ length: total }, (_, i) => i).filter((i) => weights[i]! > 0);
  const scratch = new Uint32Array(members.length);
  const sorted = new Uint32Array(members.length);
  // Rank above, row below: sorts by value as a plain number.
  const keys = total <= 65536 ? new Uint32Array(members.length) : new Float64Array(members.length);
  const inNode = new Uint32Array(total);
  const pool = Int32Array.from({ length: features }, (_, j) => j);
  const left = new Float64Array(classes);
  const right = new Float64Array(classes);
  const counts = new Float64Array(classes);

  const feature: number[] = [];
  const threshold: number[] = [];
  const lefts: number[] = [];
  const rights: number[] = [];
  const shares: number[] = [];
  const stack: { from: number; to: number; depth: number; parent: number; side: "left" | "right" }[] = [];
  stack.push({ from: 0, to: members.length, depth: 0, parent: -1, side: "left" });

  /** Writes the node's rows to `sorted` by rising value of the feature. */
  const sortNode = (j: number, { from, to, node }: { from: number; to: number; node: number }): void => {
    const base = j * total;
    const size = to - from;
    if (size * Math.log2(size) > 2 * total) {
      let at = 0;
      for (let t = base; t < base + total; t++) {
        const i = order[t]!;
        if (inNode[i] === node + 1) sorted[at++] = i;
      }
      return;
    }
    if (size <= 40) {
      for (let t = 0; t < size; t++) {
        const i = members[from + t]!;
        const rank = ranks[base + i]!;
        let at = t;
        for (; at > 0 && ranks[base + sorted[at - 1]!]! > rank; at--) sorted[at] = sorted[at - 1]!;
        sorted[at] = i;
      }
      return;
    }
    for (let t = 0; t < size; t++) keys[t] = ranks[base + members[from + t]!]! * total + members[from + t]!;
    const part = keys.subarray(0, size).sort();
    for (let t = 0; t < size; t++) sorted[t] = part[t]! % total;
  };

  while (stack.length > 0) {
    const { from, to, depth, parent, side } = stack.pop()!;
    const node = feature.length;
    if (parent >= 0) (side === "left" ? lefts : rights)[parent] = node;
    counts.fill(0);
    let weight = 0;
    for (let t = from; t < to; t++) {
      const i = members[t]!;
      counts[labels[i]!]! += weights[i]!;
      weight += weights[i]!;
    }
    let squares = 0;
    let kinds = 0;
    for (let k = 0; k < classes; k++) {
      squares += counts[k]! ** 2;
      if (counts[k]! > 0) kinds++;
    }
    const size = to - from;
    let bestGain = Number.NEGATIVE_INFINITY;
    let bestFeature = -1;
    let bestThreshold = 0;
    if (kinds > 1 && depth < maxDepth && size >= 2 * minLeaf) {
      for (let t = from; t < to; t++) inNode[members[t]!] = node + 1;
      let varied = 0;
      for (let visited = 0; visited < features && (visited < tried || varied === 0); visited++) {
        const pick = visited + random.integer(features - visited);
        const j = pool[pick]!;
        pool[pick] = pool[visited]!;
        pool[visited] = j;
        sortNode(j, { from, to, node });
        const base = j * total;
        if (ranks[base + sorted[0]!]! === ranks[base + sorted[size - 1]!]!) continue;
        varied++;
        left.fill(0);
        right.set(counts);
        let [leftWeight, leftSquares, rightSquares] = [0, 0, squares];
        for (let t = 0; t < size - 1; t++) {
          const i = sorted[t]!;
          const w = weights[i]!;
          const label = labels[i]!;
          leftSquares += w * (2 * left[label]! + w);
          rightSquares += w * (w - 2 * right[label]!);
          left[label]! += w;
          right[label]! -= w;
          leftWeight += w;
          const next = sorted[t + 1]!;
          if (ranks[base + i]! === ranks[base + next]! || t + 1 < minLeaf || size - t - 1 < minLeaf) continue;
          const gain = leftSquares / leftWeight + rightSquares / (weight - leftWeight);
          if (gain > bestGain) {
            bestGain = gain;
            bestFeature = j;
            const [low, high] = [values[base + i]!, values[base + next]!];
            const middle = Math.fround(low / 2 + high / 2);
            bestThreshold = middle >= high ? low : middle;
          }
        }
      }
    }
    feature.push(bestFeature);
    threshold.push(bestThreshold);
    lefts.push(0);
    rights.push(0);
    for (let k = 0; k < classes; k++) shares.push(bestFeature < 0 ? counts[k]! / weight : 0);
    if (bestFeature < 0) continue;
    let [low, high] = [from, 0];
    for (let t = from; t < to; t++) {
      const i = members[t]!;
      if (values[bestFeature * total + i]! <= bestThreshold) members[low++] = i;
      else scratch[high++] = i;
    }
    members.set(scratch.subarray(0, high), low);
    stack.push({ from: low, to, depth: depth + 1, parent: node, side: "right" });
    stack.push({ from, to: low, depth: depth + 1, parent: node, side: "left" });
  }
  return {
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(lefts),
    right: Int32Array.from(rights),
    shares: Float32Array.from(shares),
  };
}
