/** The report's first table: how far the corpus is from what a model knows, and what to do about it. */
import type { ConditionDistance } from "../distance/model-distance.js";
import { distanceWords } from "../distance/words.js";
import { type Html, html } from "../report/html.js";
import { dataTable } from "../report/tables.js";
import type { Exploration } from "./exploration.js";

const verdicts: Readonly<Record<ConditionDistance["verdict"], string>> = {
  "as-known": "as the model knows it",
  lower: "lower",
  higher: "higher",
  "partly-lower": "lower in part",
  "partly-higher": "higher in part",
  "not-known": "the model does not tell",
};

/** Returns the section, nothing where no model was asked for. */
export function distanceSection({ distance }: Exploration): Html {
  if (!distance) return html``;
  if ("skipped" in distance)
    return html`<h2>How far from what a model knows</h2>
<p>Not measured: ${distance.skipped}.</p>`;
  const { title, loud, advice } = distanceWords(distance);
  const { conditions } = distance;
  const numbers = ({ own, known, unit }: ConditionDistance): (string | Html)[] => {
    const n = (value: number): string => Number(value.toPrecision(3)).toString();
    const range = known ? `${n(known.low)} to ${n(known.high)}` : "–";
    return [n(own.median), `${n(own.low)} to ${n(own.high)}`, range, unit];
  };
  return html`<h2>How far from what a model knows</h2>
<p>${title}.</p>
<ul>${[...loud.filter((text) => !conditions.some((one) => one.text === text)), ...advice].map((text) => html`<li>${text}.</li>`)}</ul>
${
  conditions.length > 0 &&
  dataTable({
    caption:
      "Conditions of the clips beside those of the training recordings: medians, and from the 5th to the 95th percentile.",
    columns: ["condition", "median", "clips", "the model knows", "unit", "verdict"],
    texts: ["unit", "verdict"],
    rows: conditions.map((one) => {
      const loud = one.verdict !== "as-known" && one.verdict !== "not-known";
      return [
        one.kind,
        ...numbers(one),
        loud ? html`<b>${verdicts[one.verdict]}</b>` : verdicts[one.verdict],
      ];
    }),
  })
}`;
}
