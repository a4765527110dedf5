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
  const members = Uint32Array.from({ length: total }, (_, i) => i).filter((i) => target.weights[i] > 0);
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
        const j = pool[pick];
        pool[pick] = pool[visited];
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
      const i = members[t];
      if (values[base + i] <= best.threshold) members[low++] = i;
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

/** Nodes of up to so many rows are sorted by insertion alone. */
const few = 24;

function bestCutFinder({ columns, target, minLeaf }: GrowOptions, members: Uint32Array): FindCut {
  const { ranks, order, values, rows: total } = columns;
  // Of the node's rows, by rising rank: where in the node, and the rank; one more than there are, so that walking may write before it looks.
  const sorted = new Int32Array(members.length + 1);
  const places = new Uint32Array(members.length + 1);
  const own = new Uint32Array(members.length);
  const starts = new Uint32Array(2 * members.length + 2);
  const inNode = new Int32Array(total);
  let marked = -1;
  const cut: Cut = { gain: 0, count: 0 };

  /** Takes the rows out of the sorted column. */
  const walk = (base: number): void => {
    for (let t = base, at = 0; t < base + total; t++) {
      const i = order[t];
      const place = inNode[i];
      sorted[at] = place;
      places[at] = ranks[base + i];
      // One on, unless the place is −1.
      at += 1 + (place >> 31);
    }
  };
  /** Throws the rows into about as many buckets as there are rows, and puts each bucket in order by insertion. */
  const distribute = (size: number, low: number, high: number): void => {
    const bits = 32 - Math.clz32(size);
    const shift = size > few ? Math.max(0, 32 - Math.clz32(high - low) - bits) : 31;
    if (size > few) {
      const buckets = 1 << bits;
      starts.fill(0, 0, buckets + 1);
      for (let t = 0; t < size; t++) starts[((own[t] - low) >> shift) + 1]++;
      for (let b = 1; b < buckets; b++) starts[b] += starts[b - 1];
      for (let t = 0; t < size; t++) {
        const rank = own[t];
        const bucket = (rank - low) >> shift;
        const at = starts[bucket];
        starts[bucket] = at + 1;
        sorted[at] = t;
        places[at] = rank;
      }
      if (shift === 0) return;
    } else {
      for (let t = 0; t < size; t++) {
        sorted[t] = t;
        places[t] = own[t];
      }
    }
    for (let t = 1; t < size; t++) {
      const rank = places[t];
      if (places[t - 1] <= rank) continue;
      const place = sorted[t];
      let at = t;
      for (; at > 0 && places[at - 1] > rank; at--) {
        places[at] = places[at - 1];
        sorted[at] = sorted[at - 1];
      }
      places[at] = rank;
      sorted[at] = place;
    }
  };

  return (j, { from, to, node }, best) => {
    const base = j * total;
    const size = to - from;
    if (3 * size > total) {
      if (marked !== node) {
        inNode.fill(-1);
        for (let t = from; t < to; t++) inNode[members[t]] = t - from;
      }
      marked = node;
      walk(base);
    } else {
      let low = ranks[base + members[from]];
      let high = low;
      for (let t = 0; t < size; t++) {
        const rank = ranks[base + members[from + t]];
        own[t] = rank;
        if (rank < low) low = rank;
        if (rank > high) high = rank;
      }
      if (low === high) return false;
      distribute(size, low, high);
    }
    if (places[0] === places[size - 1]) return false;
    cut.gain = best.gain;
    target.scan(sorted, places, { size, minLeaf }, cut);
    if (cut.gain > best.gain) {
      best.gain = cut.gain;
      const low = values[base + members[from + sorted[cut.count - 1]]];
      const high = values[base + members[from + sorted[cut.count]]];
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
      const value = values[base + members[t]];
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
