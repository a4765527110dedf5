/** The console tables: what stands first, what is in them, and that they fit a terminal. */
import type { Leak } from "@undertone/core/data";
import { type EvaluationResult, evaluatePredictions, type ScoredUtterance } from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import { describe, expect, it } from "vitest";
import { printEvaluation } from "./print-evaluation.js";
import { textTable, wrapText } from "./text-table.js";

function resultOf(shape: {
  classes: readonly string[];
  speakers: readonly string[];
  leaks?: readonly Leak[];
}): EvaluationResult {
  const { classes, speakers, leaks = [] } = shape;
  const stream = random("print");
  const predictions: ScoredUtterance[] = speakers.flatMap((speaker, s) =>
    Array.from({ length: 3 * classes.length }, (_, u) => {
      const truth = classes[u % classes.length];
      const predicted = stream.next() < 0.5 ? truth : classes[stream.integer(classes.length)];
      const scores = classes.map((name) =>
        name === predicted ? 0.6 : 0.4 / Math.max(1, classes.length - 1),
      );
      return { id: `${speaker}-${u}`, speaker, fold: `fold-${s % 3}`, truth, predicted, scores };
    }),
  );
  return evaluatePredictions(predictions, {
    classes,
    leaks,
    dataset: {
      name: "d",
      utterances: predictions.map(({ id, speaker }, i) => ({
        id,
        file: id,
        speaker,
        attributes: { sex: i % 2 ? "male" : "female" },
      })),
    },
    samples: 20,
    protocol: {
      summary: `Corpus of ${speakers.length} speakers, ${"a long protocol, ".repeat(12)}seed 1`,
      dataset: "d",
      utterances: predictions.length,
      speakers: speakers.length,
      leftOut: 0,
      labelMap: "m",
      featureSet: "f",
      features: 2,
      model: { kind: "k" },
      folds: "speaker:3",
      speakerIndependent: leaks.length === 0,
      sentenceIndependent: false,
      seed: 1,
    },
  });
}

const names = (n: number, stem: string): string[] => Array.from({ length: n }, (_, i) => `${stem}${i}`);
const classes = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"];

describe("printEvaluation", () => {
  it("has no figures of a class without test clips", () => {
    const result = resultOf({ classes: ["calm", "sad"], speakers: names(3, "s") });
    const [first, ...others] = result.perClass;
    const perClass = [{ ...first, support: 0, recall: 0, precision: 0, f1: 0, rocAuc: null }, ...others];
    expect(printEvaluation({ classes: { ...result, perClass }, values: undefined })).toMatch(
      /^calm +0( +–){4}$/m,
    );
  });

  it("begins with the protocol, then the headline with interval and chance", () => {
    const result = resultOf({ classes, speakers: names(6, "s") });
    const lines = printEvaluation({ classes: result }).split("\n");
    expect(lines[0]).toMatch(/^Corpus of 6 speakers, a long protocol/);
    const uar = lines.find((line) => line.startsWith("UAR"))!;
    expect(uar).toMatch(/95 % interval \d+\.\d–\d+\.\d % +chance 12\.5 %$/);
    expect(uar).toContain(`${(100 * result.uar).toFixed(1)} %`);
  });
  it("begins with the leaks when there are any", () => {
    const leaks: Leak[] = [
      {
        kind: "speaker",
        splits: ["f"],
        examples: ["s0"],
        count: 6,
        message: "6 of 6 test speakers are also in training",
      },
    ];
    expect(printEvaluation({ classes: resultOf({ classes, speakers: names(6, "s"), leaks }) })).toMatch(
      /^LEAK: 6 of 6 test speakers/,
    );
  });
  it("has the row of every class, fold and speaker", () => {
    const result = resultOf({ classes, speakers: names(6, "s") });
    const lines = printEvaluation({ classes: result }).split("\n");
    for (const name of [...classes, "fold-0", "fold-1", "fold-2", ...names(6, "s")]) {
      expect(
        lines.some((line) => line.startsWith(`${name} `)),
        name,
      ).toBe(true);
    }
    const happy = lines.filter((line) => line.startsWith("happy "))[1];
    const counts = happy
      .split(/\s+/)
      .slice(1, 9)
      .map((cell) => (cell === "·" ? 0 : Number(cell)));
    expect(counts).toEqual(result.confusion[2]);
  });
  it("orders speakers by UAR and shows both ends of a long list", () => {
    const result = resultOf({ classes, speakers: names(90, "speaker-") });
    const lines = printEvaluation({ classes: result })
      .split("\n")
      .filter((line) => line.startsWith("speaker-"));
    const values = lines.map((line) => Number(/(\d+\.\d) %/.exec(line)![1]));
    expect(values).toHaveLength(40);
    expect([...values].sort((a, b) => b - a)).toEqual(values);
    expect(printEvaluation({ classes: result })).toContain("… 50 more");
  });
  for (const [what, shape] of Object.entries({
    "eight classes": { classes, speakers: names(24, "s") },
    "long names": {
      classes: names(8, "a very long name of an emotion "),
      speakers: names(12, "a very long name of a speaker "),
    },
    "fourteen classes": { classes: names(14, "class"), speakers: names(4, "s") },
    "forty classes": { classes: names(40, "class"), speakers: names(4, "s") },
    "two classes, one speaker": { classes: ["a", "b"], speakers: ["s"] },
  })) {
    it(`fits 100 columns: ${what}`, () => {
      const lines = printEvaluation({ classes: resultOf(shape) }).split("\n");
      expect(lines.filter((line) => line.length > 100)).toEqual([]);
      expect(lines.join("\n")).not.toMatch(/undefined|NaN/);
    });
  }
});

describe("textTable and wrapText", () => {
  it("aligns numbers right and names left", () => {
    expect(
      textTable(
        [{ title: "name", align: "left" }, { title: "n" }],
        [
          ["a", 1],
          ["long one", 100],
        ],
      ),
    ).toEqual(["name        n", "─────────────", "a           1", "long one  100"]);
  });
  it("lets no control character reach the terminal", () => {
    expect(textTable([{ title: "name" }], [["\u001b[31mred"]]).join("")).not.toContain("\u001b");
  });
  it("wraps between words and keeps them all", () => {
    const text = "one two three four five six seven";
    const lines = wrapText(text, { width: 12 });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(12);
    expect(lines.join(" ")).toBe(text);
  });
});
