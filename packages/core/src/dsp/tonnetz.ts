/** Tonal centroid: chroma projected onto fifths, minor and major thirds (Harte, Sandler & Gasser 2006). */
import { type Matrix, matrix } from "../math/matrix.js";

const angles = [7 / 6, 7 / 6, 3 / 2, 3 / 2, 2 / 3, 2 / 3];
const radii = [1, 1, 1, 1, 0.5, 0.5];

/** Returns frames × 6 coordinates in −1..1, as `librosa.feature.tonnetz(chroma=chroma)` transposed. */
export function tonnetz(chroma: Matrix): Matrix {
  const { rows, cols, data } = chroma;
  const basis = angles.map((angle, d) =>
    Float64Array.from(
      { length: cols },
      (_, c) => radii[d] * Math.cos(Math.PI * ((angle * 12 * c) / cols - (d % 2 === 0 ? 0.5 : 0))),
    ),
  );
  const result = matrix(rows, 6);
  for (let t = 0; t < rows; t++) {
    let total = 0;
    for (let c = 0; c < cols; c++) total += Math.abs(data[t * cols + c]);
    if (total === 0) continue;
    basis.forEach((weights, d) => {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += weights[c] * data[t * cols + c];
      result.data[t * 6 + d] = sum / total;
    });
  }
  return result;
}
