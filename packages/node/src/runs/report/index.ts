/** The HTML report of an evaluation; importing it loads the chart library. */
export { type ReportOptions, renderReport } from "./render-report.js";
