/** Grows one tree: exact or random splits, a few random features a node. */
import type { Random } from "../../math/random.js";
import type { SortedColumns } from "./sort-columns.js";
import type { Cut, SplitTarget } from "./split-target.js";

/** A binary tree in arrays; node 0 is the root, a node whose `feature` is −1 is a leaf. */
export interface Tree {
  readonly feature: Int32Array;
  /** A row goes left when its value is at most this. */
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Nodes × outputs: what a leaf says (of other nodes undefined). */
  readonly values: Float32Array;
}

/** What a tree is grown on, and how. */
export interface GrowOptions {
  readonly columns: SortedColumns;
  readonly target: SplitTarget;
  /** The best cut of a feature (Breiman 2001), or one drawn between its extremes (Geurts, Ernst and Wehenkel 2006). */
  readonly splits: "best" | "random";
  /** Features tried at each node, constant ones included as in scikit-learn; more are tried while all were constant. */
  readonly tried: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  readonly random: Random;
}

/** Returns the tree grown on the rows of positive weight, to pure leaves unless depth or leaf size forbid. */
export function growTree(options: GrowOptions): Tree {
  const { columns, target, splits, tried, maxDepth, minLeaf, random } = options;
  const { values, rows: total, features } = columns;
  const members = Uint32Array.from({ length: total }, (_, i) => i).filter((i) => target.weights[i]! > 0);
  const scratch = new Uint32Array(members.length);
  const pool = Int32Array.from({ length: features }, (_, j) => j);
  const find = splits === "best" ? bestCutFinder(options, members) : randomCutFinder(options, members);

  const feature: number[] = [];
  const threshold: number[] = [];
  const lefts: number[] = [];
  const rights: number[] = [];
  const means: number[] = [];
  const stack: { from: number; to: number; depth: number; parent: number; side: "left" | "right" }[] = [];
  stack.push({ from: 0, to: members.length, depth: 0, parent: -1, side: "left" });
  const best: Split = { gain: 0, threshold: 0 };

  while (stack.length > 0) {
    const { from, to, depth, parent, side } = stack.pop()!;
    const node = feature.length;
    if (parent >= 0) (side === "left" ? lefts : rights)[parent] = node;
    const mixed = target.enter(members, from, to);
    best.gain = Number.NEGATIVE_INFINITY;
    let bestFeature = -1;
    if (mixed && depth < maxDepth && to - from >= 2 * minLeaf) {
      let varied = 0;
      for (let visited = 0; visited < features && (visited < tried || varied === 0); visited++) {
        const pick = visited + random.integer(features - visited);
        const j = pool[pick]!;
        pool[pick] = pool[visited]!;
        pool[visited] = j;
        const before = best.gain;
        if (find(j, { from, to, node }, best)) varied++;
        if (best.gain > before) bestFeature = j;
      }
    }
    feature.push(bestFeature);
    threshold.push(best.threshold);
    lefts.push(0);
    rights.push(0);
    target.pushMeans(means);
    if (bestFeature < 0) continue;
    let [low, high] = [from, 0];
    const base = bestFeature * total;
    for (let t = from; t < to; t++) {
      const i = members[t]!;
      if (values[base + i]! <= best.threshold) members[low++] = i;
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
    values: Float32Array.from(means),
  };
}

interface Split {
  gain: number;
  threshold: number;
}

/** Raises `best` to the feature's split when that is better; returns false when the feature is constant in the node. */
type FindCut = (feature: number, at: { from: number; to: number; node: number }, best: Split) => boolean;

function bestCutFinder({ columns, target, minLeaf }: GrowOptions, members: Uint32Array): FindCut {
  const { ranks, order, values, rows: total } = columns;
  const sorted = new Uint32Array(members.length);
  // Rank above, row below: sorts by value as a plain number.
  const keys = total <= 65536 ? new Uint32Array(members.length) : new Float64Array(members.length);
  const inNode = new Uint32Array(total);
  let marked = -1;
  const cut: Cut = { gain: 0, count: 0 };
  return (j, { from, to, node }, best) => {
    const base = j * total;
    const size = to - from;
    if (size * Math.log2(size) > 2 * total) {
      if (marked !== node) for (let t = from; t < to; t++) inNode[members[t]!] = node + 1;
      marked = node;
      let at = 0;
      for (let t = base; t < base + total; t++) {
        const i = order[t]!;
        if (inNode[i] === node + 1) sorted[at++] = i;
      }
    } else if (size <= 40) {
      for (let t = 0; t < size; t++) {
        const i = members[from + t]!;
        const rank = ranks[base + i]!;
        let at = t;
        for (; at > 0 && ranks[base + sorted[at - 1]!]! > rank; at--) sorted[at] = sorted[at - 1]!;
        sorted[at] = i;
      }
    } else {
      for (let t = 0; t < size; t++) keys[t] = ranks[base + members[from + t]!]! * total + members[from + t]!;
      const part = keys.subarray(0, size).sort();
      for (let t = 0; t < size; t++) sorted[t] = part[t]! % total;
    }
    if (ranks[base + sorted[0]!]! === ranks[base + sorted[size - 1]!]!) return false;
    cut.gain = best.gain;
    target.scan(sorted, size, { ranks, base, minLeaf }, cut);
    if (cut.gain > best.gain) {
      best.gain = cut.gain;
      const [low, high] = [values[base + sorted[cut.count - 1]!]!, values[base + sorted[cut.count]!]!];
      const middle = Math.fround(low / 2 + high / 2);
      best.threshold = middle >= high ? low : middle;
    }
    return true;
  };
}

function randomCutFinder({ columns, target, minLeaf, random }: GrowOptions, members: Uint32Array): FindCut {
  const { values, rows: total } = columns;
  return (j, { from, to }, best) => {
    const base = j * total;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let t = from; t < to; t++) {
      const value = values[base + members[t]!]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low === high) return false;
    const drawn = Math.fround(low + random.next() * (high - low));
    const threshold = drawn >= high ? low : drawn;
    const gain = target.gainOf(members, from, to, { values, base, threshold, minLeaf });
    if (gain > best.gain) {
      best.gain = gain;
      best.threshold = threshold;
    }
    return true;
  };
}
