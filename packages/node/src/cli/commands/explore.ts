/** `undertone explore`: what is in a corpus: maps, clusters, outliers, probably wrong labels. */

import { clusterers } from "@undertone/core/cluster";
import { speakersInWords } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import { shortFeatures } from "../../encoders/short-features.js";
import type { Exploration } from "../../runs/explore/exploration.js";
import { findings, index } from "../../runs/explore/words.js";
import { type FlagValues, flag } from "../../runs/plan/flag.js";
import { planOptions } from "../../runs/plan/options.js";
import { count, percent } from "../../runs/report/words.js";
import { freeName } from "../../runs/training-files.js";
import type { Command } from "../command.js";
import {
  dataFlag,
  dataPositionals,
  encoderFlag,
  modelFlag,
  skipBrokenFlag,
  sourceFlags,
  tableFlag,
  textFlag,
  wholeFlag,
} from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { distanceText } from "../print-distance.js";
import { repeatCommand } from "../repeat-command.js";
import { runHooks } from "../run-hooks.js";
import { textTable } from "../text-table.js";

export const explore: Command = {
  name: "explore",
  summary: "see a corpus: maps, clusters, outliers, probably wrong labels, the sound a click away",
  positionals: dataPositionals,
  flags: [
    dataFlag,
    tableFlag,
    flag("features ID", "feature set of recordings (default seed-v1)"),
    encoderFlag,
    { ...modelFlag, summary: `how far the corpus is from what it knows: ${modelFlag.summary}` },
    flag(
      "out FILE",
      "the report, one HTML file (default explore.html, or explore-2.html and so on where that is there)",
    ),
    flag("method KIND", "how clips are grouped (default k-means)", {
      choices: clusterers.map(({ kind }) => kind),
    }),
    flag("clusters K", "number of clusters (default: what the silhouette prefers)", { type: "number" }),
    flag("centre-speakers", "take each speaker's mean off first, so that voices do not hide emotions"),
    flag(
      "folds SPEC",
      "folds that judge the labels, as in evaluate (default random:6: whoever knows the voice doubts best)",
    ),
    flag(
      "embed-audio MB",
      "put recordings into the report when all together are at most so many megabytes, else link them (default 10)",
      { type: "number" },
    ),
    ...planOptions.seed.flags,
    ...planOptions.corpus.flags,
    ...planOptions.speakerFrom.flags,
    ...planOptions.labelMap.flags,
    skipBrokenFlag,
  ],
  examples: [
    "undertone explore my-recordings",
    "undertone explore --data corpora/ravdess --out ravdess.html",
    "undertone explore --table data/ravdess-seed-v1.parquet --centre-speakers --json",
  ],
  async run(context) {
    const { flags, json, print, printJson } = context;
    await addGivenEncoders(context);
    const plan = planOf(flags);
    const out = textFlag(flags, "out") ?? freeName("explore", (stem) => [`${stem}.html`]);
    const embedUpTo = embedFlag(flags);
    const { askedModel } = await import("../../runs/distance/measure-distance.js");
    const model = await askedModel(textFlag(flags, "model"));
    const { hooks, end } = runHooks(context);
    try {
      const { exploreRun } = await import("../../runs/explore/explore-run.js");
      const { exploration, data } = await exploreRun({ ...plan, model }, hooks);
      end();
      const [{ renderExploration }, { findSounds }, { writeAtomic }] = await Promise.all([
        import("../../runs/explore/render-exploration.js"),
        import("../../runs/report/sounds.js"),
        import("../../io/write-atomic.js"),
      ]);
      const sounds = await findSounds(data.dataset.utterances, { report: out, embedUpTo, copies: "files" });
      const report = renderExploration(exploration, {
        title: `${exploration.dataset}: what is in it`,
        sounds,
        command: repeatCommand("explore", context),
      });
      await writeAtomic(out, report, { signal: context.signal });
      if (!json) {
        print(explorationText(exploration));
        const how = {
          embedded: "recordings inside",
          linked: "recordings linked",
          none: "without recordings",
        };
        print(`\nReport: ${out} (${how[sounds.kind]})`);
      }
      printJson({ ...exploration, broken: data.broken, report: out, sounds: sounds.kind });
    } finally {
      end();
    }
  },
};

function planOf(flags: FlagValues) {
  return {
    ...sourceFlags("explore", flags),
    features: textFlag(flags, "features"),
    method: textFlag(flags, "method"),
    folds: textFlag(flags, "folds"),
    corpus: textFlag(flags, "corpus"),
    speakerFrom: textFlag(flags, "speaker-from"),
    labelMap: textFlag(flags, "label-map"),
    clusters: wholeFlag(flags, "clusters", { low: 1 }),
    centreSpeakers: flags["centre-speakers"] === true,
    seed: wholeFlag(flags, "seed", { low: 0 }) ?? 1,
  };
}

/** Returns up to how many megabytes of recordings a report holds. @throws UndertoneError `usage/bad-value`. */
function embedFlag({ "embed-audio": value = 10 }: FlagValues): number {
  if (typeof value === "number" && value >= 0) return value;
  throw new UndertoneError(
    "usage/bad-value",
    `Bad value '${value}' for --embed-audio, expected a number from 0`,
  );
}

const doubtsShown = 10;

/** Returns the exploration as text for a terminal. */
function explorationText(exploration: Exploration): string {
  const { utterances, clustering, choice, outliers, labels, methods, maps } = exploration;
  const { doubts, confident } = "skipped" in labels ? { doubts: [], confident: 0 } : labels;
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length > 0 ? ["", `${title}:`, ...lines.map((line) => `  ${line}`)] : [];
  return [
    `${exploration.dataset}: ${count(utterances.length, "clip")}, ${speakersInWords(utterances)}, ${count(exploration.features, "feature")} of ${shortFeatures(exploration.featureSet)}`,
    ...exploration.warnings.map((warning) => `! ${warning}`),
    ...findings(exploration),
    ...(exploration.distance ? ["", ...distanceText(exploration.distance)] : []),
    ...list(
      `Clusters by ${clustering.kind} (silhouette prefers ${choice.bySilhouette}, BIC ${choice.byBic})`,
      clustering.agreements.map(
        ({ of, ari, nmi }) =>
          `against ${of}: adjusted Rand index ${index(ari, 3)}, shared information ${percent(nmi)}`,
      ),
    ),
    "",
    ...textTable(
      [
        { title: "method", align: "left" },
        { title: "clusters" },
        { title: "in none" },
        { title: "ARI, labels" },
        { title: "NMI, labels" },
        { title: "NMI, speakers" },
      ],
      methods.map((one) => [
        one.kind,
        one.clusters,
        one.noise,
        index(one.ariLabel, 3),
        percent(one.nmiLabel),
        percent(one.nmiSpeaker),
      ]),
    ),
    "",
    `Maps: ${maps.map(({ kind, trustworthiness }) => `${kind}${trustworthiness === null ? "" : ` (trustworthiness ${trustworthiness.toFixed(3)})`}`).join(", ")}`,
    ...list(
      "Unlike the others",
      outliers.slice(0, 5).map(({ id, reason }) => `${id}: ${reason}`),
    ),
    ...list(
      `Probably wrong labels${confident > doubtsShown ? `, ${doubtsShown} of ${confident}, more in the report` : ""}`,
      doubts
        .slice(0, doubtsShown)
        .map(({ id, label, suggested, reason }) => `${id}: ${label}, rather ${suggested}. ${reason}`),
    ),
  ].join("\n");
}
