/** Predictions and summaries in words, the same in the terminal and on the page; they begin in lower case. */
import { speechOf } from "../data/corpora/index.js";
import { listChoices } from "../errors.js";
import type { ArtifactManifest } from "./manifest.js";
import type { AbstainReason, Prediction } from "./prediction.js";
import type { TimelineSummary } from "./timeline-summary.js";

/** What to say first, and what may stand below it. */
export interface Words {
  readonly headline: string;
  readonly detail?: string;
}

const reasons: Readonly<Record<AbstainReason, string>> = {
  "no-speech": "no speech",
  "too-short": "too short",
  unfamiliar: "unfamiliar sound",
  uncertain: "uncertain",
};

/** Least share of the time that is named in a summary's headline, and least that is named at all. */
const headlineShare = 0.1;
const namedShare = 0.01;

/** Returns a word or two for a window of a timeline: "angry", "no speech"; values where the model has no classes. */
export function briefWords({ label, reason, dimensions }: Prediction): string {
  if (label !== null) return label;
  if (reason !== undefined) return reasons[reason];
  return dimensions ? valueWords(dimensions) : "no label";
}

/**
 * Returns what a prediction says: "angry, 62 %" with "possible: angry or happy" below where the model cannot rule others out, or why it
 * says nothing: "uncertain" with "possible: calm or sad" below.
 * @param model the manifest of whose prediction it is, where it is at hand: it names what an unfamiliar sound is unlike.
 */
export function predictionWords(
  prediction: Prediction,
  model?: { readonly training: Pick<ArtifactManifest["training"], "dataset"> },
): Words {
  const { label, confidence, reason, dimensions, bandHz, learnt } = prediction;
  const brief = briefWords(prediction);
  const values = dimensions && brief !== valueWords(dimensions) ? [valueWords(dimensions)] : [];
  const why = reason === "unfamiliar" ? [`unlike ${learntSpeech(model)}`] : [];
  const known = learnt ? ["the model learnt from this very recording"] : [];
  const band = bandHz ? [`nothing above ${(bandHz / 1000).toFixed(1)} kHz, as from a telephone`] : [];
  return words(label === null ? brief : `${brief}, ${percent(confidence)}`, [
    ...setWords(prediction),
    ...why,
    ...values,
    ...band,
    ...known,
  ]);
}

/** Returns what a model learnt from: "the acted speech in English and German that the model learnt from". */
export function learntSpeech(model?: Parameters<typeof predictionWords>[1]): string {
  const speech = model && speechOf(model.training.dataset);
  if (speech) return `the ${speech} that the model learnt from`;
  return model
    ? `what the model learnt from ('${model.training.dataset}')`
    : "all that the model learnt from";
}

/** Returns what a recording's windows say together: "happy 62 % of the time, uncertain 20 %", with smaller shares below. */
export function summaryWords({ windows, shares, silent, dimensions }: TimelineSummary): Words {
  if (windows === 0) return { headline: "nothing was heard" };
  const parts = [
    ...Object.entries(shares),
    ...Object.entries(silent).map(([reason, share]) => [reasons[reason as AbstainReason], share] as const),
  ].filter(([, share]) => share >= namedShare);
  const values = dimensions ? [`${valueWords(dimensions)} on average`] : [];
  if (parts.length === 0) return { headline: values[0] ?? "no label" };
  const largest = Math.max(...parts.map(([, share]) => share));
  const inHeadline = (share: number): boolean => share >= headlineShare || share === largest;
  const say = (named: typeof parts): string[] => named.map(([name, share]) => `${name} ${percent(share)}`);
  const [first, ...others] = say(parts.filter(([, share]) => inHeadline(share)));
  const less = say(parts.filter(([, share]) => !inHeadline(share)));
  return words(
    [`${first} of the time`, ...others].join(", "),
    [less.join(", "), ...values].filter((part) => part !== ""),
  );
}

/** Returns the classes that a prediction holds to be possible, where that says more than its label. */
function setWords({ label, reason, set = [], scores }: Prediction): string[] {
  if (set.length === 0 || (label === null && reason !== "uncertain")) return [];
  if (set.length === 1) return label === null ? [`perhaps ${set[0]}`] : [];
  const all = set.length === Object.keys(scores).length && set.length > 2;
  return [all ? `possible: any of ${set.length} emotions` : `possible: ${listChoices(set)}`];
}

/** Returns values such as "arousal 3.21, valence 1.77", in the unit of the ratings that the model learnt from. */
function valueWords(dimensions: NonNullable<Prediction["dimensions"]>): string {
  return Object.entries(dimensions)
    .map(([name, value]) => `${name} ${value.toFixed(2)}`)
    .join(", ");
}

/** Returns whole per cent; what is almost all is not called so. */
function percent(part: number): string {
  const whole = Math.round(100 * part);
  return whole === 100 && part < 1 ? "over 99 %" : `${whole} %`;
}

function words(headline: string, details: readonly string[]): Words {
  return details.length > 0 ? { headline, detail: details.join("; ") } : { headline };
}
