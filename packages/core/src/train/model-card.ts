/** What a person should know before using a model that was trained here. */
import type { ArtifactDescription } from "../artifact/write-artifact.js";
import { corpora, corpusName } from "../data/corpora/index.js";
import { type DimensionName, speakersInWords } from "../data/utterance.js";
import type { Evaluation, LeftOutCorpora, ValueEvaluation } from "../evaluate/evaluation-result.js";
import type { TaughtRow } from "../evaluate/taught-rows.js";
import type { TrainingData } from "./training-data.js";

/** The English names of languages by their codes. */
const languageNames = new Intl.DisplayNames(["en"], { type: "language" });

/** What a card says of one origin of what was learnt. */
interface Origin {
  readonly name: string;
  /** Its name at length. */
  readonly named: string;
  readonly licence: string;
  readonly citation: string;
}

/** Returns what is known of corpora that `+` joins; `own` is what recordings of none of them are called. */
function originsOf(joined: string, own: string): Origin[] {
  const ids = joined.split("+");
  return ids.map((id) => {
    const corpus = corpora.find((known) => known.id === id);
    if (!corpus) {
      const name = ids.length === 1 ? own : `other recordings of ${own}`;
      return { name, named: name, licence: unknownLicence, citation: "none" };
    }
    const { title, language, licence, citation } = corpus;
    return { name: corpusName(id), named: `${title}, in ${languageNames.of(language)}`, licence, citation };
  });
}

const unknownLicence = "unknown: the licence of the training recordings holds";

/** Returns what the origins say, once where all say the same, else each with whose it is: `CC BY-NC-SA 4.0 (RAVDESS, nEMO); CC0 1.0 (EMO-DB)`. */
function together(origins: readonly Origin[], what: "licence" | "citation"): string {
  const texts = [...new Set(origins.map((origin) => origin[what]))];
  if (texts.length === 1) return texts[0]!;
  return texts
    .map((text) => {
      const names = origins.filter((origin) => origin[what] === text).map(({ name }) => name);
      return `${text} (${names.join(", ")})`;
    })
    .join("; ");
}

/** Returns the model card of a model of classes, of values, or of both, that has learnt from the rows. */
export function modelCard(
  data: Pick<TrainingData, "corpus" | "dataset" | "beside">,
  { classes, values }: Evaluation,
  rows: readonly TaughtRow[],
): ArtifactDescription["card"] {
  const { beside = [] } = data;
  const own = originsOf(data.corpus, data.dataset.name);
  const others = beside.map(({ corpus, dataset }) => originsOf(corpus ?? "", dataset.name));
  const all = [...own, ...others.flat()];
  const acted = all.every(({ licence }) => licence !== unknownLicence);
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
    `Trained on ${acted ? "acted speech" : "the recordings named above"}; scores fall on other speakers, languages, microphones and spontaneous speech. A score says how a clip sounds to the model, not what a person feels.`,
    ...(classes?.corpora ? [corporaSentence(classes.corpora)] : []),
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
    licence: together(all, "licence"),
    data: [
      `${own.map(({ named }) => named).join(" + ")}: ${learnt.join("; ")}.`,
      ...beside.map(
        ({ name, dataset: { utterances } }, i) =>
          `Beside them '${name}', which taught and was not tested: ${utterances.length} utterances (${speakersInWords(utterances)}) of ${others[i]!.map(({ named }) => named).join(" + ")}.`,
      ),
    ].join(" "),
    intendedUse:
      "Research, demonstration and the person's own use. Not for decisions about people; the EU AI Act (Art. 5(1)(f)) prohibits emotion recognition at work and in education.",
    limits: limits.join(" "),
    citation: together(all, "citation"),
  };
}

/** Returns what to expect on a corpus that the model has not heard, by what was found of each one that was left out. */
function corporaSentence({ rows, mean }: LeftOutCorpora): string {
  const percent = (part: number | null): string => (part === null ? "–" : `${Math.round(100 * part)} %`);
  const told = rows.map(
    ({ corpus, classes, uar, ci, answered, accuracyAnswered }) =>
      `${corpusName(corpus)}: UAR ${percent(uar)} (${percent(ci.low)} to ${percent(ci.high)}) over ${classes.length} classes${answered === null ? "" : `, ${percent(answered)} answered, ${percent(accuracyAnswered)} of that right`}`,
  );
  return `What to expect elsewhere, from models of the same recipe with one corpus left out: ${told.join("; ")}; on average UAR ${percent(mean.uar)} (${percent(mean.ci.low)} to ${percent(mean.ci.high)}).`;
}

/** Returns the measures of one value, such as `arousal: CCC 0.512, MAE 0.301, RMSE 0.402`. */
function measureSentence({ scores }: ValueEvaluation, name: DimensionName): string {
  const { ccc, mae, rmse } = scores[name];
  const [first, second, third] = [ccc, mae, rmse].map((value) => value?.toFixed(3) ?? "–");
  return `${name}: CCC ${first}, MAE ${second}, RMSE ${third}`;
}
