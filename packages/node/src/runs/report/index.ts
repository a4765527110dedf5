/** The HTML report of an evaluation; importing it loads the chart library. */

export { howMade } from "./how-made.js";
export { renderReport } from "./render-report.js";
export { renderValueReport } from "./values-section.js";
