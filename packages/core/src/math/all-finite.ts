/** A look at many numbers at once. */

/** Returns whether no value is infinite or NaN: those alone times 0 are not 0. Four sums, so that none waits for the other. */
export function allFinite(data: Float32Array): boolean {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let at = 0;
  for (; at + 4 <= data.length; at += 4) {
    s0 += 0 * data[at];
    s1 += 0 * data[at + 1];
    s2 += 0 * data[at + 2];
    s3 += 0 * data[at + 3];
  }
  for (; at < data.length; at++) s0 += 0 * data[at];
  return s0 + s1 + s2 + s3 === 0;
}
