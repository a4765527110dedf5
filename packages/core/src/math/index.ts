/** The table of contents of @undertone/core/math: matrices, transforms and chance. */
export { type RealFft, realFft, type Samples } from "./fft.js";
export { type Matrix, matrix, matrixFromRows, meanOf, row, takeColumns, takeRows } from "./matrix.js";
export { type Random, random } from "./random.js";
