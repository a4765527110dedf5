/** The HTML report of an evaluation; importing it loads the chart library. */

export { reportOf } from "./report-of.js";
