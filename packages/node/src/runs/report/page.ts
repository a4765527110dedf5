/** What every report of an evaluation begins and ends with. */
import type { Leak } from "@undertone/core/data";
import { escapeHtml, type Html, html, trusted } from "./html.js";
import { style } from "./style.js";
import { leakLines } from "./words.js";

/** What a report shows beside the result. */
export interface ReportOptions {
  readonly title: string;
  /** The command that repeats the evaluation. */
  readonly command?: string | undefined;
  /** Name -> version of what made it. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Lines of the model card, such as licence, data and limits. */
  readonly card?: Readonly<Record<string, string>>;
}

/** Returns the HTML document: no scripts, no network. */
export function page(title: string, sections: readonly Html[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Undertone">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<main>
${sections}
</main>
</body>
</html>
`.html;
}

/** Returns the leaks, which stand before all else; nothing for an honest evaluation. */
export function leaksBox(leaks: readonly Leak[]): Html {
  if (leaks.length === 0) return html``;
  return html`<div class="leaks" role="alert"><h2>These figures are too good: training and test are not apart</h2>
<ul>${leakLines(leaks).map((line) => html`<li>${line}</li>`)}</ul></div>`;
}

/** Returns the command and the lines of what was done, by name. */
export function repeatSection(
  lines: readonly (readonly [string, string])[],
  { command, versions = {}, card = {} }: ReportOptions,
): Html {
  const all = [...lines, ...Object.entries(versions), ...Object.entries(card)];
  return html`<h2>How to repeat it</h2>
${command && html`<pre><code>${trusted(escapeHtml(command))}</code></pre>`}
<dl class="card">${all.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** Returns a model's hyper-parameters as text. */
export function modelText(model: Readonly<Record<string, unknown>>): string {
  return Object.entries(model)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(", ");
}

/** Returns what the figures do not say, and what they are not for. */
export function responsibleUse(): Html {
  return html`<h2>Limits and responsible use</h2>
<p>The model hears how something was said; it does not know what a person feels. The figures hold for recordings like these: these speakers, this language, this way
of speaking. Acted emotion is clearer than everyday emotion, people agree with each other only in part, and other languages, ages, rooms and
microphones lower the figures. Do not compare them with figures of random splits, in which a model has heard the test speakers.</p>
<p>Not for decisions about people. The EU AI Act (Article 5(1)(f)) prohibits inferring emotions at work and in education, except for medical or safety reasons.
Ask people before you analyse their voice, and do not keep audio that you do not need.</p>`;
}
