/** What a model is asked about words that it does not know. */
import { labelMap } from "@undertone/core/data";
import { describe, expect, it } from "vitest";
import { chooseTargets } from "./choose-targets.js";

const model = labelMap("savee-7");

function refusal(labels: readonly string[]): string {
  const utterances = labels.map((label, i) => ({
    id: `${i}`,
    file: `${i}`,
    speaker: "a",
    label,
    attributes: {},
  }));
  const source = { data: [], map: model, mapFrom: "m.onnx" };
  try {
    chooseTargets({ name: "clips", utterances }, source, { corpus: undefined, ownMap: undefined });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("words that a model does not know", () => {
  it("are named with their clips and a label map that takes them, where there is one", () => {
    const remedy = /--label-map (\S+),/.exec(refusal(["happiness", "sadness", "boredom", "boredom"]))?.[1];
    const map = labelMap(remedy!);
    expect(map.classes.every((name) => model.classes.includes(name))).toBe(true);
    expect([map.words.happiness, map.words.sadness, map.words.boredom]).toEqual([
      "happiness",
      "sadness",
      null,
    ]);
    expect(refusal(["happiness", "boredom"])).toMatch(/'boredom' \(1 clip\), expected the model's own word/);
    expect(refusal(["happiness", "wuetend", "wuetend"])).toMatch(
      /^The model 'm.onnx' knows the classes .*'clips' also has 'wuetend' \(2 clips\), expected the model's own word/,
    );
    expect(refusal(["happiness", "sadness"])).toBe("");
  });
});
