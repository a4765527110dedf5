/** `undertone export`: a model in a form for runtimes that have no Undertone. */

import { dirname } from "node:path";
import { standaloneModel } from "@undertone/core/artifact";
import { UndertoneError } from "@undertone/core/errors";
import { nodeEncoderResources } from "../../encoders/encoder-resources.js";
import { writeAtomic } from "../../io/write-atomic.js";
import { readModelFile } from "../../runs/open-model.js";
import { flag } from "../../runs/plan/flag.js";
import { pathOf, shippedModels } from "../../runs/shipped.js";
import type { Command } from "../command.js";
import { encoderFlag, neededFlag, withEnding } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";

export const exportModel: Command = {
  name: "export",
  summary: "write a model as one ONNX graph from waveform to probabilities, for any ONNX Runtime",
  positionals: { name: "MODEL", summary: "an artifact, or the name of one that ships", min: 1, max: 1 },
  flags: [
    flag(
      "standalone",
      "encoder, pooling, scaler, head and calibration in one graph; features must come from networks alone",
    ),
    flag("out FILE", "the graph, ending in .onnx"),
    encoderFlag,
  ],
  examples: ["undertone export mine.onnx --standalone --out mine-standalone.onnx"],
  async run(context) {
    const { positionals, flags, signal, print, printJson } = context;
    const path = pathOf(shippedModels, (positionals as [string])[0]);
    const out = withEnding(neededFlag(context, "export", "out", "a file ending in .onnx"), ".onnx");
    if (flags.standalone !== true) {
      throw new UndertoneError(
        "usage/missing",
        "Missing --standalone of 'export', the one form that there is; the artifact itself is an ONNX graph from features to scores already",
      );
    }
    await addGivenEncoders(context);
    const resources = nodeEncoderResources(dirname(path));
    const { bytes, description } = await readModelFile(path, (model) =>
      standaloneModel(model, { resources }),
    );
    await (await resources.runtime.load(bytes)).close(); // what does not load is not written
    await writeAtomic(out, bytes, { signal });
    print(
      [
        `${out}: ${(bytes.length / 1e6).toFixed(1)} MB`,
        `input:   ${description.input}`,
        ...(description.classes.length > 0
          ? [
              `output:  probabilities: float32 [1, ${description.classes.length}], ${description.classes.join(", ")}`,
            ]
          : []),
        ...(description.dimensions.length > 0
          ? [
              `output:  values: float32 [1, ${description.dimensions.length}], ${description.dimensions.map(({ name }) => name).join(", ")}`,
            ]
          : []),
        `left out: ${description.leftOut}`,
        ...description.encoders.map(
          (file) =>
            `inside:  ${"package" in file ? `${file.package}/${file.path}` : file.name}, ${file.licence}, ${file.source}`,
        ),
      ].join("\n"),
    );
    printJson({ out, bytes: bytes.length, ...description });
  },
};
