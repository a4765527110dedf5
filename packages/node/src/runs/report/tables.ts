/** The report's tables. */
import type { EvaluationResult } from "@undertone/core/evaluate";
import { type Html, html } from "./html.js";

/** From this part of a row on, the heat under a number is so strong that the number takes the colour of the paper. */
const strongHeat = 0.6;

/** Beyond so many classes a matrix is set small. */
const manyClasses = 12;

/** Returns a table of rows under a caption; the first column and those in `texts` are set left. */
export function dataTable(table: {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | Html)[])[];
  readonly texts?: readonly string[];
  /** Columns of whole sentences, which may break. */
  readonly sentences?: readonly string[];
}): Html {
  const { caption, columns, rows, texts = [], sentences = [] } = table;
  const kind = (j: number): Html => {
    if (sentences.includes(columns[j])) return html` class="text wide"`;
    return j === 0 || texts.includes(columns[j]) ? html` class="text"` : html``;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${columns.map((name, j) => html`<th scope="col"${kind(j)}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (
      cells,
    ) => html`<tr>${cells.map((cell, j) => (j === 0 ? html`<th scope="row" class="text">${cell}</th>` : html`<td${kind(j)}>${cell}</td>`))}</tr>
`,
  )}</tbody></table></div>`;
}

/** Returns the confusion matrix as a table whose cells carry count, part of the row, and heat by that part. */
export function confusionTable({ confusion, classes }: EvaluationResult): Html {
  const caption =
    "Rows: the emotion that was meant. Columns: the emotion that was heard. Each cell: clips, and their part of the row; framed: right.";
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="matrix${classes.length > manyClasses && " many"}"><caption>${caption}</caption>
<thead><tr><th scope="col" class="text">meant ↓ heard →</th>${classes.map((name) => html`<th scope="col">${name}</th>`)}<th scope="col">clips</th></tr></thead>
<tbody>${confusion.map((counts, t) => {
    const support = counts.reduce((a, b) => a + b, 0);
    return html`<tr><th scope="row" class="text">${classes[t]}</th>${counts.map((n, p) => {
      const part = support > 0 ? n / support : 0;
      const look = [p === t && "right", part >= strongHeat && "strong"].filter(Boolean).join(" ");
      return html`<td${look && html` class="${look}"`} style="--p: ${part.toFixed(3)}">${n}<small>${Math.round(100 * part)} %</small></td>`;
    })}<td class="sum">${support}</td></tr>
`;
  })}</tbody></table></div>`;
}
