/** Pairwise coupling: from the probabilities of every pair of classes to those of all classes. */

/** Returns every pair (i, j), i < j, of `classes` classes, in the order (0, 1), (0, 2), … (1, 2), … */
export function classPairs(classes: number): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < classes; i++) for (let j = i + 1; j < classes; j++) pairs.push([i, j]);
  return pairs;
}

/** How often the transition matrix is squared: its second eigenvalue is at most about 1 − 1 / (classes − 1). */
export function squarings(classes: number): number {
  return Math.ceil(Math.log2(40 * classes));
}

/**
 * Returns the linear map (pairs × classes², and a constant of classes²) from the pairs' probabilities P(i | i or j) to the
 * transition matrix whose stationary distribution is the coupling.
 */
export function transitionMap(classes: number): { weights: Float32Array; constant: Float32Array } {
  const pairs = classPairs(classes);
  const cells = classes * classes;
  const weights = new Float32Array(pairs.length * cells);
  const constant = new Float32Array(cells);
  const part = 1 / (classes - 1);
  pairs.forEach(([i, j], pair) => {
    const at = pair * cells;
    weights[at + j * classes + i] = part;
    weights[at + i * classes + i] = part;
    weights[at + i * classes + j] = -part;
    weights[at + j * classes + j] = -part;
    constant[i * classes + j] += part;
    constant[j * classes + j] += part;
  });
  return { weights, constant };
}

/**
 * Writes the class probabilities p that solve pᵢ = Σⱼ (pᵢ + pⱼ) · rᵢⱼ / (classes − 1), Σp = 1: the first approach of Wu, Lin
 * and Weng, "Probability estimates for multi-class classification by pairwise coupling" (2004). (LIBSVM takes their second
 * one.) p is the stationary distribution of a Markov chain, found here by repeated squaring, as the exported graph finds it.
 */
export function coupleInto(out: Float32Array, pairProbabilities: ArrayLike<number>, classes: number): void {
  let held = new Float64Array(classes * classes);
  let next = new Float64Array(classes * classes);
  const part = 1 / (classes - 1);
  let pair = 0;
  for (let i = 0; i < classes; i++) {
    for (let j = i + 1; j < classes; j++) {
      const r = pairProbabilities[pair++];
      held[j * classes + i] += part * r;
      held[i * classes + i] += part * r;
      held[i * classes + j] += part * (1 - r);
      held[j * classes + j] += part * (1 - r);
    }
  }
  for (let round = squarings(classes); round > 0; round--) {
    for (let i = 0; i < classes; i++) {
      let sum = 0;
      for (let j = 0; j < classes; j++) {
        let value = 0;
        for (let k = 0; k < classes; k++) value += held[i * classes + k] * held[k * classes + j];
        next[i * classes + j] = value;
        sum += value;
      }
      for (let j = 0; j < classes; j++) next[i * classes + j] /= sum;
    }
    [held, next] = [next, held];
  }
  for (let j = 0; j < classes; j++) {
    let sum = 0;
    for (let i = 0; i < classes; i++) sum += held[i * classes + j];
    out[j] = sum / classes;
  }
}
