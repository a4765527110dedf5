/** `undertone predict`: what a recognizer hears in recordings. */

import type { Prediction, SpeakerProfile, TimelineSummary } from "@undertone/core/artifact";
import { type ErrorCode, isUndertoneError, stopIfAborted } from "@undertone/core/errors";
import { givenRecordings } from "../../io/given-recordings.js";
import { writeAtomic } from "../../io/write-atomic.js";
import { hearRecording, openRecording, type Recording } from "../../runs/hear-recording.js";
import { flag } from "../../runs/plan/flag.js";
import { openAudioPool } from "../../workers/audio-pool.js";
import { type Command, PartialFailure } from "../command.js";
import { encoderFlag, textFlag } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";

/** One of the document's `predictions`: the prediction of a short recording, the summary of a long one, or what is wrong with it. */
interface Answer extends Partial<Prediction> {
  readonly file: string;
  readonly seconds?: number;
  readonly timeline?: readonly Prediction[];
  readonly summary?: TimelineSummary;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** Recordings whose beginnings are decoded before their turn comes. */
const opensAhead = 3;

export const predict: Command = {
  name: "predict",
  summary: "say which emotion is heard in recordings of any length",
  positionals: {
    name: "FILE…",
    summary:
      "recordings (WAV, AIFF, CAF, AU, W64, FLAC, MP3, Ogg, Opus, WebM, M4A), folders of them, or '-' for stdin",
    min: 1,
    max: Number.POSITIVE_INFINITY,
  },
  flags: [
    flag("model FILE", "the artifact to use (default: the shipped RAVDESS model)"),
    encoderFlag,
    flag("timeline", "each window of time too, as soon as it is heard"),
    flag(
      "speaker FILE",
      "profile of the one speaker of all recordings, updated by those that are judged whole; written when it is not there",
    ),
  ],
  examples: [
    "undertone predict clip.wav",
    "undertone predict --timeline --json interview.mp3",
    "ffmpeg -i meeting.mkv -f wav - | undertone predict -",
    "undertone predict monday.wav tuesday.wav --model adaptable.onnx --speaker me.json",
  ],
  async run(context) {
    const { positionals, flags, signal, print, printJson, warn, progress } = context;
    await addGivenEncoders(context);
    const inputs = await givenRecordings(positionals, { signal });
    // The thread starts while the code for the model loads, and the model itself.
    const pool = openAudioPool(inputs.length === 1 ? { threads: 1 } : {});
    const shown = progress("predicting");
    const waiting = [...inputs];
    const opened: Promise<Recording>[] = [];
    const openAhead = (): void => {
      while (opened.length < opensAhead && waiting.length > 0) {
        const opening = openRecording(waiting.shift()!.source, { pool, signal });
        opening.catch(() => undefined);
        opened.push(opening);
      }
    };
    const answers: Answer[] = [];
    try {
      openAhead();
      const { openModel } = await import("../../runs/open-model.js");
      const recognizer = await openModel(textFlag(flags, "model"));
      const { heardText, windowText } = await import("../print-prediction.js");
      const profile = textFlag(flags, "speaker");
      let speaker: SpeakerProfile | undefined;
      if (profile !== undefined) {
        const { readSpeaker } = await import("../../runs/speaker-file.js");
        speaker = await readSpeaker(profile, recognizer.manifest);
      }
      const hear = async (file: string, recording: Recording, before: number): Promise<Answer> => {
        for (const remark of recording.remarks) warn(remark);
        if (flags.timeline && !recording.whole) print(file);
        const heard = await hearRecording(recording, {
          ...{ recognizer, speaker, windows: flags.timeline === true, signal },
          onWindows(windows) {
            if (flags.timeline) for (const window of windows) print(windowText(window, recognizer.manifest));
            shown.update(before + recording.progress, inputs.length);
          },
        });
        print(heardText(file, heard, recording.whole));
        if (!("prediction" in heard)) return { file, ...heard };
        const { seconds, timeline, prediction } = heard;
        const { speaker: learnt = speaker, ...answer } = prediction;
        speaker = learnt;
        return { file, seconds, ...answer, ...(timeline && { timeline }) };
      };

      for (const [i, { name: file }] of inputs.entries()) {
        stopIfAborted(signal);
        openAhead();
        try {
          const recording = await opened.shift()!;
          answers.push(await hear(file, recording, i).finally(() => recording.close()));
        } catch (error) {
          if (!isUndertoneError(error) || error.code === "cancelled") throw error;
          answers.push({ file, error: { code: error.code, message: error.message } });
          if (inputs.length > 1) print(`${file}: ${error.message} (${error.code})`);
        }
        shown.update(i + 1, inputs.length);
      }
      if (profile !== undefined) await writeAtomic(profile, JSON.stringify(speaker), { signal });
      await recognizer.close();
    } finally {
      shown.end();
      await pool.close();
    }
    const document = { predictions: answers };
    const errors = answers.flatMap(({ error }) => error ?? []);
    if (errors.length > 0)
      throw new PartialFailure(errors[0].code, failureText(errors, answers.length), document);
    printJson(document);
  },
};

function failureText(errors: readonly { readonly message: string }[], files: number): string {
  const [{ message }] = errors;
  return files === 1 ? message : `${errors.length} of ${files} files failed, the first: ${message}`;
}
