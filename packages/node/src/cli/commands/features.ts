/** `undertone features`: the numbers of a feature set, for any other tool. */

import { anyFeatureSet } from "@undertone/core/features";
import type { Matrix } from "@undertone/core/math";
import { completeFeatures } from "../../encoders/complete-features.js";
import { writeAtomic } from "../../io/write-atomic.js";
import { joinRows } from "../../runs/extract-table.js";
import { flag } from "../../runs/plan/flag.js";
import { encodeTable, tableFormat } from "../../runs/table-file.js";
import { openAudioPool } from "../../workers/audio-pool.js";
import type { Command } from "../command.js";
import { encoderFlag, neededFlag, textFlag } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";

export const features: Command = {
  name: "features",
  summary: "compute features of recordings as CSV, JSON or Parquet",
  positionals: { name: "FILE…", summary: "recordings", min: 1, max: Number.POSITIVE_INFINITY },
  flags: [
    flag("set ID", "feature set, such as seed-v1"),
    encoderFlag,
    flag("out FILE", "file ending in .csv, .json or .parquet (default: CSV on stdout)"),
  ],
  examples: [
    "undertone features clip.wav --set seed-v1",
    "undertone features *.flac --set prosody-v1 --out features.parquet",
  ],
  async run(context) {
    const { positionals, flags, json, signal, print, printJson, progress } = context;
    const wanted = neededFlag(context, "features", "set", "the id of a feature set");
    await addGivenEncoders(context);
    const set = anyFeatureSet(await completeFeatures(wanted));
    const out = textFlag(flags, "out");
    const format = out === undefined ? "csv" : tableFormat(out);
    const pool = openAudioPool();
    const shown = progress("features");
    let done = 0;
    let parts: Matrix[];
    try {
      parts = await Promise.all(
        positionals.map(async (file) => {
          const rows = await pool.extract(file, set.id, { signal });
          shown.update(++done, positionals.length);
          return rows;
        }),
      );
    } finally {
      shown.end();
      await pool.close();
    }
    const table = joinRows(positionals, set.names, parts);
    const dataset = {
      name: "files",
      utterances: positionals.map((file) => ({ id: file, file, speaker: "", attributes: {} })),
    };
    if (json && out === undefined) {
      printJson({
        featureSet: set.id,
        names: set.names,
        files: positionals.map((file, i) => ({
          file,
          rows: Array.from({ length: parts[i].rows }, (_, r) =>
            Array.from(parts[i].data.subarray(r * parts[i].cols, (r + 1) * parts[i].cols)),
          ),
        })),
      });
      return;
    }
    const encoded = await encodeTable({ dataset, table, featureSet: set.id }, format);
    if (out === undefined) print(String(encoded).trimEnd());
    else {
      await writeAtomic(out, encoded);
      print(
        `${out}: ${table.frames.rows} × ${table.names.length} features of ${positionals.length} file${positionals.length === 1 ? "" : "s"}`,
      );
      printJson({
        out,
        featureSet: set.id,
        files: positionals.length,
        rows: table.frames.rows,
        features: table.names.length,
      });
    }
  },
};
