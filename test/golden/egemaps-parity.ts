/** How far egemaps-v02 agrees with openSMILE: the correlation of each functional over recordings. */
import { egemapsV02 } from "../../packages/core/src/features/egemaps-v02.js";

/** One recording with openSMILE's values in the order of the set's names. */
export interface EgemapsReference {
  readonly samples: Float32Array;
  readonly expected: readonly number[];
}

/** Returns Pearson's correlation of each of the 88 functionals over the recordings, in the order of the set's names. */
export function egemapsCorrelations(recordings: readonly EgemapsReference[]): number[] {
  const ours = recordings.map(({ samples }) => egemapsV02.extract({ samples, sampleRate: 16000 }).data);
  return egemapsV02.names.map((_, i) =>
    correlation(
      ours.map((values) => values[i]),
      recordings.map(({ expected }) => expected[i]),
    ),
  );
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [centreA, centreB] = [mean(a), mean(b)];
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, _, i) => sum + x[i] * y[i], 0);
  const da = a.map((value) => value - centreA);
  const db = b.map((value) => value - centreB);
  return product(da, db) / Math.sqrt(product(da, da) * product(db, db));
}
