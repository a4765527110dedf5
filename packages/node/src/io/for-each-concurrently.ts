/** Several pieces of work at a time, and no more than that. */

/** Runs `task` over all items, `width` at a time. @throws what the first that fails does, once those under way have ended; no other begins then. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  width: number,
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const runner = async (): Promise<void> => {
    while (failures.length === 0 && next < items.length) {
      const index = next++;
      await task(items[index], index).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: width }, runner));
  if (failures.length > 0) throw failures[0];
}
