/** `undertone start`: the first minute. Prints the address and the timeline of a bundled clip, and serves the studio. */

import { sounding } from "@undertone/core/audio";
import { shippedPath } from "../../io/places.js";
import { openModel } from "../../runs/open-model.js";
import { flag } from "../../runs/plan/flag.js";
import { defaultPort, startServer } from "../../server/start-server.js";
import { openAudioPool } from "../../workers/audio-pool.js";
import type { Command } from "../command.js";
import { modelFlag, ports, textFlag, wholeFlag } from "../flags.js";
import { predictionText, timelineText } from "../print-prediction.js";
import { untilStopped } from "../until-stopped.js";

/** The clip shown: strong anger. Its speaker is one of those that the shipped model was trained on. */
const clip = "examples/clips/03-01-05-02-01-01-16.flac";

export const start: Command = {
  name: "start",
  summary: "show the timeline of a bundled clip and serve the studio on this machine",
  flags: [
    flag("port N", "port; another free one when it is taken", { type: "number", default: defaultPort }),
    modelFlag,
  ],
  examples: ["undertone start", "npm start"],
  async run({ flags, json, signal, print, printJson, warn }) {
    const model = textFlag(flags, "model");
    const port = wholeFlag(flags, "port", ports);
    const pool = openAudioPool({ threads: 1 });
    const decoding = pool.decode(shippedPath(clip), { signal });
    decoding.catch(() => undefined);
    const serving = startServer({ model, port, onNotice: warn });
    serving.catch(() => undefined);
    try {
      const recognizer = await openModel(model);
      const { wave } = await decoding;
      const [whole, windows] = [await recognizer.recognize(wave), await recognizer.timeline(wave)];
      print(`${timelineText(`${clip}, window by window`, windows, sounding(wave))}\n`);
      print(`${predictionText("The whole clip", whole, recognizer.manifest)}\n`);
      if (model === undefined)
        print("The shipped model learnt from this clip too; it is less sure of voices it never heard.\n");
      await recognizer.close();
      const server = await serving;
      try {
        print(
          `The studio is on ${server.url}: drop a clip or press record; audio stays in the page. Ctrl-C stops.`,
        );
        if (json) printJson({ url: server.url, clip: { file: clip, ...whole, timeline: windows } });
        await untilStopped(signal);
      } finally {
        await server.close();
      }
    } finally {
      await pool.close();
    }
  },
};
