/**
 * Marks of the clips that a model learnt from, by which it knows them again whatever they are called: eight whole numbers a clip, sums of its
 * standardized features with signs drawn at random (Johnson and Lindenstrauss 1984). A clip keeps its marks at another level, rate or in another
 * container without loss; none of 2,658 clips of three corpora comes within a quarter of a deviation of another, unless it is the same recording.
 */
import type { FeatureTable } from "../data/feature-table.js";
import { standardized } from "../data/standardized.js";
import { random } from "../math/random.js";
import type { ArtifactManifest, ReferenceProfile } from "./manifest.js";

/** Marks of one clip. */
export const marksPerClip = 8;
/** Marks are whole numbers from minus this to this. */
export const mostMark = 127;
/** What one of them stands for, in standard deviations of a feature. */
const deviationsPerMark = 0.05;
/** Marks of one recording differ by at most so many: resampling from 48 to 16 kHz moves them by two. */
const mostApart = 3;
/** Of fewer features the marks of different clips are alike. */
const fewestFeatures = 40;

/** Returns a function from a row of features to its marks. */
function openMarks(reference: ReferenceProfile): (row: ArrayLike<number>) => Int8Array {
  const stream = random("learnt clips");
  const signs = Uint8Array.from(reference.mean, () => stream.integer(2 ** marksPerClip));
  const scale = deviationsPerMark * Math.sqrt(signs.length);
  return (row) => {
    const values = standardized(row, reference);
    return Int8Array.from({ length: marksPerClip }, (_, k) => {
      let sum = 0;
      for (let j = 0; j < values.length; j++) sum += (signs[j]! >> k) & 1 ? values[j]! : -values[j]!;
      return Math.min(mostMark, Math.max(-mostMark, Math.round(sum / scale)));
    });
  };
}

/**
 * Returns the marks of all rows of the tables, clip by clip, or undefined where the features are too few to tell clips apart.
 * @param tables one row a clip, as the model hears it as it is.
 */
export function markClips(
  tables: readonly FeatureTable[],
  reference: ReferenceProfile,
): number[] | undefined {
  if (reference.mean.length < fewestFeatures) return undefined;
  const marks = openMarks(reference);
  return tables.flatMap(({ frames: { data, rows, cols } }) =>
    Array.from({ length: rows }, (_, i) => [...marks(data.subarray(i * cols, (i + 1) * cols))]).flat(),
  );
}

/**
 * Returns a function that says whether the model learnt from the recording with these features, heard whole and as it is; undefined of a
 * model that does not tell.
 */
export function openLearntClips({
  learntClips: known,
  reference,
}: Pick<ArtifactManifest, "learntClips" | "reference">): ((row: ArrayLike<number>) => boolean) | undefined {
  if (!known) return undefined;
  const marks = openMarks(reference);
  return (row) => {
    const own = marks(row);
    for (let at = 0; at < known.length; at += marksPerClip) {
      if (own.every((mark, k) => Math.abs(mark - known[at + k]!) <= mostApart)) return true;
    }
    return false;
  };
}
