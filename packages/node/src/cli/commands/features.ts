/** `undertone features`: the numbers of a feature set, for any other tool. */

import type { Utterance } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import { anyFeatureSet } from "@undertone/core/features";
import { completeFeatures } from "../../encoders/complete-features.js";
import { givenRecordings } from "../../io/given-recordings.js";
import { writeAtomic } from "../../io/write-atomic.js";
import { type BrokenFile, joinRows } from "../../runs/extract-table.js";
import { featureParts } from "../../runs/feature-parts.js";
import { openDataset } from "../../runs/open-dataset.js";
import { flag } from "../../runs/plan/flag.js";
import { planOptions } from "../../runs/plan/options.js";
import { encodeParts, encodeTable, type TablePart, tableFormat } from "../../runs/table-file.js";
import type { Command, CommandContext } from "../command.js";
import { dataFlag, encoderFlag, listFlag, neededFlag, skipBrokenFlag, textFlag } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { runHooks } from "../run-hooks.js";

/** Most numbers of a table that is held before it is written, 256 MiB of them. */
const heldNumbers = 2 ** 26;

export const features: Command = {
  name: "features",
  summary: "compute features of recordings of any length as CSV, JSON or Parquet",
  positionals: {
    name: "FILE…",
    summary: "recordings, folders of them, or '-' for stdin; or labelled ones as --data",
    min: 0,
    max: Number.POSITIVE_INFINITY,
  },
  flags: [
    flag("set ID", "feature set, such as seed-v1"),
    dataFlag,
    ...planOptions.corpus.flags,
    ...planOptions.speakerFrom.flags,
    encoderFlag,
    flag("window SECONDS", "a row (or its frames) for each so many seconds, with start and end", {
      type: "number",
    }),
    flag("out FILE", "file ending in .csv, .json or .parquet (default: CSV on stdout)"),
    skipBrokenFlag,
  ],
  examples: [
    "undertone features clip.wav --set seed-v1",
    "undertone features *.flac --set prosody-v1 --skip-broken --out features.parquet",
    "undertone features --data my-recordings --set egemaps-v02 --out table.csv",
    "undertone features interview.mp3 --set seed-v1 --window 10 --out interview.csv",
  ],
  async run(context) {
    const { flags, json, print, printJson } = context;
    const wanted = neededFlag(context, "features", "set", "the id of a feature set, such as seed-v1");
    const windowSeconds = windowFlag(context);
    const out = textFlag(flags, "out");
    const format = out === undefined ? "csv" : tableFormat(out);
    await addGivenEncoders(context);
    const set = anyFeatureSet(await completeFeatures(wanted));
    const { name, utterances, source } = await givenUtterances(context);
    const broken: BrokenFile[] = [];
    const { hooks, end } = runHooks(context);
    let rows = 0;
    const parts = featureParts(utterances, {
      ...{ name, featureSetId: set.id, source, windowSeconds, skipBroken: flags["skip-broken"] === true },
      ...{ signal: hooks.signal, onWarning: hooks.onWarning },
      onBroken: (file) => {
        broken.push(file);
        hooks.onWarning?.(`${file.id}: ${file.message} (${file.code})`);
      },
      onProgress: (done, total) => hooks.onProgress?.("features", done, total),
    });
    const counted = async function* (): AsyncGenerator<TablePart> {
      for await (const part of parts) {
        rows += part.features.rows;
        yield part;
      }
    };
    try {
      // Rows of frames are written as they come; which columns rows of windows have is known when all are there.
      if (
        set.level !== "functionals" &&
        format !== "parquet" &&
        !(json && out === undefined) &&
        windowSeconds === undefined
      ) {
        const text = encodeParts({ utterances, names: set.names, featureSet: set.id }, counted(), format);
        if (out === undefined) for await (const lines of text) print(lines.trimEnd());
        else await writeAtomic(out, text, { signal: context.signal });
      } else {
        const held = await heldParts(counted(), set);
        end();
        if (json && out === undefined) {
          printJson({ featureSet: set.id, names: set.names, files: held.map(filesEntry), broken });
          return;
        }
        const dataset = { name, utterances: held.map(({ utterance }) => utterance) };
        const table = joinRows(
          dataset.utterances.map(({ id }) => id),
          set.names,
          held.map((part) => part.features),
        );
        const encoded = await encodeTable({ dataset, table, featureSet: set.id }, format);
        if (out === undefined) print(String(encoded).trimEnd());
        else await writeAtomic(out, encoded, { signal: context.signal });
      }
    } finally {
      end();
    }
    if (out === undefined) return;
    const files = utterances.length - broken.length;
    print(`${out}: ${rows} × ${set.names.length} features of ${files} recording${files === 1 ? "" : "s"}`);
    printJson({ out, featureSet: set.id, files, rows, features: set.names.length, broken });
  },
};

/** What the command line names: recordings by their paths, or those of a dataset with who spoke and what was heard. */
interface Given {
  readonly name: string;
  readonly utterances: readonly Utterance[];
  readonly source?: (utterance: Utterance) => string | Uint8Array;
}

async function givenUtterances({ positionals, flags, signal, warn }: CommandContext): Promise<Given> {
  const data = listFlag(flags, "data");
  if (data.length > 0) {
    // Whatever stands behind --data A is data too: a folder of labels is no list of recordings.
    const opened = await openDataset([...data, ...positionals], {
      ...{ corpus: textFlag(flags, "corpus"), speakerRule: textFlag(flags, "speaker-from"), signal },
    });
    for (const remark of opened.remarks) warn(remark);
    return opened.dataset;
  }
  if (positionals.length === 0)
    throw new UndertoneError(
      "usage/missing",
      "Missing FILE or --data of 'features', expected recordings, or the folder of a corpus or a manifest",
    );
  const inputs = await givenRecordings(positionals, { signal });
  const sources = new Map(inputs.map(({ name, source }) => [name, source]));
  return {
    name: "files",
    utterances: inputs.map(({ name }) => ({ id: name, file: name, speaker: "", attributes: {} })),
    source: ({ file }) => sources.get(file)!,
  };
}

function windowFlag({ flags }: CommandContext): number | undefined {
  const seconds = flags.window;
  if (seconds === undefined) return undefined;
  if (typeof seconds === "number" && seconds >= 0.1 && seconds <= 300) return seconds;
  throw new UndertoneError(
    "usage/bad-value",
    `Bad value ${seconds} for --window, expected seconds from 0.1 to 300`,
  );
}

/** @throws UndertoneError `audio/too-long` for more numbers than are held. */
async function heldParts(
  parts: AsyncIterable<TablePart>,
  set: { readonly id: string },
): Promise<TablePart[]> {
  const held: TablePart[] = [];
  let numbers = 0;
  for await (const part of parts) {
    numbers += part.features.data.length;
    if (numbers > heldNumbers)
      throw new UndertoneError(
        "audio/too-long",
        `The recordings give more than ${heldNumbers} numbers of '${set.id}', more than are held at a time, expected --out FILE.csv without --window, which is written row by row, or fewer recordings`,
      );
    held.push(part);
  }
  return held;
}

function filesEntry({ utterance, features: { data, rows, cols } }: TablePart): object {
  const { id, file, start, end, speaker, label } = utterance;
  return {
    file,
    ...(id !== file && { id }),
    ...{ start, end, speaker: speaker || undefined, label },
    rows: Array.from({ length: rows }, (_, r) => Array.from(data.subarray(r * cols, (r + 1) * cols))),
  };
}
