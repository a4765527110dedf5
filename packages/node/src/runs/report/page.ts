/** What every report of an evaluation begins and ends with. */
import type { Leak } from "@undertone/core/data";
import { escapeHtml, type Html, html, trusted } from "./html.js";
import type { Sounds } from "./sounds.js";
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
  /** Where the utterances of the most confident mistakes can be heard. */
  readonly sounds?: Sounds | undefined;
}

/**
 * Returns the HTML document, without network: above the title what is to be known first, below it a list of its headings. `ownStyle` and
 * `end` are what a page has beyond: rules of style, and what stands after its contents.
 */
export function page(
  title: string,
  {
    first = [],
    sections,
    ownStyle = "",
    end,
  }: {
    readonly first?: readonly Html[];
    readonly sections: readonly Html[];
    readonly ownStyle?: string;
    readonly end?: Html;
  },
): string {
  const headings: Html[] = [];
  const parts = sections.map(({ html: text }) =>
    trusted(
      text.replace(/<h2>(.*?)<\/h2>/gs, (_, heading: string) => {
        headings.push(html`<li><a href="#part-${headings.length + 1}">${trusted(heading)}</a></li>`);
        return `<h2 id="part-${headings.length}">${heading}</h2>`;
      }),
    ),
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Undertone">
<title>${title}</title>
<style>${trusted(style + ownStyle)}</style>
</head>
<body>
<main>
${first}
<h1>${title}</h1>
<nav class="contents" aria-label="Contents"><ol>${headings}</ol></nav>
${parts}
</main>
${end}
</body>
</html>
`.html;
}

/** Returns the leaks, which stand before all else; nothing for an honest evaluation. */
export function leaksBox(leaks: readonly Leak[]): Html {
  if (leaks.length === 0) return html``;
  return html`<div class="leaks" role="alert"><p class="alert">These figures are too good: training and test are not apart</p>
<ul>${leakLines(leaks).map((line) => html`<li>${line}</li>`)}</ul></div>`;
}

/** Returns what is doubtful about the data; nothing where nothing is. */
export function warningsBox(warnings: readonly string[]): Html {
  if (warnings.length === 0) return html``;
  return html`<div class="leaks warnings"><p class="alert">Before you believe what is below</p>
<ul>${warnings.map((line) => html`<li>${line}</li>`)}</ul></div>`;
}

/** Returns the command and the lines of what was done, by name. */
export function repeatSection(
  lines: readonly (readonly [string, string])[],
  { command, versions = {}, card = {} }: Pick<ReportOptions, "command" | "versions" | "card">,
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
