/** The report's section on corpora that were left out: what to expect elsewhere. */
import type { EvaluationResult, LeftOutCorpora } from "@undertone/core/evaluate";
import { corpusRiskChart } from "./charts.js";
import { type Html, html } from "./html.js";
import { leftOutCaption, leftOutColumns, leftOutRows } from "./left-out-rows.js";
import { dataTable } from "./tables.js";
import { percent } from "./words.js";

/** Returns the table and the risk-coverage curves of left-out corpora, and the table of each view; nothing where none was left out. */
export function leftOut({ corpora, views = [] }: EvaluationResult): Html {
  if (!corpora) return html``;
  const table = (found: LeftOutCorpora, caption: string): Html =>
    dataTable({ caption, columns: leftOutColumns, rows: leftOutRows(found) });
  return html`<h2>What to expect of other recordings</h2>
${table(corpora, leftOutCaption(corpora))}
${views.map((view) => table(view, `The same scores, with the emotions of ${view.labelMap} only.`))}
<p>Which part of the answers is wrong (upwards) when only the surest part is given (to the right); dashed: when all are.</p>
<div class="roc">${corpora.rows.map((row) => html`<figure style="--class: var(--accent)">${corpusRiskChart(row)}<figcaption>${row.corpus}, ${percent(1 - row.accuracy)} wrong in all</figcaption></figure>`)}</div>`;
}
