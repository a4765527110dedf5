/** The files of a training run: what they are called, that they can be written, and the page of the model card. */
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import type { Evaluation } from "@undertone/core/evaluate";
import type { TrainedArtifact } from "@undertone/core/train";
import { checkWritable } from "../io/write-atomic.js";
import type { DataSource } from "./load-data.js";
import { classFigures, percent, percentInterval } from "./report/words.js";

/** Returns the paths of report and card beside an artifact. */
export function filesBeside(out: string): { readonly report: string; readonly card: string } {
  const stem = out.replace(/\.onnx$/, "");
  return { report: `${stem}.html`, card: `${stem}.md` };
}

/** Returns the first of the files of a stem, or of `STEM-2`, `STEM-3`, … where one of them is there: nothing is written over that nobody named. */
export function freeName(stem: string, files: (stem: string) => readonly [string, ...string[]]): string {
  for (let i = 1; ; i++) {
    const names = files(i > 1 ? `${stem}-${i}` : stem);
    if (!names.some((path) => existsSync(path))) return names[0];
  }
}

/**
 * Returns where the artifact goes: to `out`, or to a name after the data, in the current folder, that no file has. An artifact that is named is
 * written over with what lies beside it; a page beside no artifact is somebody's own and stays.
 * @throws UndertoneError `file/exists`, `file/unreadable`, `file/disk-full`.
 */
export async function placeFor(
  out: string | undefined,
  { data, table }: Pick<DataSource, "data" | "table">,
): Promise<string> {
  if (out === undefined) {
    const name = (table === undefined ? data : [table])
      .map((path) => basename(resolve(path)).replace(/\.(csv|tsv|jsonl|ndjson|json|parquet)$/i, ""))
      .join("+");
    const free = freeName(name || "model", (stem) => [
      `${stem}.onnx`,
      ...Object.values(filesBeside(`${stem}.onnx`)),
    ]);
    await checkWritable(free);
    return free;
  }
  const foreign = Object.values(filesBeside(out)).find((path) => existsSync(path));
  if (foreign !== undefined && !existsSync(out))
    throw new UndertoneError(
      "file/exists",
      `'${foreign}' is there and '${out}' is not, so that it is no earlier run's; expected another name after --out`,
    );
  await checkWritable(out);
  return out;
}

/** Returns the model card as a Markdown page. */
export function cardPage(
  card: TrainedArtifact["card"],
  { classes, values }: Evaluation,
  { title, out }: { readonly title: string; readonly out: string },
): string {
  const { leaks, protocol } = (classes ?? values)!;
  return [
    `# ${title}`,
    ...leaks.map(({ message }) => `**LEAK: ${message}.**`),
    `A speech emotion model made by Undertone: \`undertone predict CLIP --model ${basename(out)}\`.`,
    "## Evaluation",
    ...(classes
      ? [
          `UAR ${percent(classes.uar)} (95 % interval ${percentInterval(classes.ci.uar)}), accuracy ${percent(classes.accuracy)}.`,
          [
            "| class | clips | recall | precision |",
            "| --- | ---: | ---: | ---: |",
            ...classes.perClass.map(
              (row) =>
                `| ${[row.class.replaceAll("|", "\\|"), row.support, ...classFigures(row).slice(0, 2).map(percent)].join(" | ")} |`,
            ),
          ].join("\n"),
        ]
      : []),
    `Protocol: ${protocol.summary}.`,
    ...Object.entries({
      Data: card.data,
      "Intended use": card.intendedUse,
      Limits: card.limits,
      Licence: card.licence,
      Citation: card.citation,
    }).map(([heading, text]) => `## ${heading}\n\n${text}`),
  ]
    .join("\n\n")
    .concat("\n");
}
