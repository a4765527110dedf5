/** `undertone corpus inspect`: what is in a corpus, and what is wrong with it. */

import { corpora, speakersInWords } from "@undertone/core/data";
import type { Oddity } from "../../runs/corpus-oddities.js";
import { askedModel } from "../../runs/distance/measure-distance.js";
import { type InspectReport, inspectCorpus } from "../../runs/inspect-corpus.js";
import { flag } from "../../runs/plan/flag.js";
import { planOptions } from "../../runs/plan/options.js";
import { count } from "../../runs/report/words.js";
import type { Spread } from "../../runs/spread.js";
import type { Command } from "../command.js";
import { modelFlag, textFlag } from "../flags.js";
import { distanceText } from "../print-distance.js";
import { runHooks } from "../run-hooks.js";
import { textTable, wrapText } from "../text-table.js";

export const corpusInspect: Command = {
  name: "corpus inspect",
  summary: "count speakers and labels of a corpus, and list what is wrong with it",
  positionals: { name: "DIR…", summary: "folders or manifests", min: 1, max: Number.POSITIVE_INFINITY },
  flags: [
    flag(
      "corpus ID",
      "how to read the file names (default: recognized); 'folder' means folders and names that tell label and speaker",
      { choices: [...corpora.map(({ id }) => id), "folder", "folders"] },
    ),
    ...planOptions.speakerFrom.flags,
    { ...modelFlag, summary: `how far the corpus is from what it knows: ${modelFlag.summary}` },
    flag("all", "name up to 20 examples of each oddity instead of 3"),
  ],
  examples: [
    "undertone corpus inspect corpora/ravdess",
    "undertone corpus inspect my-recordings --speaker-from prefix --json",
  ],
  async run(context) {
    const { positionals, flags, print, printJson } = context;
    const model = await askedModel(textFlag(flags, "model"));
    const { hooks, end } = runHooks(context);
    const corpus = textFlag(flags, "corpus");
    const speakerRule = textFlag(flags, "speaker-from");
    try {
      const report = await inspectCorpus(positionals, {
        ...hooks,
        corpus,
        speakerRule,
        model,
      });
      end();
      print(reportText(report, flags.all === true ? 20 : 3));
      printJson(report);
    } finally {
      end();
    }
  },
};

const marks: Record<Oddity["severity"], string> = { error: "✗", warning: "!", note: "·" };
const severities = ["error", "warning", "note"] as const;
const mostSpeakers = 30;

/** Returns the report as text for a terminal, with `examples` names for each oddity. */
export function reportText(report: InspectReport, examples: number): string {
  // Objects put names that look like numbers first.
  const speakers = Object.entries(report.speakers).sort(([a], [b]) => (a < b ? -1 : 1));
  const sexes = Object.entries(report.sexes).map(
    ([sex, n]) => `${n} ${sex === "unknown" ? "of unknown sex" : sex}`,
  );
  const known = Object.keys(report.sexes).some((sex) => sex !== "unknown");
  const lines = [
    `${report.title}${report.licence ? ` · ${report.licence}` : ""}`,
    report.folder,
    "",
    `${count(report.utterances, "utterance")} in ${count(report.files, "file")}, ${time(report.seconds)}, ${speakersInWords(speakers.map(([speaker]) => ({ speaker })))}${known ? ` (${sexes.join(", ")})` : ""}${report.sentences > 0 ? `, ${count(report.sentences, "sentence")}` : ""}`,
    `formats: ${Object.entries(report.formats)
      .map(([format, n]) => `${n} × ${format}`)
      .join("; ")}`,
    `length: ${spreadText(report.duration, "s", 2)}`,
    `level: ${spreadText(report.levelDb, "dBFS", 1)}`,
    "",
    ...textTable(
      [
        { title: "label", align: "left", maxWidth: 40 },
        { title: "utterances" },
        { title: "speakers" },
        { title: "time" },
      ],
      Object.entries(report.labels).map(([label, own]) => [
        label,
        own.utterances,
        own.speakers > 0 ? own.speakers : "?",
        time(own.seconds),
      ]),
    ),
    "",
    ...textTable(
      [
        { title: "speaker", align: "left", maxWidth: 40 },
        { title: "sex", align: "left" },
        { title: "utterances" },
        { title: "time" },
      ],
      speakers
        .slice(0, mostSpeakers)
        .map(([name, own]) => [name, own.sex ?? "?", own.utterances, time(own.seconds)]),
    ),
    ...(speakers.length > mostSpeakers ? [`… and ${speakers.length - mostSpeakers} more`] : []),
    "",
    report.oddities.length === 0
      ? "Nothing odd was found."
      : "What to know before training (✗ unusable, ! deal with it, · note):",
  ];
  for (const severity of severities) {
    for (const oddity of report.oddities.filter((one) => one.severity === severity)) {
      lines.push(...wrapText(`${marks[severity]} ${oddity.message}`, { width: 110, indent: "  " }));
      lines.push(...oddity.examples.slice(0, examples).map((example) => `    ${printable(example)}`));
      if (oddity.count > examples && oddity.examples.length > examples)
        lines.push(`    … ${oddity.count - examples} more`);
    }
  }
  if (report.distance) lines.push("", ...distanceText(report.distance));
  return lines.join("\n");
}

/** File names come from anywhere: control characters must not reach the terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}

function time(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${String(whole % 60).padStart(2, "0")} s`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

function spreadText(spread: Spread | null, unit: string, digits: number): string {
  if (!spread) return "none";
  const n = (value: number): string => value.toFixed(digits);
  return `${n(spread.min)} … ${n(spread.low)} | ${n(spread.median)} | ${n(spread.high)} … ${n(spread.max)} ${unit} (min, quartiles, max)`;
}
