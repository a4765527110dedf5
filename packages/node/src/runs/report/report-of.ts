/** The report of an evaluation with the sound of its most confident mistakes; importing it loads the chart library. */
import type { Dataset } from "@undertone/core/data";
import type { Evaluation } from "@undertone/core/evaluate";
import { renderReport } from "./render-report.js";
import { findSounds } from "./sounds.js";
import { confidentMistakes } from "./words.js";

/** Megabytes of recordings that a report carries; where its mistakes have more, it plays them from where they lie. */
const embedUpTo = 4;

/** Returns the HTML of a report that will lie at `report`. */
export async function reportOf(
  evaluation: Evaluation,
  {
    data,
    report,
    title,
    command,
  }: {
    readonly data: { readonly dataset: Dataset };
    readonly report: string;
    readonly title: string;
    readonly command?: string | undefined;
  },
): Promise<string> {
  const { classes } = evaluation;
  const shown = new Set(classes ? confidentMistakes(classes).map(({ utterance }) => utterance.id) : []);
  const sounds = await findSounds(
    data.dataset.utterances.filter(({ id }) => shown.has(id)),
    { report, embedUpTo, copies: "utterances" },
  );
  return renderReport(evaluation, { title, command, sounds });
}
