/** Disjoint sets of whole numbers. */

/** Sets that grow together. */
export interface UnionFind {
  /** Returns the number that stands for the set of `i`. */
  find(i: number): number;
  /** Makes the sets of `i` and `j` one. */
  join(i: number, j: number): void;
}

/** Returns `size` sets of one number each (union with path halving; the smaller number stands for both). */
export function unionFind(size: number): UnionFind {
  const parent = Int32Array.from({ length: size }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  return {
    find,
    join(i, j) {
      const [a, b] = [find(i), find(j)];
      if (a < b) parent[b] = a;
      else parent[a] = b;
    },
  };
}
