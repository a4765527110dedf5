/** What a person should know before using a model that was trained here. */
import type { ArtifactDescription } from "../artifact/write-artifact.js";
import { corpora } from "../data/corpora/index.js";
import { type DimensionName, speakersInWords } from "../data/utterance.js";
import type { Evaluation, ValueEvaluation } from "../evaluate/evaluation-result.js";
import type { TaughtRow } from "../evaluate/taught-rows.js";
import type { TrainingData } from "./training-data.js";

/** The English names of languages by their codes. */
const languageNames = new Intl.DisplayNames(["en"], { type: "language" });

/** Returns the model card of a model of classes, of values, or of both, that has learnt from the rows. */
export function modelCard(
  data: Pick<TrainingData, "corpus" | "dataset">,
  { classes, values }: Evaluation,
  rows: readonly TaughtRow[],
): ArtifactDescription["card"] {
  const corpus = corpora.find(({ id }) => id === data.corpus);
  const licence = corpus ? corpus.licence : "unknown: the licence of the training recordings holds";
  const named = corpus ? `${corpus.title}, in ${languageNames.of(corpus.language)}` : data.dataset.name;
  const counted = (own: readonly TaughtRow[]): string =>
    `${own.length} utterances (${speakersInWords(own.map(({ utterance }) => utterance))})`;
  const learnt = [
    ...(classes
      ? [`${counted(rows.filter(({ label }) => label >= 0))}, classes ${classes.classes.join(", ")}`]
      : []),
    ...(values ? [`${counted(rows.filter((row) => row.values))}, rated ${values.names.join(", ")}`] : []),
  ];
  const votes = classes?.protocol.model.learnFrom === "votes" && classes.rated;
  const { leaks, protocol } = (classes ?? values)!;
  const limits = [
    ...leaks.map(({ message }) => `LEAK: ${message}.`),
    ...(protocol.warnings ?? [])
      .filter((text) => !leaks.some(({ message }) => message.includes(text)))
      .map((text) => `Beware: ${text}.`),
    `Trained on ${corpus ? "acted speech" : "the recordings named above"}; scores fall on other speakers, languages, microphones and spontaneous speech. A score says how a clip sounds to the model, not what a person feels.`,
    ...(votes
      ? [
          `Scores estimate the raters' votes: mean Jensen-Shannon distance ${votes.jensenShannon.toFixed(3)} on unseen clips (${classes.protocol.summary}).`,
        ]
      : []),
    ...(values
      ? [
          `Values are in the unit of the ratings. ${values.names.map((name) => measureSentence(values, name)).join("; ")} (${values.protocol.summary}).`,
        ]
      : []),
  ];
  return {
    licence,
    data: `${named}: ${learnt.join("; ")}.`,
    intendedUse:
      "Research, demonstration and the person's own use. Not for decisions about people; the EU AI Act (Art. 5(1)(f)) prohibits emotion recognition at work and in education.",
    limits: limits.join(" "),
    citation: corpus?.citation ?? "none",
  };
}

/** Returns the measures of one value, such as `arousal: CCC 0.512, MAE 0.301, RMSE 0.402`. */
function measureSentence({ scores }: ValueEvaluation, name: DimensionName): string {
  const { ccc, mae, rmse } = scores[name];
  const [first, second, third] = [ccc, mae, rmse].map((value) => value?.toFixed(3) ?? "–");
  return `${name}: CCC ${first}, MAE ${second}, RMSE ${third}`;
}
