/** The HTML report of an evaluation; importing it loads the chart library. */

export { renderReport } from "./render-report.js";
