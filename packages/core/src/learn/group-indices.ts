/** From the names of groups to the indices that targets carry. */

/** Returns the index of each name among the distinct names, in the order of their first appearance. */
export function groupIndices(names: readonly (string | number)[]): Int32Array {
  const known = new Map<string | number, number>();
  return Int32Array.from(names, (name) => {
    const index = known.get(name) ?? known.size;
    known.set(name, index);
    return index;
  });
}
