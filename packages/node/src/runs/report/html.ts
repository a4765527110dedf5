/** HTML from templates in which every value is escaped unless it is HTML already. */

/** A piece of finished HTML. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

/** Returns `text` with the five characters that HTML gives a meaning replaced, for content and quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** Returns the template's HTML: pieces of HTML and lists of them go in as they are, texts are escaped, nothing else shows. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return { html: parts.reduce((text, part, i) => text + render(values[i - 1]) + part) };
}

/** Returns HTML that is known to be safe as it is. */
export function trusted(text: string): Html {
  return { html: text };
}

function render(value: Value): string {
  if (value === null || value === undefined || value === false) return "";
  // A per cent sign does not begin a line.
  if (typeof value === "string") return escapeHtml(value).replace(/(\d) %/g, "$1&nbsp;%");
  if (typeof value === "number") return String(value);
  if ("html" in value) return value.html;
  return value.map(render).join("");
}
