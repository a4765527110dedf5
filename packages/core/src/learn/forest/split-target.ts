/** What the trees of a forest look for: the split that leaves the least impurity, of classes or of values. */

/** The best cut that a scan has found. */
export interface Cut {
  /** Σ over both sides and all outputs of (weighted sum)² / weight: the higher, the purer. */
  gain: number;
  /** How many of the scanned rows go left. */
  count: number;
}

/** The targets of one tree, with the weights of its sample; keeps the sums of the node in hand. */
export interface SplitTarget {
  readonly outputs: number;
  /** Weight of each row; rows of weight 0 are not in the tree's sample. */
  readonly weights: Float64Array;
  /** Sums up the node's rows; returns whether there is anything to tell apart. */
  enter(members: Uint32Array, from: number, to: number): boolean;
  /**
   * Raises `cut` to the best cut of the node that was entered: `sorted` tells where in it its rows are, by rising rank of one feature,
   * `ranks` those ranks.
   */
  scan(sorted: Int32Array, ranks: Uint32Array, options: ScanOptions, cut: Cut): void;
  /** Returns the gain of sending the rows up to `threshold` left, or −∞ when a side has fewer than `minLeaf`. */
  gainOf(members: Uint32Array, from: number, to: number, options: ThresholdOptions): number;
  /** Appends the node's mean of each output. */
  pushMeans(values: number[]): void;
}

export interface ScanOptions {
  /** Rows of the node. */
  readonly size: number;
  readonly minLeaf: number;
}

export interface ThresholdOptions {
  /** Column-major values. */
  readonly values: Float32Array;
  readonly base: number;
  readonly threshold: number;
  readonly minLeaf: number;
}

/** Returns targets that are classes: the impurity is Gini's. */
export function classTarget(labels: Int32Array, classes: number, weights: Float64Array): SplitTarget {
  const left = new Float64Array(classes);
  const right = new Float64Array(classes);
  const sums = new Float64Array(classes);
  // Of the node's rows, beside each other.
  const ownLabels = new Int32Array(labels.length);
  const ownWeights = new Float64Array(labels.length);
  let weight = 0;
  let squares = 0;
  return {
    outputs: classes,
    weights,
    enter(members, from, to) {
      sums.fill(0);
      weight = 0;
      squares = 0;
      for (let t = from; t < to; t++) {
        const i = members[t];
        const label = labels[i];
        const w = weights[i];
        ownLabels[t - from] = label;
        ownWeights[t - from] = w;
        sums[label] += w;
        weight += w;
      }
      let kinds = 0;
      for (let k = 0; k < classes; k++) {
        squares += sums[k] ** 2;
        if (sums[k] > 0) kinds++;
      }
      return kinds > 1;
    },
    scan(sorted, ranks, { size, minLeaf }, cut) {
      left.fill(0);
      right.set(sums);
      let [leftWeight, leftSquares, rightSquares] = [0, 0, squares];
      let { gain: best, count } = cut;
      for (let t = 0; t < size - 1; t++) {
        const place = sorted[t];
        const w = ownWeights[place];
        const label = ownLabels[place];
        leftSquares += w * (2 * left[label] + w);
        rightSquares += w * (w - 2 * right[label]);
        left[label] += w;
        right[label] -= w;
        leftWeight += w;
        if (ranks[t] === ranks[t + 1] || t + 1 < minLeaf || size - t - 1 < minLeaf) continue;
        const gain = leftSquares / leftWeight + rightSquares / (weight - leftWeight);
        if (gain > best) [best, count] = [gain, t + 1];
      }
      cut.gain = best;
      cut.count = count;
    },
    gainOf(members, from, to, { values, base, threshold, minLeaf }) {
      left.fill(0);
      let leftWeight = 0;
      let count = 0;
      for (let t = from; t < to; t++) {
        const i = members[t];
        if (values[base + i] > threshold) continue;
        left[labels[i]] += weights[i];
        leftWeight += weights[i];
        count++;
      }
      return count < minLeaf || to - from - count < minLeaf
        ? Number.NEGATIVE_INFINITY
        : gainOfSides(left, leftWeight, sums, weight);
    },
    pushMeans(values) {
      for (let k = 0; k < classes; k++) values.push(sums[k] / weight);
    },
  };
}

/** Returns targets that are numbers, rows × outputs: the impurity is the variance, summed over the outputs. */
export function valueTarget(targets: Float64Array, outputs: number, weights: Float64Array): SplitTarget {
  const left = new Float64Array(outputs);
  const sums = new Float64Array(outputs);
  const rows = new Uint32Array(weights.length);
  let weight = 0;
  return {
    outputs,
    weights,
    enter(members, from, to) {
      sums.fill(0);
      weight = 0;
      const first = members[from] * outputs;
      let differs = false;
      for (let t = from; t < to; t++) {
        const i = members[t];
        const w = weights[i];
        rows[t - from] = i;
        weight += w;
        for (let k = 0; k < outputs; k++) {
          const value = targets[i * outputs + k];
          sums[k] += w * value;
          differs ||= value !== targets[first + k];
        }
      }
      return differs;
    },
    scan(sorted, ranks, { size, minLeaf }, cut) {
      left.fill(0);
      let leftWeight = 0;
      let { gain: best, count } = cut;
      for (let t = 0; t < size - 1; t++) {
        const i = rows[sorted[t]];
        const w = weights[i];
        for (let k = 0; k < outputs; k++) left[k] += w * targets[i * outputs + k];
        leftWeight += w;
        if (ranks[t] === ranks[t + 1] || t + 1 < minLeaf || size - t - 1 < minLeaf) continue;
        const gain = gainOfSides(left, leftWeight, sums, weight);
        if (gain > best) [best, count] = [gain, t + 1];
      }
      cut.gain = best;
      cut.count = count;
    },
    gainOf(members, from, to, { values, base, threshold, minLeaf }) {
      left.fill(0);
      let leftWeight = 0;
      let count = 0;
      for (let t = from; t < to; t++) {
        const i = members[t];
        if (values[base + i] > threshold) continue;
        for (let k = 0; k < outputs; k++) left[k] += weights[i] * targets[i * outputs + k];
        leftWeight += weights[i];
        count++;
      }
      return count < minLeaf || to - from - count < minLeaf
        ? Number.NEGATIVE_INFINITY
        : gainOfSides(left, leftWeight, sums, weight);
    },
    pushMeans(values) {
      for (let k = 0; k < outputs; k++) values.push(sums[k] / weight);
    },
  };
}

function gainOfSides(left: Float64Array, leftWeight: number, sums: Float64Array, weight: number): number {
  let [leftSquares, rightSquares] = [0, 0];
  for (let k = 0; k < left.length; k++) {
    leftSquares += left[k] ** 2;
    rightSquares += (sums[k] - left[k]) ** 2;
  }
  return leftSquares / leftWeight + rightSquares / (weight - leftWeight);
}
