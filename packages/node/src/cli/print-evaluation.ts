/** An evaluation as tables for the terminal, at most 100 columns wide. */
import type { Leak } from "@undertone/core/data";
import {
  type Evaluation,
  type EvaluationResult,
  type GroupResult,
  type HeardClips,
  type LeftOutCorpora,
  meanOverFolds,
  type ValueEvaluation,
} from "@undertone/core/evaluate";
import { shortFeatures } from "../encoders/short-features.js";
import { leftOutCaption, leftOutColumns, leftOutRows } from "../runs/report/left-out-rows.js";
import {
  chance,
  classFigures,
  confusedPairs,
  headline,
  leakLines,
  percent,
  percentInterval,
  points,
  threeDecimals,
} from "../runs/report/words.js";
import { type TextColumn, textTable, wrapText } from "./text-table.js";

const nameWidth = 16;
/** More classes than this make a matrix wider than a terminal. */
const matrixClasses = 14;
/** Longer lists of speakers show both ends. */
const speakersShown = 40;
/** The families of features that the model needs most. */
const familiesShown = 15;

/** Returns the text: of the classes, of the values, or of both, one after the other. */
export function printEvaluation({ classes, values }: Evaluation): string {
  return [...(classes ? classBlocks(classes) : []), ...(values ? valueBlocks(values) : [])]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** Leaks first when there are any, then protocol and headline, classes, confusion, folds, speakers, sexes. */
function classBlocks(result: EvaluationResult): string[][] {
  return [
    leakTexts(result.leaks),
    [...protocolTexts(result.protocol), "", ...headlineLines(result)],
    warningTexts(result.protocol.warnings),
    ...leftOutBlocks(result),
    classTable(result),
    confusionTable(result),
    foldTable(result),
    speakerTable(result),
    groupTable("sex", result.perSex),
    groupTable("corpus", result.corpora ? [] : result.perCorpus),
    trustLines(result),
    robustnessTable(result),
    importanceTable(result),
  ];
}

/** Returns what labels and speakers of the data cannot teach. */
function warningTexts(warnings: readonly string[] = []): string[] {
  return warnings.flatMap((text) => wrapText(`! ${text}`, { width: 100, indent: "  " }));
}

/** Leaks first when there are any, then protocol, measures and folds. */
function valueBlocks({ names, scores, ci, folds, leaks, protocol }: ValueEvaluation): string[][] {
  const left = (title: string): TextColumn => ({ title, align: "left" });
  return [
    leakTexts(leaks),
    protocolTexts(protocol),
    warningTexts(protocol.warnings),
    textTable(
      [left("value"), ...["CCC", "95 % interval", "MAE", "RMSE", "R²"].map((title) => ({ title }))],
      names.map((name) => {
        const { ccc, mae, rmse, r2 } = scores[name];
        const { low, high } = ci.ccc[name];
        const interval = `${threeDecimals(low)} to ${threeDecimals(high)}`;
        return [name, threeDecimals(ccc), interval, ...[mae, rmse, r2].map(threeDecimals)];
      }),
    ),
    intervalTexts(ci),
    textTable(
      [left("fold"), { title: "clips" }, ...names.map((name) => ({ title: `CCC ${name}` }))],
      folds.map(({ name, testCount, scores: own }) => [
        name,
        testCount,
        ...names.map((value) => threeDecimals(own[value].ccc)),
      ]),
    ),
  ];
}

function leakTexts(leaks: readonly Leak[]): string[] {
  return leakLines(leaks).flatMap((line) => wrapText(`LEAK: ${line}`, { indent: "      " }));
}

function protocolTexts({ summary }: { readonly summary: string }): string[] {
  return wrapText(`${shortFeatures(summary)}.`);
}

function intervalTexts({ method, samples }: { readonly method: string; readonly samples: number }): string[] {
  return wrapText(`Intervals: ${method}, ${samples} draws.`);
}

function headlineLines(result: EvaluationResult): string[] {
  const { ci, uar, accuracy, f1Macro, rocAuc, logLoss, ece } = result;
  const { mean, deviation } = meanOverFolds(result, "uar");
  const interval = (text: string): string => `95 % interval ${text}`;
  const rows = [
    ["UAR", percent(uar), interval(percentInterval(ci.uar)), `chance ${percent(chance(result))}`],
    ["accuracy", percent(accuracy), interval(percentInterval(ci.accuracy)), ""],
    ["F1, macro", percent(f1Macro), interval(percentInterval(ci.f1Macro)), ""],
    ["ROC-AUC, macro", percent(rocAuc), ci.rocAuc ? interval(percentInterval(ci.rocAuc)) : "", ""],
    ["log loss", logLoss.toFixed(3), "", ""],
    ["calibration error", percent(ece), "", ""],
  ];
  const columns: TextColumn[] = [
    { title: "", align: "left" },
    { title: "" },
    { title: "", align: "left" },
    { title: "", align: "left" },
  ];
  const folds =
    result.folds.length > 1
      ? [
          `Mean UAR over ${result.folds.length} folds: ${percent(mean)}, standard deviation ${(100 * deviation).toFixed(1)}.`,
        ]
      : [];
  return [
    ...textTable(columns, rows).slice(2),
    ...intervalTexts(ci),
    ...wrapText(`Also: ${otherMeasures(result).join(", ")}.`),
    ...folds,
    ...wrapText(headline(result)),
  ];
}

/** Returns the measures without an interval that compare evaluations, as `name value`. */
function otherMeasures({ prAuc, mcc, kappa, brier, rated }: EvaluationResult): string[] {
  return [
    `PR-AUC ${percent(prAuc)}`,
    `MCC ${mcc.toFixed(3)}`,
    `kappa ${kappa === null ? "–" : kappa.toFixed(3)}`,
    `Brier score ${brier.toFixed(3)}`,
    ...(rated
      ? [
          `Jensen-Shannon distance to the votes of ${rated.utterances} clips ${rated.jensenShannon.toFixed(3)}`,
        ]
      : []),
  ];
}

/** What each left-out corpus gave, then the same for each view. */
function leftOutBlocks({ corpora, views = [] }: EvaluationResult): string[][] {
  if (!corpora) return [];
  const columns = leftOutColumns.map(
    (title, i): TextColumn => ({ title, align: i === 0 ? "left" : "right" }),
  );
  const table = (found: LeftOutCorpora): string[] => textTable(columns, leftOutRows(found));
  return [
    [...wrapText(leftOutCaption(corpora)), "", ...table(corpora)],
    ...views.map((view) => [`As ${view.labelMap}:`, ...table(view)]),
  ];
}

function classTable({ perClass }: EvaluationResult): string[] {
  return textTable(
    [
      { title: "class", align: "left", maxWidth: nameWidth },
      ...["clips", "recall", "precision", "F1", "ROC-AUC"].map((title) => ({ title })),
    ],
    perClass.map((row) => [row.class, row.support, ...classFigures(row).map(percent)]),
  );
}

function confusionTable(result: EvaluationResult): string[] {
  const { classes, confusion, perClass } = result;
  const pairs = confusedPairs(result, 3).map(
    ({ truth, predicted, part }) => `${truth} taken for ${predicted} (${percent(part)})`,
  );
  const mixUps = pairs.length > 0 ? wrapText(`Most frequent mix-ups: ${pairs.join(", ")}.`) : [];
  if (classes.length > matrixClasses) return mixUps;
  const short = classes.map((name) => name.slice(0, 4));
  const unique = new Set(short).size === short.length;
  const heads = unique ? short : classes.map((_, k) => `(${k + 1})`);
  return [
    ...textTable(
      [
        { title: "meant ↓ heard →", align: "left", maxWidth: nameWidth + 5 },
        ...heads.map((title) => ({ title })),
        { title: "recall" },
      ],
      confusion.map((counts, t) => [
        unique ? classes[t] : `(${t + 1}) ${classes[t]}`,
        ...counts.map((n) => (n === 0 ? "·" : n)),
        percent(classFigures(perClass[t])[0]),
      ]),
    ),
    ...mixUps,
  ];
}

function foldTable({ folds }: EvaluationResult): string[] {
  return textTable(
    [
      { title: "fold", align: "left", maxWidth: nameWidth },
      ...["train", "test", "UAR", "accuracy", "F1"].map((title) => ({ title })),
      { title: "test speakers", align: "left", maxWidth: 36 },
    ],
    folds.map((fold) => [
      fold.name,
      fold.train || "–",
      fold.test,
      percent(fold.uar),
      percent(fold.accuracy),
      percent(fold.f1Macro),
      fold.testSpeakers.join(" "),
    ]),
  );
}

function speakerTable({ perSpeaker }: EvaluationResult): string[] {
  const sorted = [...perSpeaker].sort((a, b) => b.uar - a.uar || (a.name < b.name ? -1 : 1));
  const hidden = Math.max(0, sorted.length - speakersShown);
  const half = speakersShown / 2;
  const row = ({
    name,
    attributes,
    utterances,
    uar,
    accuracy,
  }: (typeof sorted)[number]): (string | number)[] => [
    name,
    attributes.sex ?? "–",
    utterances,
    percent(uar),
    percent(accuracy),
    "█".repeat(Math.round(20 * uar)),
  ];
  const rows =
    hidden > 0
      ? [
          ...sorted.slice(0, half).map(row),
          [`… ${hidden} more`, "", "", "", "", ""],
          ...sorted.slice(-half).map(row),
        ]
      : sorted.map(row);
  return textTable(
    [
      { title: "speaker", align: "left", maxWidth: nameWidth + 4 },
      { title: "sex", align: "left" },
      ...["clips", "UAR", "accuracy"].map((title) => ({ title })),
      { title: "", align: "left" },
    ],
    rows,
  );
}

function groupTable(by: string, rows: readonly GroupResult[]): string[] {
  if (rows.length === 0) return [];
  return textTable(
    [
      { title: by, align: "left" },
      ...["speakers", "clips", "UAR", "95 % interval", "accuracy"].map((title) => ({ title })),
    ],
    rows.map((row) => [
      row.name,
      row.attributes.speakers ?? "–",
      row.utterances,
      percent(row.uar),
      percentInterval(row.ci),
      percent(row.accuracy),
    ]),
  );
}

/** Returns how far the scores can be trusted, in four sentences at most. */
function trustLines({ trust, fairness, accuracy }: EvaluationResult): string[] {
  const { calibrations, calibration, riskCoverage, conformal } = trust;
  const after = calibrations.find(({ kind }) => kind === calibration);
  const half = riskCoverage.curve.find(({ coverage }) => coverage >= 0.5);
  const sets = conformal.find(({ level }) => level === 0.9);
  const parts = (part: number): string => (100 * part).toFixed(1);
  return [
    ...fairness.flatMap(({ by, best, worst, gap, ci }) =>
      wrapText(
        `By ${by}: ${worst} ${parts(gap)} points below ${best} (95 % interval ${parts(ci.low)} to ${parts(ci.high)}).`,
      ),
    ),
    ...(after && calibration !== "none"
      ? wrapText(
          `Calibration error ${percent(calibrations[0].ece)} as it is, ${percent(after.ece)} after ${calibration} calibration (each fold's fitted on the others).`,
        )
      : []),
    ...(half
      ? wrapText(
          `Answering only the surest ${percent(half.coverage)}, it is wrong in ${percent(half.risk)} of them instead of ${percent(1 - accuracy)} (AURC ${riskCoverage.aurc.toFixed(3)}).`,
        )
      : []),
    ...(sets
      ? wrapText(
          `Sets that promise 90 % hold the right emotion in ${percent(sets.coverage)} and have ${sets.meanSize.toFixed(1)} emotions on average.`,
        )
      : []),
  ];
}

function robustnessTable({ robustness }: EvaluationResult): string[] {
  if (!robustness) return [];
  const { clips, asTheyAre, conditions } = robustness;
  const unheard = conditions.some((one) => one.unheard > 0);
  const cells = (one: HeardClips): string[] => [
    percent(one.answered),
    one.accuracyAnswered === null ? "–" : percent(one.accuracyAnswered),
    percent(one.confidence),
    percent(one.ece),
  ];
  const titles = ["UAR", "of clean", "answered", "right", "confidence", "ECE", "other answer"];
  return textTable(
    [
      { title: `${clips} clips through`, align: "left" },
      ...titles.map((title) => ({ title })),
      ...(unheard ? [{ title: "unheard" }] : []),
    ],
    [
      ["as they are", percent(asTheyAre.uar), "", ...cells(asTheyAre), ""],
      ...conditions.map((one) => [
        one.name,
        percent(one.uar),
        percent(one.ofClean),
        ...cells(one),
        percent(one.changed),
        ...(unheard ? [one.unheard] : []),
      ]),
    ],
  );
}

function importanceTable({ importance }: EvaluationResult): string[] {
  if (!importance) return [];
  return textTable(
    [
      { title: "features", align: "left", maxWidth: 2 * nameWidth },
      ...["how many", "UAR lost without", "±"].map((title) => ({ title })),
    ],
    importance.families
      .slice(0, familiesShown)
      .map(({ family, features, loss, deviation }) => [
        family,
        features,
        points(loss),
        (100 * deviation).toFixed(1),
      ]),
  );
}
