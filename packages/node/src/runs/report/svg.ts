/** Observable Plot drawn into linkedom, serialized as SVG. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeHtml, type Html, html, trusted } from "./html.js";

/** Widths of drawings, in their own units, for a page beside its contents and for a phone: text keeps its size on both. */
const [broad, slim] = [940, 430];

/** Returns the plot drawn for broad and for slim pages, of which the style sheet shows one. */
export function chart(label: string, options: Plot.PlotOptions): Html {
  return html`<div class="broad">${svg(label, { ...options, width: broad })}</div><div class="slim">${svg(label, { ...options, width: slim })}</div>`;
}

/** Returns the plot as one SVG element with a name for screen readers. */
export function svg(label: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const element = Plot.plot({
    ...options,
    document: document as unknown as NonNullable<Plot.PlotOptions["document"]>,
  });
  element.setAttribute("role", "img");
  element.setAttribute("font-size", "12");
  element.setAttribute("style", "overflow: visible");
  // Plot's own style block sets colours of tooltips and widths that the report's style sheet decides.
  for (const block of element.querySelectorAll("style")) block.remove();
  // linkedom leaves < and & in attributes as they are, so the label does not go through it.
  return trusted(String(element).replace("<svg", () => `<svg aria-label="${escapeHtml(label)}"`));
}
