/** `undertone predict`: what a recognizer hears in recordings. */

import {
  type Adapted,
  type ArtifactManifest,
  adaptToCollection,
  newCollection,
  type Prediction,
  type SpeakerProfile,
} from "@undertone/core/artifact";
import { type Sounding, sounding } from "@undertone/core/audio";
import { type ErrorCode, isUndertoneError, stopIfAborted } from "@undertone/core/errors";
import { fewestOfCollection } from "@undertone/core/learn";
import { givenRecordings } from "../../io/given-recordings.js";
import { writeAtomic } from "../../io/write-atomic.js";
import { type Heard, hearRecording, openRecording, type Recording } from "../../runs/hear-recording.js";
import { flag } from "../../runs/plan/flag.js";
import { openAudioPool } from "../../workers/audio-pool.js";
import { type Command, PartialFailure } from "../command.js";
import { encoderFlag, modelFlag, textFlag } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";

/** One of the document's `predictions`: the prediction of a short recording, the summary of a long one, or what is wrong with it. */
type Answer = { readonly file: string } & (Heard | { readonly error: Problem });

interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
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
    modelFlag,
    encoderFlag,
    flag("timeline", "each window of time too, as soon as it is heard"),
    flag(
      "speaker FILE",
      "profile of the one speaker of all recordings, updated by those that are judged whole; written when it is not there",
    ),
    flag(
      "adapt",
      "collection: answer when all recordings are heard, adapted to what they share, whoever speaks",
      {
        choices: ["collection"],
      },
    ),
  ],
  examples: [
    "undertone predict clip.wav",
    "undertone predict --timeline --json interview.mp3",
    "ffmpeg -i meeting.mkv -f wav - | undertone predict -",
    "undertone predict monday.wav tuesday.wav --model adaptable.onnx --speaker me.json",
    "undertone predict recordings --adapt collection",
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
    let answers: Answer[] = [];
    let adapted: Adapted | undefined;
    try {
      openAhead();
      const { ofAdaptable, openModel } = await import("../../runs/open-model.js");
      const recognizer = await openModel(textFlag(flags, "model"));
      const { heardText, sumLines, windowText } = await import("../print-prediction.js");
      const profile = textFlag(flags, "speaker");
      let speaker: SpeakerProfile | undefined;
      if (profile !== undefined) {
        const { readSpeaker } = await import("../../runs/speaker-file.js");
        speaker = await ofAdaptable("speaker", () => readSpeaker(profile, recognizer.manifest));
      }
      const collection = flags.adapt
        ? await ofAdaptable("collection", () => newCollection(recognizer.manifest))
        : undefined;
      /** Where the recordings sound whose windows are to be shown with them. */
      const spans = new Map<string, Sounding>();
      const show = (answer: Answer): void => {
        if (!("error" in answer)) {
          const { manifest } = recognizer;
          print(heardText(answer.file, answer, { span: spans.get(answer.file), manifest }));
        } else if (inputs.length > 1) print(`${answer.file}: ${answer.error.message} (${answer.error.code})`);
      };
      const hear = async (file: string, recording: Recording, before: number): Promise<Answer> => {
        for (const remark of recording.remarks) warn(remark);
        if (flags.timeline && !recording.whole) print(file);
        const heard = await hearRecording(recording, {
          ...{ recognizer, speaker, collection, windows: flags.timeline === true, signal },
          onWindows(windows) {
            if (flags.timeline) for (const window of windows) print(windowText(window, recognizer.manifest));
            shown.update(before + recording.progress, inputs.length);
          },
        });
        if ("prediction" in heard) speaker = heard.prediction.speaker ?? speaker;
        if (flags.timeline && recording.whole) spans.set(file, sounding(recording.whole));
        return { file, ...heard };
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
        }
        if (!collection) show(answers.at(-1)!);
        shown.update(i + 1, inputs.length);
      }
      if (collection) {
        const known = withAllKnown(answers, recognizer.manifest);
        answers = known.answers;
        for (const answer of answers) show(answer);
        adapted = answers.flatMap((one) => ("prediction" in one && one.prediction.adapted) || []).at(-1);
        const folder = positionals.length === 1 && inputs[0].name !== positionals[0];
        const what = folder ? "this folder" : "these recordings";
        print(adaptedText(adapted, { profile, what, by: known.by }));
      }
      const known = answers.map((answer) => ("error" in answer ? undefined : answer));
      for (const line of sumLines(known, recognizer.manifest)) print(line);
      if (profile !== undefined) await writeAtomic(profile, JSON.stringify(speaker), { signal });
      await recognizer.close();
    } finally {
      shown.end();
      await pool.close();
    }
    const document = { predictions: answers.map(answerDocument), ...(adapted && { adapted }) };
    const errors = answers.flatMap((answer) => ("error" in answer ? answer.error : []));
    if (errors.length > 0)
      throw new PartialFailure(errors[0].code, failureText(errors, answers.length), document);
    printJson(document);
  },
};

/** Returns the answers for a collection that is known by all of them, and how many of them have told of it. */
function withAllKnown(
  answers: readonly Answer[],
  manifest: ArtifactManifest,
): { readonly by: number; readonly answers: Answer[] } {
  const whole = answers.filter((answer) => "prediction" in answer);
  const { recordings, by } = adaptToCollection(
    whole.map(({ prediction, timeline = [] }) => ({ whole: prediction, timeline })),
    manifest,
  );
  const said = new Map<Answer, Answer>(
    whole.map((answer, i) => {
      const { whole: prediction, timeline } = recordings[i];
      return [answer, { ...answer, prediction: prediction!, ...(answer.timeline && { timeline }) }];
    }),
  );
  return { by, answers: answers.map((answer) => said.get(answer) ?? answer) };
}

/** Returns what is said of an adaptation, or of none, as a whole. */
function adaptedText(
  adapted: Adapted | undefined,
  about: { readonly profile: string | undefined; readonly what: string; readonly by: number },
): string {
  const { profile, what } = about;
  if (!adapted)
    return about.by < fewestOfCollection
      ? `not adapted to ${what}: fewer than ${fewestOfCollection} could be judged whole`
      : `not adapted to ${what}: their scores vary as little as those of one emotion do`;
  const { to, by } = adapted;
  return to === "speaker"
    ? `adapted to the speaker of '${profile}' by ${by === 1 ? "1 recording" : `${by} recordings`}, not to ${what}`
    : `adapted to ${by} clips of ${what}`;
}

/** Returns what scripts read of an answer: what it says, without what it was made of. */
function answerDocument(answer: Answer): object {
  if ("error" in answer) return answer;
  const { timeline, ...rest } = answer;
  const said =
    "prediction" in rest ? { file: rest.file, seconds: rest.seconds, ...bare(rest.prediction) } : rest;
  return { ...said, ...(timeline && { timeline: timeline.map(bare) }) };
}

function bare({ speaker, collection, heard, ...said }: Prediction): Prediction {
  return said;
}

function failureText(errors: readonly { readonly message: string }[], files: number): string {
  const [{ message }] = errors;
  return files === 1 ? message : `${errors.length} of ${files} files failed, the first: ${message}`;
}
