/** `undertone predict`: what a recognizer hears in recordings. */

import type { Prediction, SpeakerProfile } from "@undertone/core/artifact";
import { type ErrorCode, isUndertoneError } from "@undertone/core/errors";
import { givenRecordings } from "../../io/given-recordings.js";
import { writeAtomic } from "../../io/write-atomic.js";
import { flag } from "../../runs/plan/flag.js";
import { openAudioPool } from "../../workers/audio-pool.js";
import { type Command, PartialFailure } from "../command.js";
import { encoderFlag, textFlag } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";

interface FileResult {
  readonly file: string;
  readonly prediction?: Prediction;
  readonly timeline?: readonly Prediction[];
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

export const predict: Command = {
  name: "predict",
  summary: "say which emotion is heard in recordings",
  positionals: {
    name: "FILE…",
    summary: "recordings (WAV, AIFF, FLAC, MP3, Ogg, Opus, WebM, M4A), folders of them, or '-' for stdin",
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
    const { positionals, flags, signal, print, printJson, progress } = context;
    await addGivenEncoders(context);
    // The thread starts while the code for the model loads, and the model itself.
    const inputs = await givenRecordings(positionals, { signal });
    const pool = openAudioPool(inputs.length === 1 ? { threads: 1 } : {});
    const shown = progress("predicting");
    const results: FileResult[] = [];
    try {
      const decoding = inputs.map(({ source }, i) =>
        i < 4 && !flags.timeline ? pool.decode(source, { signal }) : undefined,
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
      for (const [i, { name: file, source }] of inputs.entries()) {
        signal.throwIfAborted();
        try {
          if (flags.timeline) {
            const { hearTimeline } = await import("../../runs/hear-timeline.js");
            const { timeline, span } = await hearTimeline(source, { recognizer, pool, speaker, signal });
            results.push({ file, timeline });
            print(timelineText(file, timeline, span));
          } else {
            const { wave } = await (decoding[i] ?? pool.decode(source, { signal }));
            const prediction = await recognizer.recognize(wave, { speaker });
            speaker = prediction.speaker ?? speaker;
            results.push({ file, prediction });
            print(predictionText(file, prediction));
          }
        } catch (error) {
          if (!isUndertoneError(error) || error.code === "cancelled") throw error;
          results.push({ file, error: { code: error.code, message: error.message } });
          if (inputs.length > 1) print(`${file}: ${error.message} (${error.code})`);
        }
        shown.update(i + 1, inputs.length);
      }
      if (profile !== undefined && !flags.timeline)
        await writeAtomic(profile, JSON.stringify(speaker), { signal });
      await recognizer.close();
    } finally {
      shown.end();
      await pool.close();
    }
    const document = {
      predictions: results.map(({ file, prediction, timeline, error }) => ({
        file,
        ...(prediction && { ...prediction, speaker: undefined }),
        ...(timeline && { timeline }),
        ...(error && { error }),
      })),
    };
    const errors = results.flatMap(({ error }) => error ?? []);
    const [first] = errors;
    if (first) throw new PartialFailure(first.code, failureText(errors, results.length), document);
    printJson(document);
  },
};

function failureText(errors: readonly { readonly message: string }[], files: number): string {
  const [{ message }] = errors;
  return files === 1 ? message : `${errors.length} of ${files} files failed, the first: ${message}`;
}
