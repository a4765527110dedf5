/** `undertone predict`: what a recognizer hears in recordings. */

import type { Prediction, SpeakerProfile } from "@undertone/core/artifact";
import { isUndertoneError, UndertoneError } from "@undertone/core/errors";
import { writeAtomic } from "../../io/write-atomic.js";
import { flag } from "../../runs/plan/flag.js";
import { openAudioPool } from "../../workers/audio-pool.js";
import type { Command } from "../command.js";
import { encoderFlag, textFlag } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";

interface FileResult {
  readonly file: string;
  readonly prediction?: Prediction;
  readonly timeline?: readonly Prediction[];
  readonly error?: { readonly code: string; readonly message: string };
}

export const predict: Command = {
  name: "predict",
  summary: "say which emotion is heard in recordings",
  positionals: {
    name: "FILE…",
    summary: "recordings: WAV, AIFF, FLAC, MP3, Ogg, Opus, WebM, M4A",
    min: 1,
    max: Number.POSITIVE_INFINITY,
  },
  flags: [
    flag("model FILE", "the artifact to use (default: the shipped RAVDESS model)"),
    encoderFlag,
    flag(
      "timeline",
      "one prediction for each window instead of one for the file; WAV files may last for hours",
    ),
    flag(
      "speaker FILE",
      "profile of the one speaker of all recordings, used and updated; written when it is not there",
    ),
  ],
  examples: [
    "undertone predict clip.wav",
    "undertone predict --timeline --json interview.mp3",
    "undertone predict monday.wav tuesday.wav --model adaptable.onnx --speaker me.json",
  ],
  async run(context) {
    const { positionals, flags, json, signal, print, printJson, progress } = context;
    await addGivenEncoders(context);
    // The thread starts while the code for the model loads, and the model itself.
    const pool = openAudioPool(positionals.length === 1 ? { threads: 1 } : {});
    const shown = progress("predicting");
    const results: FileResult[] = [];
    try {
      const decoding = positionals.map((file, i) =>
        i < 4 && !flags.timeline ? pool.decode(file, { signal }) : undefined,
      );
      for (const decoded of decoding) decoded?.catch(() => undefined);
      const { openModel } = await import("../../runs/open-model.js");
      const recognizer = await openModel(textFlag(flags, "model"));
      const { predictionText, timelineText } = await import("../print-prediction.js");
      const profile = textFlag(flags, "speaker");
      let speaker: SpeakerProfile | undefined;
      if (profile !== undefined) {
        const { readSpeaker } = await import("../../runs/speaker-file.js");
        speaker = await readSpeaker(profile, recognizer.manifest);
      }
      for (const [i, file] of positionals.entries()) {
        signal.throwIfAborted();
        try {
          if (flags.timeline) {
            const { hearTimeline } = await import("../../runs/hear-timeline.js");
            const { timeline, span } = await hearTimeline(file, { recognizer, pool, speaker, signal });
            results.push({ file, timeline });
            print(timelineText(file, timeline, span));
          } else {
            const { wave } = await (decoding[i] ?? pool.decode(file, { signal }));
            const prediction = await recognizer.recognize(wave, { speaker });
            speaker = prediction.speaker ?? speaker;
            results.push({ file, prediction });
            print(predictionText(file, prediction));
          }
        } catch (error) {
          if (positionals.length === 1 || !isUndertoneError(error) || error.code === "cancelled") throw error;
          results.push({ file, error: { code: error.code, message: error.message } });
          print(`${file}: ${error.message} (${error.code})`);
        }
        shown.update(i + 1, positionals.length);
      }
      if (profile !== undefined && !flags.timeline)
        await writeAtomic(profile, JSON.stringify(speaker), { signal });
      await recognizer.close();
    } finally {
      shown.end();
      await pool.close();
    }
    const failed = results.filter(({ error }) => error);
    if (failed.length > 0) {
      const [first] = failed;
      throw new UndertoneError(
        first!.error!.code as UndertoneError["code"],
        `${failed.length} of ${results.length} files failed, the first: ${first!.error!.message}`,
        {
          details: { results },
        },
      );
    }
    if (json)
      printJson({
        predictions: results.map(({ file, prediction, timeline }) => ({
          file,
          ...(prediction ? { ...prediction, speaker: undefined } : {}),
          ...(timeline ? { timeline } : {}),
        })),
      });
  },
};
