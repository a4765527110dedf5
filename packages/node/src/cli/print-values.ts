/** An evaluation of values as text for the terminal. */
import type { ValueEvaluation } from "@undertone/core";
import { shortFeatures } from "../encoders/short-features.js";
import { leakLines } from "../runs/report/words.js";
import { textTable, wrapText } from "./text-table.js";

const shown = (value: number | null | undefined): string =>
  typeof value === "number" ? value.toFixed(3) : "–";

/** Returns the text: leaks first when there are any, then protocol, measures and folds. */
export function printValues(result: ValueEvaluation): string {
  const { names, scores, ci, folds, leaks, protocol } = result;
  const rows = names.map((name) => {
    const { ccc, mae, rmse, r2 } = scores[name];
    const { low, high } = ci.ccc[name];
    return [name, shown(ccc), `${shown(low)} to ${shown(high)}`, shown(mae), shown(rmse), shown(r2)];
  });
  const columns = [
    { title: "value", align: "left" as const },
    ...["CCC", "95 % interval", "MAE", "RMSE", "R²"].map((title) => ({ title })),
  ];
  const foldRows = folds.map(({ name, testCount, scores: own }) => [
    name,
    testCount,
    ...names.map((value) => shown(own[value].ccc)),
  ]);
  const foldColumns = [
    { title: "fold", align: "left" as const },
    { title: "clips" },
    ...names.map((name) => ({ title: `CCC ${name}` })),
  ];
  return [
    leakLines(leaks).flatMap((line) => wrapText(`LEAK: ${line}`, { indent: "      " })),
    wrapText(`${shortFeatures(protocol.summary)}.`),
    textTable(columns, rows),
    wrapText(`Intervals: ${ci.method}, ${ci.samples} draws.`),
    textTable(foldColumns, foldRows),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}
