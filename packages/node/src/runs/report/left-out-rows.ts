/** What console and report say of left-out corpora. */
import type { LeftOutCorpora, LeftOutFigures } from "@undertone/core/evaluate";
import { percent, percentInterval, points } from "./words.js";

/** The columns of the table, the corpus first. */
export const leftOutColumns: readonly string[] = [
  "corpus",
  "clips",
  "classes",
  "UAR",
  "95 % interval",
  "ROC-AUC",
  "cal. error",
  "answered",
  "of it right",
  "than all",
  "set",
];

/** Returns the cells of the table: a row a corpus, and their mean where they are several. */
export function leftOutRows({ rows, mean }: LeftOutCorpora): (readonly (string | number)[])[] {
  const cells = (own: LeftOutFigures): string[] => [
    percent(own.uar),
    percentInterval(own.ci),
    own.rocAuc === null ? "–" : own.rocAuc.toFixed(2),
    percent(own.ece),
    percent(own.answered),
    percent(own.accuracyAnswered),
    own.accuracyAnswered === null ? "–" : points(own.accuracyAnswered - own.accuracy),
    own.setSize === null ? "–" : own.setSize.toFixed(1),
  ];
  return [
    ...rows.map((row) => [row.corpus, row.utterances, row.classes.length, ...cells(row)]),
    ...(rows.length > 1 ? [["mean", "", "", ...cells(mean)]] : []),
  ];
}

/** Returns what the table means, in sentences. */
export function leftOutCaption({ rows }: LeftOutCorpora): string {
  const fitted = rows.some(({ answered }) => answered !== null);
  return `Each corpus by a model that has heard the others only: what to expect elsewhere. UAR over the classes that the corpus has. ${
    fitted
      ? "Answered: what is sure enough, by a limit that corpora left out of each training part taught; how much of it is right, in points more than of all. Set: emotions that hold the right one in nine of ten."
      : "Without --calibration nothing is learnt of when to stay silent."
  }`;
}
