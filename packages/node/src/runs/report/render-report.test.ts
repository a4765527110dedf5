/** The HTML report: complete, self-contained, escaped, and in order for every shape of result. */
import { join } from "node:path";
import type { Dataset, Leak } from "@undertone/core/data";
import { type EvaluationResult, evaluatePredictions, type ScoredUtterance } from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { root } from "../../../../../test/corpora.js";
import { printEvaluation } from "../../cli/print-evaluation.js";
import { renderReport } from "./render-report.js";
import { reportOf } from "./report-of.js";
import { chance, confidentMistakes, confusedPairs, headline } from "./words.js";

interface Shape {
  readonly classes: readonly string[];
  readonly speakers: readonly string[];
  readonly perSpeaker: number;
  readonly sexes?: readonly string[];
  readonly leaks?: readonly Leak[];
  readonly speakerIndependent?: boolean;
  /** Label map of fewer classes that left-out corpora, of which each fold then is one, are looked at by too. */
  readonly view?: { readonly id: string; readonly classes: readonly string[] };
}

/** A result of seeded scores in which the true class is the likeliest. */
function resultOf({
  classes,
  speakers,
  perSpeaker,
  sexes,
  leaks = [],
  speakerIndependent = true,
  view,
}: Shape): EvaluationResult {
  const stream = random("report");
  const predictions: ScoredUtterance[] = speakers.flatMap((speaker, s) =>
    Array.from({ length: perSpeaker }, (_, u) => {
      const truth = u % classes.length;
      const raw = classes.map((__, k) => Math.exp(stream.normal() + (k === truth ? 1 : 0)));
      const sum = raw.reduce((a, b) => a + b, 0);
      const scores = raw.map((value) => value / sum);
      const predicted = classes[scores.indexOf(Math.max(...scores))];
      return {
        id: `${speaker}/${u}.wav`,
        speaker,
        fold: `fold-${1 + (s % 2)}`,
        truth: classes[truth],
        predicted,
        scores,
      };
    }),
  );
  const dataset: Dataset = {
    name: "Test corpus",
    utterances: predictions.map(({ id, speaker, truth }) => {
      const sex = sexes?.[speakers.indexOf(speaker) % sexes.length];
      return { id, file: id, speaker, label: truth, attributes: { ...(sex !== undefined && { sex }) } };
    }),
  };
  return evaluatePredictions(predictions, {
    classes,
    leaks,
    dataset,
    trainCounts: { "fold-1": 10, "fold-2": 10 },
    ...(view && {
      leftOut: { views: [view] },
      trust: {
        calibration: "temperature",
        heldOut: new Map(
          ["fold-1", "fold-2"].map((fold) => [fold, predictions.filter((one) => one.fold !== fold)]),
        ),
      },
    }),
    samples: 50,
    protocol: {
      summary: "Test corpus, some protocol",
      dataset: "Test corpus",
      utterances: predictions.length,
      speakers: speakers.length,
      leftOut: 0,
      labelMap: "test-map",
      featureSet: "seed-v1",
      features: 3,
      model: { kind: "logistic-regression", C: 1 },
      folds: "speaker:2",
      speakerIndependent,
      sentenceIndependent: false,
      seed: 1,
    },
  });
}

const plain: Shape = {
  classes: ["angry", "calm", "happy", "sad"],
  speakers: ["s1", "s2", "s3", "s4", "s5", "s6"],
  perSpeaker: 24,
  sexes: ["female", "male"],
};
const leak: Leak = {
  kind: "speaker",
  splits: ["fold-1"],
  examples: ["s1"],
  count: 6,
  message: "6 speakers are on both sides",
};

const parse = (text: string): Document => parseHTML(text).document as unknown as Document;

describe("renderReport", () => {
  it("has every part under a heading", () => {
    const document = parse(
      renderReport(
        { classes: resultOf(plain) },
        { title: "A title", command: "undertone evaluate --data X" },
      ),
    );
    expect(document.querySelector("h1")?.textContent).toBe("A title");
    expect([...document.querySelectorAll("h2")].map((heading) => heading.textContent)).toEqual([
      "How good it is",
      "What is taken for what",
      "Emotion by emotion",
      "ROC curves: one emotion against the rest",
      "Whether its confidence can be believed",
      "If it may stay silent",
      "Sets of emotions that keep a promise",
      "Speaker by speaker",
      "Fold by fold",
      "Most confident mistakes",
      "How to repeat it",
      "Limits and responsible use",
    ]);
    expect(document.querySelector("pre")?.textContent).toBe("undertone evaluate --data X");
  });
  it("says first what to expect elsewhere, where corpora were left out: a row and a curve a corpus, and the views", () => {
    const view = { id: "two-<b>", classes: ["angry", "calm"] };
    const result = resultOf({ ...plain, view });
    const document = parse(renderReport({ classes: result }, { title: "Left out" }));
    const heading = document.querySelector("h2")!;
    expect(heading.textContent).toBe("What to expect of other recordings");
    const [all, viewed] = document.querySelectorAll("table");
    const cells = (table: Element): string[] =>
      [...table.querySelectorAll("tbody th")].map(({ textContent }) => textContent!);
    expect(cells(all)).toEqual(["fold-1", "fold-2", "mean"]);
    expect(cells(viewed)).toEqual(["fold-1", "fold-2", "mean"]);
    expect(viewed.querySelector("caption")!.textContent).toContain("two-<b>");
    expect(document.querySelectorAll('svg[aria-label^="Risk-coverage curve of fold-"]').length).toBe(2);
    expect(printEvaluation({ classes: result })).toContain("As two-<b>:");
  });
  it("names every picture and table for screen readers", () => {
    const document = parse(renderReport({ classes: resultOf(plain) }, { title: "t" }));
    const pictures = [...document.querySelectorAll("svg")];
    // Those that fill the page are there for broad and for slim ones.
    expect(pictures).toHaveLength(4 + 2 * 3);
    for (const picture of pictures) {
      expect(picture.getAttribute("role")).toBe("img");
      expect(picture.getAttribute("aria-label")).toMatch(/.{20}/);
    }
    for (const table of document.querySelectorAll("table"))
      expect(table.querySelector("caption")?.textContent).toMatch(/.{10}/);
  });
  it("shows the counts of the confusion matrix in their cells", () => {
    const result = resultOf(plain);
    const rows = [
      ...parse(renderReport({ classes: result }, { title: "t" })).querySelectorAll(".matrix tbody tr"),
    ];
    const counts = rows.map((tr) =>
      [...tr.querySelectorAll("td")].slice(0, -1).map((td) => Number(td.firstChild?.textContent)),
    );
    expect(counts).toEqual(result.confusion);
  });
  it("draws finite numbers only", () => {
    const text = renderReport({ classes: resultOf(plain) }, { title: "t" });
    for (const [, path] of text.matchAll(/ d="([^"]*)"/g)) expect(path).not.toMatch(/NaN|Infinity/);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });
  it("needs no network and no script", () => {
    const text = renderReport({ classes: resultOf(plain) }, { title: "t" });
    expect(text).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref="(?!#)|url\(|@import/i);
    const addresses = [...text.matchAll(/https?:\/\/[^\s"<]*/g)].map(([address]) => address);
    expect(addresses.filter((address) => !address.startsWith("http://www.w3.org/"))).toEqual([]);
  });
  it("lists its headings, each a link to its part", () => {
    const document = parse(renderReport({ classes: resultOf(plain) }, { title: "t" }));
    const links = [...document.querySelectorAll(".contents a")];
    const headings = [...document.querySelectorAll("h2")];
    expect(links.map((link) => link.textContent)).toEqual(headings.map((heading) => heading.textContent));
    expect(links.map((link) => link.getAttribute("href"))).toEqual(headings.map(({ id }) => `#${id}`));
    expect(new Set(headings.map(({ id }) => id)).size).toBe(headings.length);
  });
  it("puts warnings above the title, and says nothing where there are none", () => {
    const warnings = ["Class 'calm' has <one> speaker", "Label equals sex"];
    const found = resultOf(plain);
    const page = (protocol: object): string =>
      renderReport({ classes: { ...found, protocol: { ...found.protocol, ...protocol } } }, { title: "t" });
    const box = parse(page({ warnings })).querySelector("main")!.firstElementChild!;
    expect(box.className).toContain("warnings");
    expect([...box.querySelectorAll("li")].map((li) => li.textContent)).toEqual(warnings);
    expect(page({ warnings: [] })).not.toContain("Before you");
  });
  it("sets matrices of many classes small", () => {
    const many = Array.from({ length: 20 }, (_, i) => `class ${i}`);
    const shape = { ...plain, classes: many, perSpeaker: 40 };
    expect(renderReport({ classes: resultOf(shape) }, { title: "t" })).toContain('class="matrix many"');
    expect(renderReport({ classes: resultOf(plain) }, { title: "t" })).toContain('class="matrix"');
  });
  it("puts the leaks before everything else", () => {
    const text = renderReport(
      { classes: resultOf({ ...plain, leaks: [leak], speakerIndependent: false }) },
      {
        title: "t",
      },
    );
    const first = parse(text).querySelector("main")!.firstElementChild!;
    expect(first.className).toBe("leaks");
    expect(first.textContent).toContain("6 speakers are on both sides (s1, …)");
    expect(renderReport({ classes: resultOf(plain) }, { title: "t" })).not.toContain('class="leaks"');
  });
  it("escapes classes, speakers, ids, sexes, title, command, versions, card and leaks", () => {
    const evil = `<script>alert("1")</script>`;
    const quote = `"><img src=x onerror='alert(2)'>&amp;`;
    const shape: Shape = {
      classes: [evil, quote, "sad"],
      speakers: [evil, quote, "x"],
      perSpeaker: 12,
      sexes: [evil, quote],
      leaks: [{ ...leak, message: evil, examples: [quote] }],
    };
    const text = renderReport(
      { classes: resultOf(shape) },
      {
        title: evil,
        command: quote,
        versions: { [evil]: quote },
        card: { [quote]: evil },
      },
    );
    const document = parse(text);
    expect(document.querySelectorAll("script, img")).toHaveLength(0);
    expect(/<script|<img/i.test(text)).toBe(false);
    for (const element of document.querySelectorAll("*")) {
      for (const { name } of [...element.attributes]) expect(name).not.toMatch(/^on/);
    }
    expect(document.querySelector("h1")?.textContent).toBe(evil);
    expect(document.querySelector("pre")?.textContent).toBe(quote);
    expect(document.querySelector(".roc svg")?.getAttribute("aria-label")).toContain(evil);
  });
  it("stays under 500 KB with 5000 utterances of 200 speakers", () => {
    const speakers = Array.from({ length: 200 }, (_, s) => `speaker-${s}`);
    const text = renderReport({ classes: resultOf({ ...plain, speakers, perSpeaker: 25 }) }, { title: "t" });
    expect(text.length).toBeLessThan(500_000);
    expect(text).toContain("80 speakers in the middle are not drawn");
  });
  it("takes one utterance, one speaker, no sexes", () => {
    const single = renderReport(
      { classes: resultOf({ classes: ["a", "b"], speakers: ["s"], perSpeaker: 1 }) },
      {
        title: "t",
      },
    );
    expect(single).toContain("1 utterances of one speaker");
    expect(single).not.toMatch(/undefined|NaN/);
    const document = parse(
      renderReport(
        { classes: resultOf({ classes: ["a", "b"], speakers: ["s"], perSpeaker: 40 }) },
        { title: "t" },
      ),
    );
    expect(document.body.textContent).not.toContain("speakers in general");
  });
});

describe("reportOf", () => {
  it("plays the most confident mistakes, a part of a file from where it begins, and says which are not there", async () => {
    const classes = resultOf(plain);
    const [first, second, ...others] = confidentMistakes(classes).map(({ utterance }) => utterance.id);
    const clip = join(root, "examples/clips/03-01-01-01-01-01-01.flac");
    const utterances = [
      { id: first, file: clip, speaker: "s1", attributes: {} },
      { id: second, file: clip, start: 1, end: 2.5, speaker: "s1", attributes: {} },
      ...others.map((id) => ({ id, file: "gone.wav", speaker: "s1", attributes: {} })),
      { id: "right", file: clip, speaker: "s1", attributes: {} },
    ];
    const data = { dataset: { name: "Test corpus", utterances } };
    const text = await reportOf({ classes }, { data, report: "report.html", title: "t", command: "c" });
    const document = parse(text);
    expect(text).toContain("inside this file: whoever gets it hears these voices");
    const players = [...document.querySelectorAll("audio")];
    expect(players.map((player) => player.getAttribute("aria-label"))).toEqual([first, second]);
    expect(players[0].getAttribute("src")).toMatch(/^data:audio\/flac;base64,[A-Za-z0-9+/=]+$/);
    expect(players[1].getAttribute("src")).toMatch(/=?#t=1,2\.5$/);
    expect(
      await reportOf(
        { classes },
        { data: { dataset: { name: "", utterances: [] } }, report: "r", title: "t" },
      ),
    ).not.toContain("<audio");
  });
});

describe("words", () => {
  it("tells the headline of unseen speakers with chance", () => {
    const result = { ...resultOf(plain), uar: 0.5734 };
    expect(headline(result)).toBe(
      "Of 100 clips of speakers that it never heard, spread evenly over 4 emotions, about 57 get the right one; guessing would get 25.",
    );
  });
  it("does not claim unseen speakers when they were seen", () => {
    expect(headline(resultOf({ ...plain, speakerIndependent: false }))).toContain(
      "whom it also heard in training",
    );
  });
  it("counts for chance all classes that there are to answer with, those that no tested clip has too", () => {
    const result = resultOf({ classes: ["a", "b", "c"], speakers: ["s"], perSpeaker: 2 });
    expect(result.perClass.filter(({ support }) => support > 0)).toHaveLength(2);
    expect(chance(result)).toBe(1 / 3);
  });
  it("orders mix-ups by their part of the true class", () => {
    const result = {
      ...resultOf({ ...plain, classes: ["a", "b"] }),
      confusion: [
        [90, 10],
        [2, 3],
      ],
    };
    expect(confusedPairs(result)).toEqual([
      { truth: "b", predicted: "a", count: 2, part: 0.4 },
      { truth: "a", predicted: "b", count: 10, part: 0.1 },
    ]);
  });
  it("lists mistakes only, the surest first", () => {
    const found = confidentMistakes(resultOf(plain), 5);
    expect(found).toHaveLength(5);
    for (const { utterance } of found) expect(utterance.truth).not.toBe(utterance.predicted);
    const scores = found.map(({ score }) => score);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });
});
