/** What the terminal and the report say of the distance from a model in the same words. */
import { basename } from "node:path";
import { learntSpeech } from "@undertone/core/artifact";
import { count, wholePercent } from "../report/words.js";
import type { ModelDistance } from "./model-distance.js";

/** The distance in sentences without a full stop. */
export interface DistanceWords {
  /** From which model, and by how many clips. */
  readonly title: string;
  /** What differs, in all or in part. */
  readonly loud: readonly string[];
  /** What is as the model knows it, or is not told by it. */
  readonly quiet: readonly string[];
  readonly advice: readonly string[];
}

/** Returns the words. */
export function distanceWords({
  model,
  clips,
  conditions,
  answers,
  labels,
  advice,
  seed,
}: ModelDistance): DistanceWords {
  const drawn =
    clips.sampled < clips.all
      ? `${clips.sampled} of ${clips.all} clips heard, drawn evenly over speakers and labels, seed ${seed}`
      : `${count(clips.all, "clip")} heard`;
  const without = Object.entries(labels.without).map(([word, n]) => `${word} (${count(n, "clip")})`);
  const isLoud = ({ verdict }: ModelDistance["conditions"][number]): boolean =>
    verdict !== "as-known" && verdict !== "not-known";
  const listed = (title: string, verdict: "as-known" | "not-known"): string[] => {
    const own = conditions.filter((one) => one.verdict === verdict);
    return own.length === 0
      ? []
      : [`${title}: ${own.map(({ kind, numbers }) => `${kind} (${numbers})`).join(", ")}`];
  };
  return {
    title: `How far this is from what '${basename(model.file)}' knows, which learnt from ${count(model.clips, "clip")} of ${count(model.speakers, "speaker")} (${model.trainedOn}); ${drawn}`,
    loud: [
      ...conditions.filter(isLoud).map(({ text }) => text),
      ...(clips.noSpeech > 0
        ? [
            `other: ${clips.noSpeech} of ${count(clips.sampled, "clip")} ${clips.noSpeech === 1 ? "holds" : "hold"} no speech to the model`,
          ]
        : []),
      ...(!("skipped" in answers) && answers.unfamiliar >= 0.1
        ? [
            `other: ${wholePercent(answers.unfamiliar)} of clips sound unlike ${learntSpeech({ training: { dataset: model.trainedOn } })}, and it names none of these: a model that learns from such recordings will know more (undertone train DIR)`,
          ]
        : []),
      ...(without.length > 0 ? [`labels that the model has no class for: ${without.join(", ")}`] : []),
    ],
    quiet: [
      ...listed("as what the model knows", "as-known"),
      ...listed("not told by the model", "not-known"),
    ],
    advice: advice.text,
  };
}
