/** `undertone compare` on documents of two evaluations, and on files that are none. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluatePredictions, type ScoredUtterance } from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import { describe, expect, it } from "vitest";
import { compare } from "./compare.js";

const classes = ["happy", "sad"];

/** Returns the document of an evaluation of eight speakers in which the given part is right. */
function document(right: number) {
  const stream = random(String(right));
  const predictions = Array.from({ length: 160 }, (_, i): ScoredUtterance => {
    const truth = i % 2;
    const chosen = stream.next() < right ? truth : 1 - truth;
    const scores = [0, 1].map((k) => (k === chosen ? 0.8 : 0.2));
    const speaker = `s${Math.floor(i / 20)}`;
    return { id: `${i}`, speaker, fold: "f", truth: classes[truth], predicted: classes[chosen], scores };
  });
  return evaluatePredictions(predictions, {
    classes,
    leaks: [],
    samples: 20,
    protocol: {
      summary: `Right in ${right}`,
      dataset: "d",
      utterances: 160,
      speakers: 8,
      leftOut: 0,
      labelMap: "m",
      featureSet: "seed-v1",
      features: 1,
      model: { kind: "logistic-regression" },
      folds: "loso",
      speakerIndependent: true,
      sentenceIndependent: false,
      seed: 1,
    },
  });
}

async function run(...documents: readonly unknown[]): Promise<{ text: string; json: unknown }> {
  const folder = mkdtempSync(join(tmpdir(), "undertone-compare-"));
  const files = documents.map((content, i) => {
    const file = join(folder, `${i}.json`);
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  });
  const said: { text: string; json: unknown } = { text: "", json: undefined };
  await compare.run({
    positionals: files,
    flags: {},
    json: false,
    signal: new AbortController().signal,
    print(text) {
      said.text += text;
    },
    printJson(found) {
      said.json = found;
    },
    warn: () => undefined,
    progress: () => ({ update: () => undefined, end: () => undefined }),
  });
  return said;
}

describe("compare", () => {
  it("names the better one, within 100 columns, and takes the document of train too", async () => {
    const { text, json } = await run(document(0.6), { artifact: "x.onnx", evaluation: document(0.95) });
    expect(text).toContain("B is better");
    expect(text).toMatch(/UAR.*\+\d\d\.\d %/);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(json).toMatchObject({ utterances: 160, speakers: 8, a: { summary: "Right in 0.6" } });
  });
  it("says when chance could make the difference", async () => {
    const same = document(0.7);
    expect((await run(same, same)).text).toContain("Chance could make this difference");
  });
  it("refuses what is no evaluation", async () => {
    const refused = (message: RegExp) =>
      expect.objectContaining({ code: "usage/bad-value", message: expect.stringMatching(message) });
    await expect(run(document(0.7), "{")).rejects.toThrow(refused(/no JSON document, expected what/));
    await expect(run(document(0.7), { uar: 1 })).rejects.toThrow(refused(/holds no evaluation/));
    await expect(run(document(0.7), "null")).rejects.toThrow(refused(/holds no evaluation/));
  });
});
