/** As many training rows of each class, by repeating or leaving out rows. */
import { rowsByClass, sampleRows } from "./sample-rows.js";
import { rowStep } from "./step.js";

/** Repeats rows of the smaller classes, drawn with replacement, until each class has as many as the largest. */
export const oversample = rowStep({
  kind: "oversample",
  summary: "Repeats training rows until each class has as many as the largest",
  parameters: {},
  learnsFrom: "classes",
  takesMissing: true,
  change(rows, _, { random }) {
    const stream = random.fork("oversample");
    const byClass = rowsByClass(rows);
    const most = Math.max(...byClass.map((own) => own.length));
    const added = byClass.flatMap((own) =>
      Array.from({ length: most - own.length }, () => own[stream.integer(own.length)]),
    );
    return sampleRows(rows, [...rows.labels.keys(), ...added]);
  },
});

/** Leaves out rows of the larger classes, drawn without replacement, until each class has as few as the smallest. */
export const undersample = rowStep({
  kind: "undersample",
  summary: "Leaves out training rows until each class has as few as the smallest",
  parameters: {},
  learnsFrom: "classes",
  takesMissing: true,
  change(rows, _, { random }) {
    const stream = random.fork("undersample");
    const byClass = rowsByClass(rows);
    const least = Math.min(...byClass.map((own) => own.length));
    const kept = byClass.flatMap((own) => stream.shuffle([...own]).slice(0, least));
    return sampleRows(
      rows,
      kept.sort((a, b) => a - b),
    );
  },
});
