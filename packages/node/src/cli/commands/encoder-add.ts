/** `undertone encoder add`: keeps a third-party speech encoder for feature sets, and says what it offers. */

import { readFile } from "node:fs/promises";
import { isUndertoneError } from "@undertone/core/errors";
import { describeEncoder, parseEncoderRequest } from "@undertone/core/features";
import { addEncoder, sourceChoices } from "../../encoders/add-encoder.js";
import { completeIdOf } from "../../encoders/complete-features.js";
import { encoderPath, encoderRecords } from "../../encoders/encoder-store.js";
import { defaultHub } from "../../encoders/sources/hub.js";
import { flag } from "../../runs/plan/flag.js";
import { nodeRuntime } from "../../runtime/node-runtime.js";
import type { Command } from "../command.js";
import { textFlag } from "../flags.js";

export const encoderAdd: Command = {
  name: "encoder add",
  summary: "keep an ONNX speech encoder for feature sets, and say which layers it has",
  positionals: {
    name: "SOURCE",
    summary: sourceChoices(),
    min: 1,
    max: 1,
  },
  flags: [
    flag("name NAME", "what ids call it (default: the model's or the file's name)"),
    flag("licence SPDX", "licence of the file, where its source does not tell (default: unknown)"),
    flag("download", "fetch it from the network; nothing is fetched otherwise"),
    flag("hub URL", "address that hf: stands for", { default: defaultHub }),
  ],
  examples: [
    "undertone encoder add moonshine-tiny --download",
    "undertone encoder add wav2vec2.onnx --licence Apache-2.0",
    "undertone encoder add hf:ORG/MODEL/onnx/encoder_model.onnx --download",
  ],
  async run({ positionals: [source], flags, signal, print, printJson, progress }) {
    const before = await encoderRecords();
    const shown = progress("fetching");
    const record = await addEncoder(source!, {
      name: textFlag(flags, "name"),
      licence: textFlag(flags, "licence"),
      hub: textFlag(flags, "hub"),
      download: flags.download === true,
      signal,
      onProgress: (done, total) => shown.update(done, total),
    }).finally(() => shown.end());
    const already = before.some(({ sha256 }) => sha256 === record.sha256);
    const offer = await describeEncoder(await readFile(encoderPath(record.sha256)), {
      runtime: nodeRuntime(),
      asker: record.name,
    });
    const { inputs, outputs, numbered, editable } = offer;
    const short = `encoder:${record.name}`;
    const id = await completeIdOf(record, parseEncoderRequest(short)).catch((error: unknown) => {
      // It is kept all the same: another of its layers may do.
      if (!isUndertoneError(error)) throw error;
      return { refused: error.message };
    });
    printJson({
      ...record,
      already,
      inputs,
      outputs,
      layers: numbered,
      editable,
      ...(typeof id === "string" ? { id } : id),
    });
    print(
      [
        `${record.name}: ${already ? "kept already, " : ""}${(record.bytes / 1e6).toFixed(1)} MB, SHA-256 ${record.sha256}`,
        `from ${record.source}, licence ${record.licence}`,
        `inputs:  ${inputs.map(({ name, type, dims }) => `${name} (${type} [${dims.join(", ")}])`).join(", ")}`,
        `outputs: ${outputs.join(", ")}`,
        numbered.length > 0
          ? `layers:  ${numbered[0]} to ${numbered.at(-1)}, such as --features ${short}:layer=${numbered[Math.floor(numbered.length / 2)]}`
          : "layers:  none that are numbered",
        typeof id === "string"
          ? `use it:  --features ${short}`
          : `its last layer cannot be used: ${id.refused}`,
      ].join("\n"),
    );
  },
};
