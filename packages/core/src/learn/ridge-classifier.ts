/** Ridge classifier: least squares on ±1 targets in closed form, blocks of features weighted alike, with probabilities. */
import { type Block, block } from "../math/linear-algebra.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { checkpoint } from "./checkpoint.js";
import { defineClassifier } from "./define-estimator.js";
import { innerFolds } from "./inner-folds.js";
import { linearMap, logitMap, softmaxCore } from "./linear/linear-core.js";
import type { LinearSolution } from "./linear/minimize.js";
import {
  choice,
  flag,
  integerFrom,
  nonNegative,
  type ParameterSpec,
  positive,
  wordOr,
} from "./parameters.js";
import { type ClassPart, classParts } from "./ridge/class-parts.js";
import { columnWeights } from "./ridge/column-weights.js";
import { dualRidge } from "./ridge/dual-ridge.js";
import { primalRidge } from "./ridge/primal-ridge.js";
import type { RidgePart } from "./ridge/ridge-system.js";
import { fitSlope } from "./softmax-slope.js";
import { unitBlocks } from "./unit-blocks.js";

/**
 * The strengths that "auto" tries, in units of the mean squared length of a row. A wide problem can be met exactly, so that a weak ridge never
 * wins there and would only slow the folds down.
 */
const strengths = {
  wide: [0.25, 0.4, 0.6, 0.9, 1.3, 2, 4, 16],
  long: [1e-3, 1e-2, 0.05, 0.2, 0.5, 1, 2.5, 10],
};

/** With fewer rows there is nothing to gain from rounded products. */
const fewestRough = 512;

/** A problem is wide with up to so many rows for each column, or with more columns than this. */
const longestWide = 2;
const leastWide = 1024;

/** What blocks of columns count, by their names; one at least. */
const shares: ParameterSpec<Readonly<Record<string, number>>> = {
  default: {},
  expected: 'an object of blocks and what they count, from 0 on, such as {"seed-v1":2}',
  accepts: (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((share) => nonNegative(0).accepts(share)),
};

/**
 * Ridge classifier as scikit-learn's RidgeClassifier has it: for each class, minimizes Σᵢ weightᵢ · (yᵢ − w·xᵢ − b)² + alpha · ‖w‖² with
 * y = 1 for its own rows and −1 for the rest. `alpha` "auto" takes the strength whose probabilities have the least log loss on `folds`
 * inner folds, which keep groups together. `blockWeights` "width" divides the squares of each block of columns by its width, so that a wide
 * block counts no more than a narrow one; what stands before the last colon of a column's name is its block, and an object of blocks and numbers lets those count more or less. `unitBlocks` brings
 * each row's blocks to one length first, so that recordings that lie far from all training ones move the scores no further than these do. Scores are the softmax of the
 * decision values times one slope, of largest likelihood on the inner folds. Where rows are of several corpora, `absentClasses` "masked" learns each
 * class from those corpora only that have it: in a corpus without fear no row says what fear does not sound like ("negative": each does). Inner
 * folds of several corpora hold a whole corpus out each.
 */
export const ridgeClassifier = defineClassifier({
  kind: "ridge-classifier",
  summary: "Ridge classifier in closed form, blocks of features weighted alike",
  parameters: {
    alpha: wordOr(["auto"], positive(1)),
    blockWeights: wordOr(["width", "none"], shares),
    unitBlocks: flag(false),
    folds: integerFrom(2, 5),
    absentClasses: choice(["masked", "negative"]),
  },
  standardize: true,
  transformers: (names, params) => (params.unitBlocks ? [unitBlocks(names)] : []),
  async fitCore({ x, names, labels, classes, weights, groups, domains, params, context }) {
    const { blockWeights } = params;
    const scaling =
      blockWeights === "none"
        ? new Float64Array(x.cols).fill(1)
        : columnWeights(names, blockWeights === "width" ? {} : blockWeights);
    const targets = block(classes, x.rows);
    for (let k = 0; k < classes; k++)
      for (let i = 0; i < x.rows; i++) targets.data[k * x.rows + i] = labels[i] === k ? 1 : -1;
    // Columns that count nothing would cost as much as others.
    const counting = Int32Array.from(scaling.keys()).filter((j) => scaling[j] > 0);
    const folds = innerFolds({
      labels,
      ...(domains ? { groups: domains, count: new Set(domains).size } : { groups, count: params.folds }),
      random: context.random.fork("ridge"),
    });
    const wide = x.rows <= longestWide * counting.length || counting.length > leastWide;
    const rows = {
      ...{ x: scaled(x, scaling, counting), targets, weights, folds },
      rough: wide && params.alpha === "auto" && x.rows >= fewestRough,
      rest: () => checkpoint(context),
    };
    const system = await (x.rows <= counting.length ? dualRidge(rows) : primalRidge(rows));

    const alphas =
      params.alpha === "auto"
        ? strengths[wide ? "wide" : "long"].map((s) => s * (system.scale || 1))
        : [params.alpha];
    const masked = params.absentClasses === "masked" ? domains : undefined;
    // Of several corpora each is a fold, so that a part has whole ones.
    const parts = classParts(labels, classes, masked).map(({ outputs, rows: own }) => {
      const partFolds = own && new Set(own.map((i) => folds[i]));
      return {
        ...{ outputs, folds: partFolds },
        system: outputs.length === classes && !own ? system : system.part(outputs, partFolds),
      };
    });
    const unseen = await unseenValues(parts, {
      ...{ alphas, folds, labels, classes },
      told: domains !== undefined,
      rest: (part) => checkpoint(context, 0.3 + 0.5 * part),
    });
    await checkpoint(context, 0.8);
    const fits = unseen.map((values) => fitSlope(values, labels, weights));
    const losses = fits.map(({ loss }) => loss);
    const best = losses.some(Number.isFinite)
      ? losses.indexOf(Math.min(...losses))
      : Math.floor(alphas.length / 2);
    const solution = joined(
      parts.map(({ outputs, system: own }) => ({ outputs, ...own.solve(alphas[best]) })),
      classes,
    );
    const scaledBack = block(classes, x.cols);
    for (let k = 0; k < classes; k++)
      counting.forEach((j, c) => {
        scaledBack.data[k * x.cols + j] = scaling[j] * solution.weights.data[k * counting.length + c];
      });
    const map = linearMap({ weights: scaledBack, bias: solution.bias });
    const slope = Number.isFinite(losses[best]) ? fits[best].slope : 1;
    return softmaxCore(logitMap(map, slope), map);
  },
});

/** Classes that are learnt together, and the problem of them. */
interface SolvedPart extends Pick<ClassPart, "outputs"> {
  /** Absent for all. */
  readonly folds: ReadonlySet<number> | undefined;
  readonly system: RidgePart;
}

/**
 * Returns, for each strength, classes × rows values of machines that have not seen the row's fold, −∞ of classes that its corpus lacks; none when
 * there is one fold only. Of several corpora a class that is not `told` of outside a fold is −∞ in it too.
 */
async function unseenValues(
  parts: readonly SolvedPart[],
  about: {
    readonly alphas: readonly number[];
    readonly folds: Int32Array;
    readonly labels: Int32Array;
    readonly classes: number;
    readonly told: boolean;
    readonly rest: (part: number) => Promise<void>;
  },
): Promise<Block[]> {
  const { alphas, folds, labels, classes, told, rest } = about;
  const [names, n] = [[...new Set(folds)], folds.length];
  if (names.length < 2) return [];
  const unseen = alphas.map(() =>
    block(classes, n, new Float64Array(classes * n).fill(Number.NEGATIVE_INFINITY)),
  );
  for (const [f, name] of names.entries()) {
    const known = new Set(labels.filter((_, i) => folds[i] !== name));
    const held = Int32Array.from(folds.keys()).filter((i) => folds[i] === name);
    for (const [p, { outputs, folds: own, system }] of parts.entries()) {
      await rest((f + p / parts.length) / names.length);
      const taught = outputs.filter((k) => !told || known.has(k));
      if (taught.length === 0 || own?.has(name) === false) continue;
      system.valuesWithout(name, alphas).forEach(({ data, cols }, a) => {
        for (const k of taught)
          held.forEach((i, row) => {
            unseen[a].data[k * n + i] = data[outputs.indexOf(k) * cols + row];
          });
      });
    }
  }
  return unseen;
}

/** Returns the solution of all classes. */
function joined(
  parts: readonly (LinearSolution & { readonly outputs: readonly number[] })[],
  classes: number,
): LinearSolution {
  if (parts.length === 1) return parts[0];
  const { cols } = parts[0].weights;
  const all = { weights: block(classes, cols), bias: new Float64Array(classes) };
  for (const { outputs, weights, bias } of parts)
    outputs.forEach((k, o) => {
      all.weights.data.set(weights.data.subarray(o * cols, (o + 1) * cols), k * cols);
      all.bias[k] = bias[o];
    });
  return all;
}

/** Returns the counting columns, each times its scaling. */
function scaled({ data, rows, cols }: Matrix, scaling: Float64Array, counting: Int32Array): Matrix {
  const width = counting.length;
  const result = matrix(rows, width);
  for (let i = 0; i < rows; i++)
    for (let c = 0; c < width; c++)
      result.data[i * width + c] = data[i * cols + counting[c]] * scaling[counting[c]];
  return result;
}
