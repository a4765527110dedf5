/** docs/estimators.md, from what the factories declare. */
import { type EstimatorFactory, estimatorsOf } from "@undertone/core/learn";

type Listed = Pick<EstimatorFactory, "kind" | "summary" | "parameters">;

function shown(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function section({ kind, summary, parameters }: Listed): string {
  const rows = Object.entries(parameters).map(
    ([name, { default: value, expected }]) => `| \`${name}\` | ${shown(value)} | ${expected} |`,
  );
  return [
    `### ${kind}`,
    "",
    `${summary}.`,
    "",
    "| parameter | default | takes |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** Returns the page. */
export function estimatorsMarkdown(): string {
  return `# Estimators

Written by \`npx tsx scripts/make-estimator-docs.ts\` from what the code declares. \`--model KIND --param NAME=VALUE\` of \`train\` and \`evaluate\`, and
\`estimator(kind, params)\` of \`@undertone/core\`, take what stands here; a kind that stands under classes and under values learns what it is given. Every model exports to ONNX (operators of ai.onnx 17 and ai.onnx.ml 3) and
its graph gives the scores of \`predict\` within 1e-5, in ONNX Runtime for Node and for the web. Where scikit-learn has the same estimator, golden values hold ours to it.

Bad input is refused with one sentence: one class only (\`learn/single-class\`), fewer than two rows (\`learn/too-few-rows\`), values that are not finite
(\`learn/not-finite\`). A constant column is taken and says nothing; a class that no training row has gets the score 0.

Processor seconds of a fit on one thread beside scikit-learn's on the same data in 8 classes (\`npx tsx bench/estimators.bench.ts --large --python PYTHON\`). 1440 rows: the
best of the fits after the first of a process, beside scikit-learn 1.9.1 with numpy 2.4 on an AMD EPYC core; logistic regression in float64, where ours ends at a gradient of
2e-9 of the first and scikit-learn's at 8e-8. 20,000 rows: beside scikit-learn 1.7.2, on an Intel Xeon core that had much else to do.

| rows × columns | estimator | Undertone | scikit-learn | ratio |
| --- | --- | ---: | ---: | ---: |
| 1440 × 300 | \`rbf-svm\`, probabilities | 0.19 | 1.07 | 0.18 |
| 1440 × 300 | \`logistic-regression\` | 0.32 | 0.35 | 0.92 |
| 1440 × 300 | \`random-forest\`, 300 trees | 2.1 | 4.0 | 0.52 |
| 1440 × 300 | \`hist-gradient-boosting\`, 100 rounds | 8.3 | 22.6 | 0.37 |
| 20,000 × 200 | \`rbf-svm\`, probabilities | 16.0 | 189.9 | 0.08 |
| 20,000 × 200 | \`random-forest\`, 300 trees | 49.3 | 111.2 | 0.44 |
| 20,000 × 200 | \`hist-gradient-boosting\`, 20 rounds | 5.4 | 7.5 | 0.71 |

The pairs of \`rbf-svm\` and \`random-forest\` at 20,000 rows were timed one fit each, half an hour apart, the others in turn.

## Classes

All have five parameters beside their own. \`classWeight\` "balanced" gives every class the same weight in all. Where the recordings are of several corpora,
\`domainWeight\` "balanced" gives each corpus the same weight, and inside it each of its classes. \`learnFrom\` "votes" learns how many raters
heard each class, where the corpus tells, instead of the majority's label; with \`classWeight\` "none" the scores then are an estimate of the raters'
distribution, and the evaluation prints the Jensen-Shannon distance to it. \`standardize\` fits a scaler with the model. \`speakerCentring\` takes
that part of each training speaker's mean off, for models that adapt to a speaker.

${estimatorsOf("classes").map(section).join("\n\n")}

## Values

\`estimator(kind, params, "values")\` learns arousal, valence, dominance or any other number, several columns at once: \`ValueTargets\` in, a model with the head
\`dimensions\` out, whose graph has the output \`values\`. \`pairOf(classes, values)\` makes two estimators one that learns both. The ratings come from the columns \`arousal\`, \`valence\` and \`dominance\` of a manifest or a feature table, in whatever unit they have:

\`\`\`
undertone evaluate --data rated.csv --features seed-v1 --model ridge-regression --target arousal,valence --folds loso
undertone train --data rated.csv --features seed-v1 --model ridge-regression --target all --out values.onnx
undertone train --data rated.csv --features seed-v1 --model linear-svm --target all --value-model ridge-regression --out both.onnx
undertone evaluate --data others.csv --artifact both.onnx
\`\`\`

The first scores a regressor on unseen speakers: CCC with its interval, MAE, RMSE and R². The second writes an artifact whose predictions carry \`dimensions\` and no label, the third
one whose graph gives classes and values. \`manifest.dimensions\` says the range of the training ratings and how good each value is; nothing is cut to that range, so that a clip
unlike all training may get a value beyond it: heed \`outOfDistribution\`. \`--prepare\`, \`--train-speeds\`, \`--test-speeds\` and \`--table\` work as for classes. \`--adapt\`,
\`--calibration\`, \`--max-risk\`, \`--robustness\` and \`--importance\` are about classes and are refused.

\`--target votes\` learns the shares of the raters' votes (columns \`votes:WORD\`) with a model of classes: it stands for \`learnFrom=votes\`, \`classWeight=none\` and no calibration, and
an utterance without a label gets the word of most votes. Its scores are judged by the Jensen-Shannon distance to the votes.

${estimatorsOf("values").map(section).join("\n\n")}
`;
}
