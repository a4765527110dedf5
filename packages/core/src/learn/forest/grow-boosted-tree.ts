/** Grows one tree of gradient boosting: best leaf first, splits found in histograms of gradients. */
import type { BinnedColumns } from "./bin-columns.js";
import type { Tree } from "./grow-tree.js";
import { fields, type HistogramKernel, histogramKernel, histogramWidth } from "./histogram-kernel.js";

/** What a boosted tree is grown on, and how. */
export interface BoostOptions {
  readonly columns: BinnedColumns;
  /** First and second derivatives of the loss, one a row. */
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
  readonly learningRate: number;
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  readonly l2: number;
  /** The prediction of each row, to which the tree's values are added: every `stride`-th value from `offset` on. */
  readonly raw: Float64Array;
  readonly stride: number;
  readonly offset: number;
}

interface Node {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly gradient: number;
  readonly hessian: number;
  histogram: Float64Array | null;
  gain: number;
  feature: number;
  bin: number;
  leftGradient: number;
  leftHessian: number;
  left: Node | null;
  right: Node | null;
}

/** A node of up to so many rows has its histograms made one by one where they stay in cache, instead of by subtraction. */
const direct = 1024;
const minHessian = 1e-3;
const tiny = 1e-15;

/** What is kept from tree to tree, since making it anew takes as long as filling it. */
export interface BoostMemory {
  readonly kernel: HistogramKernel;
  /** Whole histograms, feature after feature, that no node holds. */
  readonly free: Float64Array[];
}

/** Returns the memory for the trees of these columns. */
export function boostMemory(columns: BinnedColumns): BoostMemory {
  return { kernel: histogramKernel(columns), free: [] };
}

/**
 * Returns the tree as scikit-learn's TreeGrower grows it (after LightGBM, Ke and others 2017): the leaf of the highest gain
 * is split next; a child's histogram is the parent's minus its sibling's; a leaf says −rate · Σg / (Σh + l2).
 */
export function growBoostedTree(options: BoostOptions, memory: BoostMemory): Tree {
  const { columns, gradients, hessians, maxLeaves, maxDepth, minLeaf } = options;
  const { rows: total, bins } = columns;
  const { members } = memory.kernel;
  for (let i = 0; i < total; i++) members[i] = i;
  const scratch = new Uint32Array(total);
  let gradient = 0;
  let hessian = 0;
  for (let i = 0; i < total; i++) {
    gradient += gradients[i]!;
    hessian += hessians[i]!;
  }
  const makeNode = (from: number, to: number, depth: number, g: number, h: number): Node => ({
    from,
    to,
    depth,
    gradient: g,
    hessian: h,
    histogram: null,
    gain: 0,
    feature: -1,
    bin: 0,
    leftGradient: 0,
    leftHessian: 0,
    left: null,
    right: null,
  });
  const canSplit = (node: Node): boolean =>
    node.depth < maxDepth && node.to - node.from >= 2 * minLeaf && node.hessian >= minHessian;
  const fill = (node: Node): void => {
    node.histogram = memory.free.pop() ?? new Float64Array(columns.features * histogramWidth);
    fillHistogram(node, options, memory.kernel);
  };
  const root = makeNode(0, total, 0, gradient, hessian);
  const open: Node[] = [];
  const offer = (node: Node): void => {
    if (node.histogram) findSplit(node, options);
    else findSplitDirectly(node, options, memory.kernel);
    if (node.feature >= 0) open.push(node);
    else release(node, memory);
  };
  if (canSplit(root)) {
    if (total > direct) fill(root);
    offer(root);
  }
  let leaves = 1;
  while (open.length > 0 && leaves < maxLeaves) {
    let top = 0;
    for (let t = 1; t < open.length; t++) if (open[t]!.gain > open[top]!.gain) top = t;
    const node = open.splice(top, 1)[0]!;
    const base = node.feature * total;
    let [low, high] = [node.from, 0];
    for (let t = node.from; t < node.to; t++) {
      const i = members[t]!;
      if (bins[base + i]! <= node.bin) members[low++] = i;
      else scratch[high++] = i;
    }
    members.set(scratch.subarray(0, high), low);
    const { leftGradient, leftHessian, depth } = node;
    const left = makeNode(node.from, low, depth + 1, leftGradient, leftHessian);
    const right = makeNode(low, node.to, depth + 1, node.gradient - leftGradient, node.hessian - leftHessian);
    node.left = left;
    node.right = right;
    leaves++;
    const [smaller, larger] = left.to - left.from < right.to - right.from ? [left, right] : [right, left];
    const wanted = leaves < maxLeaves;
    if (wanted && canSplit(larger) && larger.to - larger.from > direct) {
      fill(smaller);
      larger.histogram = node.histogram!;
      node.histogram = null;
      const [mine, other] = [larger.histogram, smaller.histogram!];
      for (let at = 0; at < mine.length; at++) mine[at]! -= other[at]!;
      if (canSplit(smaller)) offer(smaller);
      else release(smaller, memory);
      offer(larger);
    } else if (wanted) {
      for (const child of [smaller, larger]) if (canSplit(child)) offer(child);
    }
    release(node, memory);
  }
  for (const node of open) release(node, memory);
  return toTree(root, members, options);
}

function release(node: Node, { free }: BoostMemory): void {
  if (node.histogram) free.push(node.histogram);
  node.histogram = null;
}

/** Puts the node's derivatives in the order of its rows. */
function gather(node: Node, { gradients, hessians }: BoostOptions, kernel: HistogramKernel): void {
  const { members, derivatives } = kernel;
  for (let t = node.from, at = 0; t < node.to; t++, at += 2) {
    const i = members[t]!;
    derivatives[at] = gradients[i]!;
    derivatives[at + 1] = hessians[i]!;
  }
}

function fillHistogram(node: Node, options: BoostOptions, kernel: HistogramKernel): void {
  const { features, thresholds } = options.columns;
  gather(node, options, kernel);
  for (let j = 0; j < features; j++) {
    kernel.fill(j, node.from, node.to);
    const used = fields * (thresholds[j]!.length + 1);
    node.histogram!.set(kernel.histogram.subarray(0, used), j * histogramWidth);
  }
}

/** The histogram of one feature and what a split has to keep to. */
interface Scan {
  readonly histogram: Float64Array;
  readonly start: number;
  /** How many bins but the last. */
  readonly last: number;
  readonly minLeaf: number;
  readonly l2: number;
}

/** Looks through a stored histogram. */
function findSplit(node: Node, options: BoostOptions): void {
  const { thresholds, features } = options.columns;
  const { minLeaf, l2 } = options;
  const scan = { histogram: node.histogram!, start: 0, last: 0, minLeaf, l2 };
  for (let j = 0; j < features; j++) {
    scan.start = j * histogramWidth;
    scan.last = thresholds[j]!.length;
    scanFeature(node, j, scan);
  }
}

/** Looks through the histogram of one feature after the other, each made in the same few kilobytes. */
function findSplitDirectly(node: Node, options: BoostOptions, kernel: HistogramKernel): void {
  const { features, thresholds } = options.columns;
  const { minLeaf, l2 } = options;
  const scan = { histogram: kernel.histogram, start: 0, last: 0, minLeaf, l2 };
  gather(node, options, kernel);
  for (let j = 0; j < features; j++) {
    kernel.fill(j, node.from, node.to);
    scan.last = thresholds[j]!.length;
    scanFeature(node, j, scan);
  }
}

/** Takes note of the feature's best split when it is better than what the node has. Plain variables only: this is the inner loop. */
function scanFeature(node: Node, feature: number, { histogram, start, last, minLeaf, l2 }: Scan): void {
  const gradient = node.gradient;
  const hessian = node.hessian;
  const rows = node.to - node.from;
  const mostLeft = rows - minLeaf;
  const own = (gradient * gradient) / (hessian + l2 + tiny);
  const before = node.gain;
  let best = before;
  let bestBin = -1;
  let bestGradient = 0;
  let bestHessian = 0;
  let g = 0;
  let h = 0;
  let count = 0;
  let at = start;
  let b = 0;
  for (; b < last; b++, at += fields) {
    const added = histogram[at + 2]!;
    if (count + added >= minLeaf) break;
    g += histogram[at]!;
    h += histogram[at + 1]!;
    count += added;
  }
  // Empty bins are not skipped: they repeat the gain before them, which costs less than a branch that is hard to foresee.
  let goal = best + own;
  for (; b < last; b++, at += fields) {
    g += histogram[at]!;
    h += histogram[at + 1]!;
    count += histogram[at + 2]!;
    if (count > mostLeft) break;
    const restHessian = hessian - h;
    if (h < minHessian || restHessian < minHessian) continue;
    const rest = gradient - g;
    const low = h + l2 + tiny;
    const high = restHessian + l2 + tiny;
    // g² / low + rest² / high > goal, without a division.
    if (g * g * high + rest * rest * low <= goal * low * high) continue;
    const gain = (g * g) / low + (rest * rest) / high - own;
    if (gain <= best) continue;
    best = gain;
    goal = gain + own;
    bestBin = b;
    bestGradient = g;
    bestHessian = h;
  }
  if (bestBin < 0) return;
  node.gain = best;
  node.feature = feature;
  node.bin = bestBin;
  node.leftGradient = bestGradient;
  node.leftHessian = bestHessian;
}

/** Numbers the nodes, and adds the leaves' values to the predictions of their rows. */
function toTree(root: Node, members: Uint32Array, options: BoostOptions): Tree {
  const { columns, learningRate, l2, raw, stride, offset } = options;
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    nodes.push(node);
    if (node.left) visit(node.left);
    if (node.right) visit(node.right);
  };
  visit(root);
  const place = new Map(nodes.map((node, at) => [node, at]));
  const values = Float32Array.from(nodes, ({ gradient, hessian, left }) =>
    left ? 0 : (-learningRate * gradient) / (hessian + l2 + tiny),
  );
  nodes.forEach((node, at) => {
    if (node.left) return;
    for (let t = node.from; t < node.to; t++) raw[members[t]! * stride + offset]! += values[at]!;
  });
  return {
    feature: Int32Array.from(nodes, ({ left, feature }) => (left ? feature : -1)),
    threshold: Float32Array.from(nodes, ({ left, feature, bin }) =>
      left ? columns.thresholds[feature]![bin]! : 0,
    ),
    left: Int32Array.from(nodes, ({ left }) => (left ? place.get(left)! : 0)),
    right: Int32Array.from(nodes, ({ right }) => (right ? place.get(right)! : 0)),
    values,
  };
}
