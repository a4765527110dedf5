/** How far results may move: the one place that says it for all of the net. */

/** What is computed anew may lie so far from what was recorded: another order of float32 sums, not another result. */
export const tolerance = 1e-6;

/**
 * A speaker's profile holds numbers of five significant digits: the least change turns a last digit, which is at most so large a part of the
 * number.
 */
export const profileTolerance = 1e-4;

/**
 * How far a number of a recipe's result may move, alone and as a part of itself. Features may differ in their last digits (quicker loops, another processor's
 * network), and what is fitted on inner folds is solved to a tolerance only, the steepness of a ridge's scores among it. Labels, and with them UAR and confusion, stay.
 */
export const recipeTolerance = { absolute: 1e-3, relative: 1e-3 };

/** The same in a bin of the reliability diagram, where a prediction on its border may change sides: a count, and what is a mean over few. */
export const binTolerance = { absolute: 0.02, relative: 0.05 };

/** Points of UAR that a recipe may move by when a deliberate change is recorded anew; `scripts/record-net.ts` refuses more. */
export const rerecordUarPoints = 0.2;
