/** How far results may move: the one place that says it for all of the net. */

/** What is computed anew may lie so far from what was recorded: another order of float32 sums, not another result. */
export const tolerance = 1e-6;

/**
 * A speaker's profile holds numbers of five significant digits: the least change turns a last digit, which is at most so large a part of the
 * number.
 */
export const profileTolerance = 1e-4;

/** Points of UAR that a recipe may move by when a deliberate change is recorded anew; `scripts/record-net.ts` refuses more. */
export const rerecordUarPoints = 0.2;
