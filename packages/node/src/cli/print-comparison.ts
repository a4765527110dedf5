/** A comparison of two evaluations as text for the terminal, at most 100 columns wide. */
import { metrics, type PairedComparison } from "@undertone/core/evaluate";
import { percent } from "../runs/report/words.js";
import { textTable, wrapText } from "./text-table.js";

/** Speakers that are listed. */
const speakersShown = 6;

const metricOf = (id: string) => metrics.find((metric) => metric.id === id)!;

function value(id: string, number: number): string {
  return metricOf(id).unit === "part" ? percent(number) : number.toFixed(3);
}

function change(id: string, number: number): string {
  const shown = value(id, Math.abs(number));
  return Number.parseFloat(shown) === 0 ? shown : `${number > 0 ? "+" : "−"}${shown}`;
}

/** Returns the text: what was compared, the measures with their differences, who was right, and a verdict. */
export function printComparison(found: PairedComparison, [a, b]: readonly [string, string]): string {
  const { measures, perSpeaker } = found;
  const { difference, interval } = measures[0];
  const verdict =
    interval.low > 0 || interval.high < 0
      ? `${difference > 0 ? "B" : "A"} is better: the interval of the difference in UAR leaves out 0.`
      : "Chance could make this difference: the interval of the difference in UAR holds 0.";
  return [
    ...wrapText(`A: ${a}.`),
    ...wrapText(`B: ${b}.`),
    "",
    ...textTable(
      [
        { title: "measure", align: "left", maxWidth: 36 },
        ...["A", "B", "B − A", "95 % interval", "p"].map((title) => ({ title })),
      ],
      measures.map((row) => [
        metricOf(row.id).title,
        value(row.id, row.a),
        value(row.id, row.b),
        change(row.id, row.difference),
        `${change(row.id, row.interval.low)} to ${change(row.id, row.interval.high)}`,
        row.p.toFixed(3),
      ]),
    ),
    ...wrapText(`Intervals: ${found.method}, ${found.samples} draws.`),
    "",
    ...wrapText(
      `Of ${found.utterances} clips of ${found.speakers} speakers both get ${found.both} right, only A ${found.onlyA}, only B ${found.onlyB}, neither ${found.neither}.`,
    ),
    ...wrapText(verdict),
    "",
    ...textTable(
      [
        { title: "largest changes in UAR", align: "left" },
        ...["A", "B", "B − A"].map((title) => ({ title })),
      ],
      perSpeaker
        .slice(0, speakersShown)
        .map((row) => [row.speaker, percent(row.a), percent(row.b), change("uar", row.b - row.a)]),
    ),
  ].join("\n");
}
