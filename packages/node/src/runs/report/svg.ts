/** Observable Plot drawn into linkedom, serialized as SVG. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeHtml, type Html, trusted } from "./html.js";

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
