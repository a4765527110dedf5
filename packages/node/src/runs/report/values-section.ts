/** Arousal, valence and dominance in a report: measures, and what was predicted against what was rated. */
import * as Plot from "@observablehq/plot";
import type { DimensionName } from "@undertone/core/data";
import { type ValueEvaluation, valueMetrics } from "@undertone/core/evaluate";
import { type Html, html } from "./html.js";
import { svg } from "./svg.js";
import { dataTable } from "./tables.js";
import { threeDecimals } from "./words.js";

/** Points that a chart shows at most, evenly taken. */
const pointsShown = 600;

/** Returns the measures of every value and a chart each. */
export function valuesSection(result: ValueEvaluation): Html {
  const { names, scores, ci, protocol } = result;
  return html`<h2>${names.join(", ")}</h2>
<p class="quiet"><b>Protocol.</b> ${protocol.summary}.</p>
${dataTable({
  caption: `Predicted and rated values of unseen clips. Intervals (95 %): ${ci.method}, ${ci.samples} draws.`,
  columns: ["value", "CCC", "95 % interval", "MAE", "RMSE", "R²"],
  rows: names.map((name) => {
    const { ccc, mae, rmse, r2 } = scores[name];
    const { low, high } = ci.ccc[name];
    return [
      name,
      threeDecimals(ccc),
      `${threeDecimals(low)} to ${threeDecimals(high)}`,
      ...[mae, rmse, r2].map(threeDecimals),
    ];
  }),
})}
<ul>${valueMetrics.map(({ title, summary }) => html`<li><b>${title}.</b> ${summary}</li>`)}</ul>
<div class="roc">${names.map((name, k) => html`<figure>${scatter(result, k)}<figcaption>${name}: rated to the right, predicted upwards</figcaption></figure>`)}</div>`;
}

/** Returns what each fold gave. */
export function valueFolds({ folds, names }: ValueEvaluation): Html {
  return html`<h2>Fold by fold</h2>
${dataTable({
  caption: "CCC of each fold's test clips.",
  columns: ["fold", "training clips", "test clips", ...names.map((name) => `CCC ${name}`)],
  rows: folds.map(({ name, trainCount, testCount, scores }) => [
    name,
    trainCount || "–",
    testCount,
    ...names.map((value: DimensionName) => threeDecimals(scores[value].ccc)),
  ]),
})}`;
}

/** Returns rated against predicted values, with the line of equality. */
function scatter({ names, predictions }: ValueEvaluation, k: number): Html {
  const step = Math.max(1, Math.ceil(predictions.length / pointsShown));
  const points = predictions
    .filter((_, i) => i % step === 0)
    .map(({ truth, predicted }) => ({ x: truth[k], y: predicted[k] }));
  const all = points.flatMap(({ x, y }) => [x, y]);
  const domain = [Math.min(...all), Math.max(...all)];
  return svg(`Predicted against rated ${names[k]} of ${points.length} clips`, {
    width: 220,
    height: 220,
    marginLeft: 36,
    marginBottom: 32,
    marginTop: 8,
    marginRight: 8,
    x: { domain, ticks: 4, label: null },
    y: { domain, ticks: 4, label: null },
    marks: [
      Plot.line(
        domain.map((value) => [value, value]),
        {
          stroke: "currentColor",
          strokeOpacity: 0.4,
          strokeDasharray: "3 3",
        },
      ),
      Plot.dot(points, { x: "x", y: "y", r: 2, fill: "var(--accent)", fillOpacity: 0.5 }),
      Plot.frame({ strokeOpacity: 0.25 }),
    ],
  });
}
