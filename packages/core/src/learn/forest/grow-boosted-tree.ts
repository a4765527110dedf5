/** Grows one tree of gradient boosting: best leaf first, splits found in histograms of gradients. */
import type { BinnedColumns } from "./bin-columns.js";
import type { Tree } from "./grow-tree.js";
import {
  type HistogramKernel,
  histogramKernel,
  histogramWidth,
  minHessian,
  tiny,
} from "./histogram-kernel.js";

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
  /** Where its histograms are kept; −1 for nowhere. */
  histogram: number;
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

/** Histograms of whole nodes that are kept at most; nodes beyond them have theirs made one by one. */
const mostKept = 64;

/** Returns the memory for the trees of these columns, which serves from tree to tree. */
export function boostMemory(columns: BinnedColumns, maxLeaves: number): HistogramKernel {
  return histogramKernel(columns, Math.min(mostKept, maxLeaves, Math.ceil(columns.rows / direct)) + 1);
}

/**
 * Returns the tree as scikit-learn's TreeGrower grows it (after LightGBM, Ke and others 2017): the leaf of the highest gain
 * is split next; a child's histogram is the parent's minus its sibling's; a leaf says −rate · Σg / (Σh + l2).
 */
export function growBoostedTree(options: BoostOptions, kernel: HistogramKernel): Tree {
  const { columns, gradients, hessians, maxLeaves, maxDepth, minLeaf } = options;
  const { rows: total, bins } = columns;
  const { members } = kernel;
  for (let i = 0; i < total; i++) members[i] = i;
  const scratch = new Uint32Array(total);
  let gradient = 0;
  let hessian = 0;
  for (let i = 0; i < total; i++) {
    gradient += gradients[i];
    hessian += hessians[i];
  }
  const makeNode = (own: Pick<Node, "from" | "to" | "depth" | "gradient" | "hessian">): Node => ({
    from: own.from,
    to: own.to,
    depth: own.depth,
    gradient: own.gradient,
    hessian: own.hessian,
    histogram: -1,
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
  const root = makeNode({ from: 0, to: total, depth: 0, gradient, hessian });
  const open: Node[] = [];
  const offer = (node: Node): void => {
    if (node.feature >= 0) open.push(node);
    else release(node, kernel);
  };
  if (canSplit(root)) {
    if (total > direct) keep(root, kernel);
    searchDirectly(root, options, kernel);
    offer(root);
  }
  let leaves = 1;
  while (open.length > 0 && leaves < maxLeaves) {
    let top = 0;
    for (let t = 1; t < open.length; t++) if (open[t].gain > open[top].gain) top = t;
    const node = open.splice(top, 1)[0];
    const base = node.feature * total;
    let [low, high] = [node.from, 0];
    for (let t = node.from; t < node.to; t++) {
      const i = members[t];
      if (bins[base + i] <= node.bin) members[low++] = i;
      else scratch[high++] = i;
    }
    members.set(scratch.subarray(0, high), low);
    const { from, to, leftGradient, leftHessian } = node;
    const depth = node.depth + 1;
    const left = makeNode({ from, to: low, depth, gradient: leftGradient, hessian: leftHessian });
    const right = makeNode({
      from: low,
      to,
      depth,
      gradient: node.gradient - leftGradient,
      hessian: node.hessian - leftHessian,
    });
    node.left = left;
    node.right = right;
    leaves++;
    const [smaller, larger] = left.to - left.from < right.to - right.from ? [left, right] : [right, left];
    const wanted = leaves < maxLeaves;
    if (wanted && node.histogram >= 0 && canSplit(larger) && larger.to - larger.from > direct) {
      larger.histogram = node.histogram;
      node.histogram = -1;
      if (smaller.to - smaller.from > direct && canSplit(smaller)) keep(smaller, kernel);
      searchBySubtraction({ smaller, larger, both: canSplit(smaller) }, options, kernel);
      for (const child of [smaller, larger]) offer(child);
    } else if (wanted) {
      for (const child of [smaller, larger]) {
        if (!canSplit(child)) continue;
        searchDirectly(child, options, kernel);
        offer(child);
      }
    }
    release(node, kernel);
  }
  for (const node of open) release(node, kernel);
  return toTree(root, members, options);
}

/** Gives the node room to keep its histograms in, where there is some. */
function keep(node: Node, { free }: HistogramKernel): void {
  node.histogram = free.pop() ?? -1;
}

function release(node: Node, { free }: HistogramKernel): void {
  if (node.histogram >= 0) free.push(node.histogram);
  node.histogram = -1;
}

/** Puts the node's derivatives in the order of its rows. */
function gather(node: Node, { gradients, hessians }: BoostOptions, kernel: HistogramKernel): void {
  const { members, derivatives } = kernel;
  for (let t = node.from, at = 0; t < node.to; t++, at += 2) {
    const i = members[t];
    derivatives[at] = gradients[i];
    derivatives[at + 1] = hessians[i];
  }
}

/** Looks through the histograms of one pair of features after the other, each made where the node keeps it, or all in the same few kilobytes. */
function searchDirectly(node: Node, options: BoostOptions, kernel: HistogramKernel): void {
  gather(node, options, kernel);
  for (let pair = 0; pair < kernel.pairs; pair++) {
    const at = node.histogram < 0 ? kernel.scratch : node.histogram + 2 * pair * histogramWidth;
    kernel.fill(pair, node.from, node.to, at);
    scanPair({ node, pair, at }, options, kernel);
  }
}

/**
 * Looks through both children's histograms, of which the larger one's are the parent's less the smaller one's: pair after pair of features, so
 * that all three of a pair are in the nearest cache.
 */
function searchBySubtraction(
  { smaller, larger, both }: { smaller: Node; larger: Node; both: boolean },
  options: BoostOptions,
  kernel: HistogramKernel,
): void {
  gather(smaller, options, kernel);
  for (let pair = 0; pair < kernel.pairs; pair++) {
    const own = smaller.histogram < 0 ? kernel.scratch : smaller.histogram + 2 * pair * histogramWidth;
    const other = larger.histogram + 2 * pair * histogramWidth;
    kernel.fill(pair, smaller.from, smaller.to, own);
    kernel.subtract(pair, other, own);
    if (both) scanPair({ node: smaller, pair, at: own }, options, kernel);
    scanPair({ node: larger, pair, at: other }, options, kernel);
  }
}

/** Takes note of the best split of the pair's features when it is better than what the node has. */
function scanPair(
  { node, pair, at }: { node: Node; pair: number; at: number },
  { minLeaf, l2 }: BoostOptions,
  kernel: HistogramKernel,
): void {
  const { gradient, hessian, gain } = node;
  kernel.scan(pair, at, { gradient, hessian, rows: node.to - node.from, gain, minLeaf, l2 });
  const { gains, bins, gradients, hessians } = kernel.found;
  for (let lane = 0; lane < 2; lane++) {
    if (bins[lane] < 0 || gains[lane] <= node.gain) continue;
    node.gain = gains[lane];
    node.feature = 2 * pair + lane;
    node.bin = bins[lane];
    node.leftGradient = gradients[lane];
    node.leftHessian = hessians[lane];
  }
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
    for (let t = node.from; t < node.to; t++) raw[members[t] * stride + offset] += values[at];
  });
  return {
    feature: Int32Array.from(nodes, ({ left, feature }) => (left ? feature : -1)),
    threshold: Float32Array.from(nodes, ({ left, feature, bin }) =>
      left ? columns.thresholds[feature][bin] : 0,
    ),
    left: Int32Array.from(nodes, ({ left }) => (left ? place.get(left)! : 0)),
    right: Int32Array.from(nodes, ({ right }) => (right ? place.get(right)! : 0)),
    values,
  };
}
