/** Whether to use a model as it is, to adapt it or to train another: from what was measured, or from what is heard where nothing could be. */
import { clipsNotTold } from "../evaluate-artifact.js";
import { count, points, wholePercent } from "../report/words.js";
import type { ModelDistance, WayResult, WayResults } from "./model-distance.js";

type Advice = ModelDistance["advice"];

const names: Readonly<Record<WayResult["way"], string>> = {
  "as-it-is": "the model as it is",
  adapted: "adapted to this collection",
  own: "a model of your own",
};
const noAdapting = "The model cannot adapt to collections: an earlier version trained it";
const choices = { "as-it-is": "as-it-is", adapted: "adapt", own: "retrain" } as const;

/** What an advice looks at. */
export type Known = Pick<ModelDistance, "conditions" | "answers" | "results" | "clips" | "labels" | "model">;

/** Returns the advice. */
export function advise(known: Known): Advice {
  const { results, model } = known;
  return "skipped" in results ? byDistance(known, results.skipped) : byResults(results, model);
}

/** Returns one sentence of what each way was worth. */
export function resultsSentence({ ways, clips, speakers, classes, chance }: WayResults): string {
  const each = ways.map(
    ({ way, uar, interval: { low, high } }) =>
      `${names[way]} ${wholePercent(uar)} (${Math.round(100 * low)} to ${wholePercent(high)}${way === "own" ? ", on speakers whom it has not heard" : ""})`,
  );
  const whose = speakers === null ? "of unknown speakers" : `of ${count(speakers, "speaker")}`;
  return `Right on ${count(clips, "labelled clip")} ${whose}, ${classes.length} classes alike (guessing: ${wholePercent(chance)}): ${each.join(", ")}`;
}

function byResults(results: WayResults, model: Known["model"]): Advice {
  const { ways, drawn, speakers, chance, ownSkipped } = results;
  const best = ways.reduce((found, way) => (way.gain && way.gain.interval.low > 0 ? way : found));
  const choice = choices[best.way];
  const gains = ways.slice(1).map(({ way, gain }) => {
    const { over, by, interval } = gain!;
    const told = `${points(by)} points against ${names[over]} (${points(interval.low)} to ${points(interval.high)})`;
    const verdict =
      interval.low > 0
        ? "is better"
        : interval.high < 0
          ? "is worse"
          : "is no different as far as these clips can tell";
    return `${way === "own" ? "A model of your own" : "Adapting to this collection"} ${verdict}: ${told}`;
  });
  const what = {
    "as-it-is":
      ways.length > 1 && ways.every(({ gain }) => !gain || gain.interval.high > 0)
        ? "Keep the model as it is until more labelled clips show a difference"
        : "Use the model as it is",
    adapt: "Adapt the model to the collection (predict DIR --adapt collection), which needs no labels",
    retrain: "Train a model of your own (undertone train DIR)",
  }[choice];
  const guessing = best.interval.low <= chance;
  return {
    choice: guessing ? "not-known" : choice,
    text: [
      resultsSentence(results),
      ...gains,
      ...(drawn === "clips"
        ? [
            `Intervals are over clips, for ${speakers === null ? "speakers are unknown" : speakers === 1 ? "there is one speaker" : `there are ${speakers} speakers`}: they say nothing of other speakers`,
          ]
        : []),
      ...(model.tellsClips ? [] : [clipsNotTold]),
      ...(model.adapts ? [] : [noAdapting]),
      ...(ownSkipped === null ? [] : [`A model of your own could not be tested: ${ownSkipped}`]),
      guessing
        ? "What was measured is no better than guessing on these clips: listen to some, and to their labels, before anything else"
        : what,
      ...(ways.some(({ way }) => way === "own") || ownSkipped !== null
        ? []
        : ["What a model of your own would reach: undertone explore DIR"]),
    ],
  };
}

function byDistance({ conditions, answers, clips, model }: Known, why: string): Advice {
  const far = conditions.filter(({ verdict }) => verdict === "lower" || verdict === "higher");
  const told = conditions.filter(({ known }) => known !== null);
  if (clips.sampled > 0 && clips.noSpeech + clips.broken === clips.sampled)
    return {
      choice: "not-known",
      text: ["The model hears no speech in these clips, so that there is nothing to adapt it to"],
    };
  const unlike =
    told.length === 0
      ? "What the model learnt from is not told by the model, so that distance says nothing"
      : far.length === 0
        ? `In ${told.length} of ${told.length} conditions the clips are as what the model knows`
        : `In ${far.length} of ${told.length} conditions (${far.map(({ kind }) => kind).join(", ")}) the clips are unlike what the model knows: expect it to be wrong more often than its own evaluation says`;
  const sure =
    "skipped" in answers
      ? `What the model says of them was not heard: ${answers.skipped}`
      : `It names ${wholePercent(answers.named)} of the clips, with a mean confidence of ${wholePercent(answers.confidence)}, which is no proof of being right`;
  return {
    choice: far.length > 0 && model.adapts ? "adapt" : "not-known",
    text: [
      `How often the model is right cannot be known: ${why}`,
      unlike,
      sure,
      ...(model.classes.length > 0
        ? [
            `${model.adapts ? "Adapting to the collection (predict DIR --adapt collection) needs no labels" : noAdapting}; with labels of 20 clips or more of each emotion, of 6 speakers or more, this says what is best`,
          ]
        : []),
    ],
  };
}
