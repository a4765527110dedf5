/** docs/estimators.md, from what the factories declare. */
import { type EstimatorFactory, estimators, regressors } from "@undertone/core";

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
\`estimator(kind, params)\` of \`@undertone/core\`, take what stands here. Every model exports to ONNX (operators of ai.onnx 17 and ai.onnx.ml 3) and
its graph gives the scores of \`predict\` within 1e-5, in ONNX Runtime for Node and for the web. Where scikit-learn has the same estimator, golden values hold ours to it.

Bad input is refused with one sentence: one class only (\`learn/single-class\`), fewer than two rows (\`learn/too-few-rows\`), values that are not finite
(\`learn/not-finite\`). A constant column is taken and says nothing; a class that no training row has gets the score 0.

## Classes

All have four parameters beside their own. \`classWeight\` "balanced" gives every class the same weight in all. \`learnFrom\` "votes" learns how many raters
heard each class, where the corpus tells, instead of the majority's label; with \`classWeight\` "none" the scores then are an estimate of the raters'
distribution, and the evaluation prints the Jensen-Shannon distance to it. \`standardize\` fits a scaler with the model. \`speakerCentring\` takes
that part of each training speaker's mean off, for models that adapt to a speaker.

${estimators.map(section).join("\n\n")}

## Values

\`regressor(kind, params)\` learns arousal, valence, dominance or any other number, several columns at once: \`ValueTargets\` in, a \`ValueModel\` out, whose
graph has the output \`values\`. \`undertone evaluate --target arousal,valence --model KIND\` scores one on unseen speakers, from the columns
\`arousal\`, \`valence\` and \`dominance\` of a manifest; artifacts hold classes only so far.

${regressors.map(section).join("\n\n")}
`;
}
