/**
 * One self-contained HTML file of an evaluation, for a reader without a manual. Importing it loads Observable Plot and linkedom (0.3 s):
 * commands import it only when they write a report.
 */
import { isUnknownSpeaker } from "@undertone/core/data";
import {
  type Evaluation,
  type EvaluationResult,
  type Metric,
  meanOverFolds,
  metrics,
  type Protocol,
} from "@undertone/core/evaluate";
import { classColour, rocChart, sexColour, speakerChart } from "./charts.js";
import { howMade } from "./how-made.js";
import { type Html, html } from "./html.js";
import { leftOut } from "./left-out-section.js";
import {
  leaksBox,
  modelText,
  page,
  type ReportOptions,
  repeatSection,
  responsibleUse,
  warningsBox,
} from "./page.js";
import type { Sound, Sounds } from "./sounds.js";
import { confusionTable, dataTable } from "./tables.js";
import { abstention, fairness, importance, reliability, robustness } from "./trust-section.js";
import { valueFolds, valuesSection } from "./values-section.js";
import {
  chance,
  classFigures,
  confidenceSentence,
  confidentMistakes,
  confusedPairs,
  count,
  headline,
  percent,
  percentInterval,
} from "./words.js";

/** Returns the HTML document of classes, of values, or of both: no scripts, no network, at most 500 KB beside its sounds; every label, name and id is escaped. */
export function renderReport(evaluation: Evaluation, options: ReportOptions): string {
  const { classes, values } = evaluation;
  return page(options.title, {
    first: [leaksBox((classes ?? values)!.leaks), warningsBox((classes ?? values)!.protocol.warnings ?? [])],
    sections: [
      ...(classes ? classSections(classes, options.sounds) : []),
      ...(values ? [valuesSection(values)] : []),
      ...(values && !classes ? [valueFolds(values)] : []),
      repeat(evaluation, options),
      responsibleUse(),
    ],
  });
}

function classSections(result: EvaluationResult, sounds: Sounds | undefined): Html[] {
  return [
    summary(result),
    leftOut(result),
    measures(result),
    confusion(result),
    perClass(result),
    rocCurves(result),
    reliability(result),
    abstention(result),
    speakers(result),
    robustness(result),
    importance(result),
    folds(result),
    mistakes(result, sounds),
  ];
}

function summary(result: EvaluationResult): Html {
  const { perSpeaker, protocol } = result;
  const known = result.perClass.filter(({ support }) => support > 0).sort((a, b) => b.recall - a.recall);
  const [pair] = confusedPairs(result, 1);
  const byUar = [...perSpeaker].sort((a, b) => b.uar - a.uar);
  const best = known[0];
  const worst = known.at(-1);
  return html`<p class="lead">${headline(result)}</p>
<ul>
${best && worst && best !== worst && html`<li>It recognizes <b>${best.class}</b> best (${percent(best.recall)} of its clips) and <b>${worst.class}</b> worst (${percent(worst.recall)}).</li>`}
${pair && html`<li>The most frequent mix-up: ${percent(pair.part)} of the <b>${pair.truth}</b> clips are taken for <b>${pair.predicted}</b>.</li>`}
${byUar.length > 1 && html`<li>It depends on who speaks: from ${percent(byUar.at(-1)!.uar)} (speaker ${byUar.at(-1)!.name}) to ${percent(byUar[0].uar)} (speaker ${byUar[0].name}).</li>`}
<li>${confidenceSentence(result)}</li>
</ul>
<p class="quiet"><b>Protocol.</b> ${protocol.summary}.</p>`;
}

/** Returns a measure as text: a part in per cent, other numbers with three decimals, a dash for null. */
function measure(value: number | null, unit: Metric["unit"]): string {
  return unit === "part" || value === null ? percent(value) : value.toFixed(3);
}

/** The measures with an interval first, then the rest, folded away. */
function measures(result: EvaluationResult): Html {
  const { ci } = result;
  const intervals: Record<string, string> = {
    uar: percentInterval(ci.uar),
    accuracy: percentInterval(ci.accuracy),
    f1Macro: percentInterval(ci.f1Macro),
    ...(ci.rocAuc && { rocAuc: percentInterval(ci.rocAuc) }),
  };
  const cards = metrics
    .filter(({ id }) => id in intervals || id === "ece" || id === "logLoss")
    .map(({ id, title, summary: words, unit }) => {
      const value = result[id];
      const shown = measure(value, unit);
      const about = id === "uar" ? `${words} Chance is ${percent(chance(result))}.` : words;
      return html`<div><dt>${title}</dt><dd class="value">${shown}</dd>${id in intervals && html`<dd class="interval">95 % interval ${intervals[id]}</dd>`}<dd class="quiet">${about}</dd></div>`;
    });
  const others = metrics
    .filter(({ id }) => !(id in intervals) && id !== "ece" && id !== "logLoss")
    .map(({ id, title, summary: words, unit }) => [title, measure(result[id], unit), words]);
  const { rated } = result;
  if (rated) {
    const words = `How far the scores are from the votes of the raters of ${count(rated.utterances, "clip")}: 0 is equal, 1 has nothing in common.`;
    others.push(["Jensen-Shannon distance", rated.jensenShannon.toFixed(3), words]);
  }
  return html`<h2>How good it is</h2>
<dl class="figures">${cards}</dl>
<details><summary>Other measures</summary>
${dataTable({ caption: "Computed over the same clips.", columns: ["measure", "value", "what it says"], sentences: ["what it says"], rows: others })}</details>
<p class="quiet">Intervals: ${ci.method}, ${ci.samples} draws.${result.protocol.speakers > 1 && " Were it all repeated with other speakers, about 95 of 100 such intervals would hold the figure for speakers in general."}</p>`;
}

function confusion(result: EvaluationResult): Html {
  const pairs = confusedPairs(result);
  return html`<h2>What is taken for what</h2>
${confusionTable(result)}
${
  pairs.length > 0 &&
  html`<h3>Most frequent mix-ups</h3>
<ul>${pairs.map(({ truth, predicted, count: n, part }) => html`<li>${percent(part)} of the ${truth} clips (${n}) are taken for ${predicted}.</li>`)}</ul>`
}`;
}

function perClass(result: EvaluationResult): Html {
  return html`<h2>Emotion by emotion</h2>
${dataTable({
  caption:
    "Recall: part of the emotion's clips that were recognized. Precision: how often the emotion is right when it is named. F1: both in one figure.",
  columns: ["emotion", "clips", "recall", "precision", "F1", "ROC-AUC"],
  rows: result.perClass.map((row) => [
    html`<span class="key" style="background: ${classColour(row.class, result.classes)}"></span>${row.class}`,
    row.support,
    ...classFigures(row).map(percent),
  ]),
})}`;
}

function rocCurves(result: EvaluationResult): Html {
  const drawn = result.perClass.filter(({ roc }) => roc.length > 0);
  if (drawn.length === 0) return html``;
  return html`<h2>ROC curves: one emotion against the rest</h2>
<p>Each curve shows which part of an emotion's clips is found (upwards) when a given part of the other clips raises a false alarm (to the right).
The nearer the curve to the upper left corner, the better; the dashed line is chance.</p>
<div class="roc">${drawn.map((row) => html`<figure style="--class: ${classColour(row.class, result.classes)}">${rocChart(row)}<figcaption>${row.class}, AUC ${row.rocAuc!.toFixed(3)}</figcaption></figure>`)}</div>`;
}

function speakers(result: EvaluationResult): Html {
  const { perSpeaker } = result;
  const { chart, hidden } = speakerChart(result);
  const sexes = [...new Set(perSpeaker.map(({ attributes }) => attributes.sex))].sort();
  return html`<h2>Speaker by speaker</h2>
<figure class="chart">${chart}<figcaption>
${sexes.some((sex) => sex !== undefined) && html`${sexes.map((sex) => html`<span class="key" style="background: ${sexColour(sex)}"></span>${sex ?? "unknown"}`)}. `}Dashed line:
UAR of all clips, ${percent(result.uar)}.${hidden > 0 && ` ${hidden} speakers in the middle are not drawn.`}</figcaption></figure>
${fairness(result)}`;
}

function folds(result: EvaluationResult): Html {
  const { mean, deviation } = meanOverFolds(result, "uar");
  const training = result.folds.every(({ train }) => train === 0)
    ? "The model was trained before."
    : result.protocol.speakerIndependent
      ? "Every fold trains anew on the other speakers' clips."
      : result.perSpeaker.some(({ name }) => isUnknownSpeaker(name))
        ? "Every fold trains anew, on clips that may be of the test speakers too."
        : "Every fold trains anew, on clips of the test speakers too.";
  return html`<h2>Fold by fold</h2>
<p>${training} Mean UAR over ${count(result.folds.length, "fold")}: ${percent(mean)}${result.folds.length > 1 && ` (standard deviation ${(100 * deviation).toFixed(1)})`}; the
figures at the top are computed over all test clips together.</p>
${dataTable({
  caption: "Measures of each fold's test clips.",
  columns: ["fold", "training clips", "test clips", "UAR", "accuracy", "F1, macro", "test speakers"],
  sentences: ["test speakers"],
  rows: result.folds.map((fold) => [
    fold.name,
    fold.train || "–",
    fold.test,
    percent(fold.uar),
    percent(fold.accuracy),
    percent(fold.f1Macro),
    fold.testSpeakers.length > 12
      ? `${fold.testSpeakers.slice(0, 12).join(", ")} and ${fold.testSpeakers.length - 12} more`
      : fold.testSpeakers.join(", "),
  ]),
})}`;
}

function mistakes(result: EvaluationResult, sounds: Sounds | undefined): Html {
  const found = confidentMistakes(result);
  if (found.length === 0) return html``;
  const heard = found.some(({ utterance }) => sounds?.byId.has(utterance.id));
  return html`<h2>Most confident mistakes</h2>
<p>Worth a listen: either the model errs, or the label does.${sounds?.kind === "linked" && " The recordings play from where they lay when this file was written."}${sounds?.kind === "embedded" && heard && " Their recordings are inside this file: whoever gets it hears these voices."}</p>
${dataTable({
  caption: "Wrong choices with the highest scores.",
  columns: ["clip", ...(heard ? ["sound"] : []), "speaker", "label", "taken for", "confidence"],
  texts: ["sound", "speaker", "label", "taken for"],
  rows: found.map(({ utterance, score }) => [
    utterance.id,
    ...(heard ? [player(sounds?.byId.get(utterance.id), utterance.id)] : []),
    utterance.speaker,
    utterance.truth,
    utterance.predicted,
    percent(score),
  ]),
})}`;
}

function player(sound: Sound | undefined, id: string): Html | string {
  if (!sound) return "–";
  const part =
    sound.start === undefined ? "" : `#t=${sound.start}${sound.end === undefined ? "" : `,${sound.end}`}`;
  return html`<audio controls preload="none" src="${sound.url}${part}" aria-label="${id}"></audio>`;
}

function repeat({ classes, values }: Evaluation, options: ReportOptions): Html {
  const { protocol } = (classes ?? values)!;
  const learnt: [string, string][] = classes
    ? [
        ["Label map", classes.protocol.labelMap],
        ["Features", `${protocol.featureSet} (${classes.protocol.features} values)`],
      ]
    : [
        ["Values", values!.names.join(", ")],
        ["Features", protocol.featureSet],
      ];
  const lines: [string, string][] = [
    [
      "Data",
      `${protocol.dataset}: ${count(protocol.utterances, "clip")} of ${count(protocol.speakers, "speaker")}, ${protocol.leftOut} left out`,
    ],
    ...learnt,
    ["Model", modelText(protocol.model)],
    ["Folds", protocol.folds],
    ...(classes ? knownAtTest(classes.protocol) : []),
    ["Seed", String(protocol.seed)],
  ];
  return repeatSection(lines, { ...howMade({ classes, values }), ...options });
}

function knownAtTest({
  speakerIndependent,
  sentenceIndependent,
  calibration,
  adapt,
}: Protocol): [string, string][] {
  const unseen = [speakerIndependent && "speakers", sentenceIndependent && "sentences"].filter(Boolean);
  return [
    ["Unseen at test", unseen.join(" and ") || "neither speakers nor sentences"],
    ["Calibration", calibration ?? "none"],
    adapt?.startsWith("collection")
      ? ["Known of test corpora", `${adapt}, without labels or speakers`]
      : ["Known of test speakers", adapt ? `${adapt} utterances, without labels` : "nothing"],
  ];
}
