/** Grows one tree of gradient boosting: best leaf first, splits found in histograms of gradients. */
import { type BinnedColumns, maxBins } from "./bin-columns.js";
import type { Tree } from "./grow-tree.js";

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

/** Sum of gradients, sum of hessians, number of rows. */
const fields = 3;
const width = fields * (maxBins + 1);
const minHessian = 1e-3;
const tiny = 1e-15;

/** Keeps histograms from tree to tree, since making them anew takes as long as filling them. */
export interface HistogramPool {
  take(): Float64Array;
  give(histogram: Float64Array): void;
}

/** Returns a pool for histograms of that many features. */
export function histogramPool(features: number): HistogramPool {
  const free: Float64Array[] = [];
  return {
    take: () => free.pop() ?? new Float64Array(features * width),
    give: (histogram) => void free.push(histogram),
  };
}

/**
 * Returns the tree as scikit-learn's TreeGrower grows it (after LightGBM, Ke and others 2017): the leaf of the highest gain
 * is split next; a child's histogram is the parent's minus its sibling's; a leaf says −rate · Σg / (Σh + l2).
 */
export function growBoostedTree(options: BoostOptions, pool: HistogramPool): Tree {
  const { columns, gradients, hessians, maxLeaves, maxDepth, minLeaf } = options;
  const { rows: total, bins } = columns;
  const members = Uint32Array.from({ length: total }, (_, i) => i);
  const scratch = new Uint32Array(total);
  const ordered = { gradients: new Float32Array(total), hessians: new Float32Array(total) };
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
    node.histogram = pool.take();
    fillHistogram(node.histogram, { options, members, from: node.from, to: node.to, ordered });
  };
  const root = makeNode(0, total, 0, gradient, hessian);
  const open: Node[] = [];
  const offer = (node: Node): void => {
    findSplit(node, options);
    if (node.feature >= 0) open.push(node);
    else release(node, pool);
  };
  if (canSplit(root)) {
    fill(root);
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
    if (wanted && canSplit(larger)) {
      fill(smaller);
      larger.histogram = node.histogram!;
      node.histogram = null;
      const [mine, other] = [larger.histogram, smaller.histogram!];
      for (let at = 0; at < mine.length; at++) mine[at]! -= other[at]!;
      if (canSplit(smaller)) offer(smaller);
      else release(smaller, pool);
      offer(larger);
    } else if (wanted && canSplit(smaller)) {
      fill(smaller);
      offer(smaller);
    }
    release(node, pool);
  }
  for (const node of open) release(node, pool);
  return toTree(root, members, options);
}

function release(node: Node, pool: HistogramPool): void {
  if (node.histogram) pool.give(node.histogram);
  node.histogram = null;
}

function fillHistogram(
  histogram: Float64Array,
  {
    options,
    members,
    from,
    to,
    ordered,
  }: {
    options: BoostOptions;
    members: Uint32Array;
    from: number;
    to: number;
    ordered: { gradients: Float32Array; hessians: Float32Array };
  },
): void {
  const { columns, gradients, hessians } = options;
  const { bins, rows: total, features } = columns;
  const { gradients: g, hessians: h } = ordered;
  const size = to - from;
  for (let t = 0; t < size; t++) {
    const i = members[from + t]!;
    g[t] = gradients[i]!;
    h[t] = hessians[i]!;
  }
  histogram.fill(0);
  for (let j = 0; j < features; j++) {
    const base = j * total;
    const start = j * width;
    for (let t = 0; t < size; t++) {
      const at = start + fields * bins[base + members[from + t]!]!;
      histogram[at]! += g[t]!;
      histogram[at + 1]! += h[t]!;
      histogram[at + 2]!++;
    }
  }
}

function findSplit(node: Node, { columns, minLeaf, l2 }: BoostOptions): void {
  const { features, thresholds } = columns;
  const histogram = node.histogram!;
  const rows = node.to - node.from;
  const { gradient, hessian } = node;
  const own = (gradient * gradient) / (hessian + l2 + tiny);
  let best = 0;
  for (let j = 0; j < features; j++) {
    let [g, h, count] = [0, 0, 0];
    let at = j * width;
    const last = thresholds[j]!.length;
    for (let b = 0; b < last; b++, at += fields) {
      const added = histogram[at + 2]!;
      if (added === 0) continue;
      g += histogram[at]!;
      h += histogram[at + 1]!;
      count += added;
      if (count < minLeaf) continue;
      if (rows - count < minLeaf) break;
      if (h < minHessian) continue;
      const restHessian = hessian - h;
      if (restHessian < minHessian) break;
      const rest = gradient - g;
      const gain = (g * g) / (h + l2 + tiny) + (rest * rest) / (restHessian + l2 + tiny) - own;
      if (gain > best) {
        best = gain;
        node.feature = j;
        node.bin = b;
        node.leftGradient = g;
        node.leftHessian = h;
      }
    }
  }
  node.gain = best;
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
