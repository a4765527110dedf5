/** Blocks of samples in one piece. */

/** Returns the blocks one after the other. */
export function joinBlocks(blocks: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    result.set(block, at);
    at += block.length;
  }
  return result;
}
