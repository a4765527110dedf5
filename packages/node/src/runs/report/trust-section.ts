/** The report's sections on trust: calibration, silence when unsure, sets of emotions, and who is served worst. */
import type {
  EvaluationResult,
  FeatureCoefficient,
  FeatureEffect,
  GroupResult,
  HeardClips,
} from "@undertone/core/evaluate";
import { reliabilityChart, riskChart } from "./charts.js";
import { type Html, html } from "./html.js";
import { dataTable } from "./tables.js";
import { confidenceSentence, percent, percentInterval, points } from "./words.js";

/** Families that are listed. */
const familiesShown = 20;

const calibrationNames: Readonly<Record<string, string>> = {
  none: "none: scores as they are",
  temperature: "temperature: one number for all scores",
  platt: "Platt: a curve for each emotion",
  isotonic: "isotonic: a staircase for each emotion",
};

/** Returns the reliability diagram and what each calibration would do. */
export function reliability(result: EvaluationResult): Html {
  const { calibrations } = result.trust;
  return html`<h2>Whether its confidence can be believed</h2>
<p>${confidenceSentence(result)} Points on the dashed line are as often right as they claim; below it, too sure.</p>
<figure class="chart">${reliabilityChart(result)}<figcaption>Clips by the score of the chosen emotion in 15 bins of equal width (Guo et al. 2017); the number of
clips stands above each bar. Expected calibration error ${percent(result.ece)}.</figcaption></figure>
${
  calibrations.length > 1 &&
  dataTable({
    caption:
      "What a calibration does to the scores. Each fold's is fitted on the other folds, so that it never sees the clips that it is judged on.",
    columns: ["calibration", "calibration error", "log loss", "Brier score", "UAR"],
    rows: calibrations.map(({ kind, ece, logLoss, brier, uar }) => [
      calibrationNames[kind] ?? kind,
      percent(ece),
      logLoss.toFixed(3),
      brier.toFixed(3),
      percent(uar),
    ]),
  })
}`;
}

/** Returns what silence buys, and how large the sets are that keep a promise. */
export function abstention(result: EvaluationResult): Html {
  const { riskCoverage, conformal, calibration } = result.trust;
  const half = riskCoverage.curve.find(({ coverage }) => coverage >= 0.5);
  const after =
    calibration === "none" ? "" : ` Scores after ${calibration} calibration, fitted across folds.`;
  return html`<h2>If it may stay silent</h2>
<p>A model that answers only when it is sure is wrong less often.${half && html` Answering the surest ${percent(half.coverage)} of the clips, it is wrong in ${percent(half.risk)} of them instead of ${percent(1 - result.accuracy)}.`}</p>
<figure class="chart">${riskChart(result)}<figcaption>Part of the answers that is wrong (upwards) when only the surest part is answered (to the right); dashed: when all
are. Area under the curve (AURC) ${riskCoverage.aurc.toFixed(3)}; 0 is perfect.${after}</figcaption></figure>
${
  conformal.length > 0 &&
  html`<h2>Sets of emotions that keep a promise</h2>
<p>Instead of one emotion the model can name all that are likely enough, so that the right one is among them as often as promised (conformal prediction).
Small sets mean easy clips. The promise holds on average over speakers, not for each.</p>
${dataTable({
  caption: "Each fold's sets are fitted on the other folds.",
  columns: ["promised", "kept", "worst speaker", "emotions in a set", "sets of one"],
  rows: conformal.map(({ level, coverage, worstSpeaker, meanSize, single }) => [
    percent(level),
    percent(coverage),
    percent(worstSpeaker),
    meanSize.toFixed(2),
    percent(single),
  ]),
})}`
}`;
}

/** Returns what is left in worse audio; nothing where it was not measured. */
export function robustness({ robustness: found }: EvaluationResult): Html {
  if (!found) return html``;
  const { clips, clean, asTheyAre, conditions } = found;
  const worst = [...conditions].sort((a, b) => a.uar - b.uar)[0];
  const cells = (one: HeardClips): string[] => [
    percent(one.answered),
    one.accuracyAnswered === null ? "–" : percent(one.accuracyAnswered),
    percent(one.confidence),
    percent(one.ece),
  ];
  return html`<h2>If the audio is worse</h2>
<p>${clips} of the test clips, evenly over speakers, went through noise, other sounds, telephones, rooms and clipping before the model of their fold heard them. As they are, their UAR is
${percent(clean)}; worst is ${worst.name} with ${percent(worst.uar)}.</p>
${dataTable({
  caption:
    "Of clean: the UAR as part of that of the clips as they are. Answered: clips that the model answers as it would ship, sure enough and not too strange; right: the part of these answers that is right. Confidence and calibration error are of all. Other answer: clips whose likeliest emotion is another than as they are. Unheard: clips that gave no features any more.",
  columns: [
    "condition",
    "UAR",
    "95 % interval",
    "of clean",
    "answered",
    "right",
    "confidence",
    "calibration error",
    "other answer",
    "unheard",
  ],
  rows: [
    ["as they are", percent(clean), percentInterval(asTheyAre.ci), "", ...cells(asTheyAre), "", ""],
    ...conditions.map((one) => [
      one.name,
      percent(one.uar),
      percentInterval(one.ci),
      percent(one.ofClean),
      ...cells(one),
      percent(one.changed),
      one.unheard,
    ]),
  ],
})}`;
}

/** Returns what the model listens to; nothing where it was not measured. */
export function importance({ importance: found, classes }: EvaluationResult): Html {
  if (!found) return html``;
  const { families, effects, coefficients, repeats } = found;
  return html`<h2>What it listens to</h2>
<p>UAR that is lost on unseen speakers when the features of a family are shuffled among the clips. Families that tell the same lose little each, since the
others step in; this is about the model, not about how emotion sounds.</p>
${dataTable({
  caption: `Mean and standard deviation of ${repeats} shuffles, in points of UAR.`,
  columns: ["family", "features", "points lost", "±"],
  rows: families
    .slice(0, familiesShown)
    .map(({ family, features, loss, deviation }) => [
      family,
      features,
      (100 * loss).toFixed(1),
      (100 * deviation).toFixed(1),
    ]),
})}
${
  effects.length > 0 &&
  dataTable({
    caption:
      "Single features that move an emotion's score most: points of score from the feature's low (10th percentile) to its high value (90th), all else being the same.",
    columns: ["emotion", "raise it", "lower it"],
    sentences: ["raise it", "lower it"],
    rows: classes.map((name) => [name, moves(effects, name, 1), moves(effects, name, -1)]),
  })
}
${
  coefficients.length > 0 &&
  dataTable({
    caption:
      "Largest coefficients: what one standard deviation of a feature adds to the emotion's log-odds, less what it adds on average; mean over the folds, ± deviation over them.",
    columns: ["emotion", "coefficients"],
    sentences: ["coefficients"],
    rows: classes.map((name) => [name, weights(coefficients, name)]),
  })
}`;
}

function moves(effects: readonly FeatureEffect[], name: string, sign: 1 | -1): string {
  const own = effects.filter((one) => one.class === name && sign * one.effect > 0);
  return own.map(({ feature, effect }) => `${feature} (${points(effect)})`).join(", ") || "–";
}

function weights(coefficients: readonly FeatureCoefficient[], name: string): string {
  return coefficients
    .filter((one) => one.class === name)
    .map(
      ({ feature, coefficient, deviation }) => `${feature} ${signed(coefficient)} ± ${deviation.toFixed(2)}`,
    )
    .join(", ");
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

/** Returns the tables by sex and corpus, with how far apart the groups are. */
export function fairness({ perSex, corpora, perCorpus, perSpeaker, fairness: gaps }: EvaluationResult): Html {
  const worst = [...perSpeaker].sort((a, b) => a.uar - b.uar)[0];
  return html`${groupTable("sex", perSex)}${groupTable("corpus", corpora ? [] : perCorpus)}
${
  gaps.length > 0 &&
  html`<ul>${gaps.map(
    ({ by, best, worst: last, gap, ci }) =>
      html`<li>By ${by}, it serves <b>${last}</b> worst: ${(100 * gap).toFixed(1)} points of UAR below ${best} (95 % interval ${(100 * ci.low).toFixed(1)} to ${(100 * ci.high).toFixed(1)}${ci.low <= 0 && "; chance in who speaks could make it"}).</li>`,
  )}</ul>`
}${perSpeaker.length > 1 && worst && html`<p>The speaker served worst: ${worst.name}, ${percent(worst.uar)} (95 % interval ${percentInterval(worst.ci)} over that speaker's clips).</p>`}`;
}

function groupTable(by: string, rows: readonly GroupResult[]): Html | false {
  return (
    rows.length > 0 &&
    dataTable({
      caption: `By the ${by} that the corpus gives. A large gap means that the model serves one group worse.`,
      columns: [by, "speakers", "clips", "UAR", "95 % interval", "accuracy"],
      rows: rows.map((row) => [
        row.name,
        row.attributes.speakers ?? "–",
        row.utterances,
        percent(row.uar),
        percentInterval(row.ci),
        percent(row.accuracy),
      ]),
    })
  );
}
