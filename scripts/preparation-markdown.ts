/** docs/preparation.md, from what the steps declare. */
import { preparationSteps } from "@undertone/core/learn";

function section({
  kind,
  summary,
  parameters,
  changes,
  learnsFrom,
  takesMissing,
}: (typeof preparationSteps)[number]): string {
  const told = Object.entries(parameters)
    .map(([name, { default: value, expected }]) => `\`${name}\` = ${value} (${expected})`)
    .join(", ");
  return `| \`${kind}\` | ${summary}. | ${told || "–"} | ${changes === "rows" ? "training rows only" : "columns, in the model"} | ${takesMissing ? "yes" : "no"} | ${learnsFrom ?? "classes or values"} |`;
}

/** Returns the page. */
export function preparationMarkdown(): string {
  return `# Preparation

Written by \`npx tsx scripts/make-estimator-docs.ts\` from what the code declares. \`--prepare STEPS\` of \`train\`, \`evaluate\` and \`search\`, \`model.prepare\` of a
recipe, and \`prepared(specs, estimator)\` of \`@undertone/core\` put steps before a model of classes or of values:

\`\`\`
undertone evaluate --table mine.csv --model rbf-svm --prepare median-impute,robust-scale,select-anova:k=200,smote
\`\`\`

A step's parameters follow it with colons: \`clip:low=2:high=98\`. Steps run from left to right, and each is fitted on the training part of a fold alone, on
what the steps before it made of it. Steps of columns become nodes of the model's ONNX graph, which agrees with \`predict\` within 1e-5; steps of rows
(outliers, resampling, SMOTE) change what is learnt from and leave nothing behind. SMOTE looks for neighbours within a speaker, so that folds inside a
fit stay apart. Most models also standardize by themselves (\`--param standardize=false\` stops them) and weigh classes alike (\`--param classWeight=none\`).

**Missing values.** In a feature table a missing value is NaN: an empty cell or \`NaN\` in CSV, \`null\` in JSON and Parquet. Undertone's feature sets have none; a
table made elsewhere may, such as F0 where nothing is voiced. Scaling and clipping leave them missing; a step that cannot take them, and every model,
refuses them with one sentence (\`learn/not-finite\`) until a step such as \`median-impute\` has filled them. Infinite values are always refused.

**A scaler fitted on everything is a leak.** A table whose columns all bear the marks of one scaling over all rows (mean 0 and deviation 1, or 0 to 1, or median 0
and interquartile range 1) was scaled before the split: the leak gate refuses it unless \`--allow-leak preprocessing\` asks for it. Copies of recordings made before
the split (attribute \`copyOf\`) and one recording under two names are refused alike.

| step | does | parameters | changes | takes missing values | before models of |
| --- | --- | --- | --- | --- | --- |
${preparationSteps.map(section).join("\n")}

One-hot columns of what the corpus tells of an utterance (\`sex\`, \`age\`, \`intensity\`) come with \`--attributes sex,age\`, in \`evaluate\` and \`search\` only: an artifact
hears a recording and is told nothing.
`;
}
