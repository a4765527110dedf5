/** A search and curves as tables for the terminal. */
import { type CurvePoint, searchMeasure, type TriedCandidate } from "@undertone/core/evaluate";
import { percent, threeDecimals } from "../runs/report/words.js";
import type { SearchRun } from "../runs/search/search-run.js";
import { printEvaluation } from "./print-evaluation.js";
import { type TextColumn, textTable, wrapText } from "./text-table.js";

/** Settings that the table shows; `--json` has all. */
const shown = 20;

/** How a measure is called and shown: parts as per cent, other numbers with three digits. */
function shownAs(id: string): {
  name: string;
  text: (value: number | null) => string;
  spread: (value: number) => string;
} {
  const { title, unit } = searchMeasure(id);
  const part = unit === "part";
  return {
    name: /\((.+)\)$/.exec(title)?.[1] ?? title,
    text: part ? percent : threeDecimals,
    spread: (value) => (part ? (100 * value).toFixed(1) : value.toFixed(3)),
  };
}

function settingText(candidate: TriedCandidate["candidate"]): string {
  const parts = Object.entries(candidate).map(([name, value]) => `${name}=${value}`);
  return parts.length > 0 ? parts.join(" ") : "as it is";
}

/** Returns the text: the settings with the best first, then, when there are any, the outer folds' choices and the honest scores. */
export function printSearch({ result, innerFolds, nested, trials, restored }: SearchRun): string {
  const { tried, best, measure } = result;
  const shownMeasure = shownAs(measure);
  const names = Object.keys(best.candidate);
  const halved = tried.some(({ share }) => share < 1);
  const columns: TextColumn[] = [
    { title: "" },
    ...names.map((title) => ({ title, maxWidth: 24 })),
    { title: shownMeasure.name },
    { title: "mean of folds" },
    { title: "± deviation" },
    ...(halved ? [{ title: "learnt from" }] : []),
  ];
  const rows = tried
    .slice(0, shown)
    .map((one, i) => [
      i + 1,
      ...names.map((name) => String(one.candidate[name])),
      one.score === null ? "failed" : shownMeasure.text(one.score),
      one.mean === null ? "" : shownMeasure.text(one.mean),
      one.deviation === null ? "" : shownMeasure.spread(one.deviation),
      ...(halved ? [percent(one.share)] : []),
    ]);
  const failed = tried.find((one) => one.failed !== undefined);
  const words = [
    `${tried.length} settings on ${innerFolds.length} folds of unseen speakers, ${trials} fits${restored > 0 ? ` (${restored} of them from the journal)` : ""}.`,
    ...(tried.length > shown ? [`The first ${shown} are shown.`] : []),
    ...(failed ? [`Failed: ${settingText(failed.candidate)}: ${failed.failed}.`] : []),
    nested
      ? "The table's scores are of the folds that chose; the honest ones follow."
      : "These scores are of the folds that chose, and flatter the best; --nested scores the choice on speakers that it has not seen.",
  ];
  const blocks = [
    [
      `Best: ${settingText(best.candidate)}`,
      "",
      ...textTable(columns, rows),
      ...wrapText(words.join(" ")),
    ].join("\n"),
  ];
  if (nested) {
    const lines = nested.choices.map(({ fold, chosen }) => [
      fold,
      settingText(chosen.candidate),
      shownMeasure.text(chosen.score),
    ]);
    blocks.push(
      [
        "Chosen inside the training part of each outer fold:",
        ...textTable(
          [
            { title: "fold", align: "left" },
            { title: "setting", align: "left", maxWidth: 60 },
            { title: `inner ${shownMeasure.name}` },
          ],
          lines,
        ),
      ].join("\n"),
      printEvaluation({ classes: nested.evaluation, values: nested.values }),
    );
  }
  return blocks.join("\n\n");
}

/** Returns a curve as a table. */
export function printCurve(title: string, points: readonly CurvePoint[], measure: string): string {
  const { name, text, spread } = shownAs(measure);
  const rows = points.map(({ at, trainCount, train, test, deviation }) => [
    String(at),
    Math.round(trainCount),
    text(train),
    text(test),
    spread(deviation),
  ]);
  return textTable(
    [
      { title },
      { title: "training utterances" },
      { title: `${name}, training` },
      { title: `${name}, unseen` },
      { title: "± deviation" },
    ],
    rows,
  ).join("\n");
}
