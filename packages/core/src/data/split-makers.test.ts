/** Properties that every split keeps. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findLeaks } from "./leak-gate.js";
import { foldsFromSpec, parseFolds, splitMakers } from "./split-makers.js";
import { findSplitProblems } from "./split-problems.js";
import type { Dataset } from "./utterance.js";

/** A balanced dataset: every speaker says every sentence in every class, `takes` times. */
function balanced(speakers: number, sentences: number, classes = 3, takes = 1): Dataset {
  const utterances = [];
  for (let s = 0; s < speakers; s++) {
    for (let t = 0; t < sentences; t++) {
      for (let c = 0; c < classes; c++) {
        for (let k = 0; k < takes; k++) {
          const id = `s${s}/t${t}-c${c}-${k}.wav`;
          utterances.push({
            id,
            file: `/x/${id}`,
            speaker: `s${s}`,
            label: `c${c}`,
            attributes: {
              sentence: `t${t}`,
              sex: s % 2 === 0 ? "female" : "male",
              corpus: `corpus-${s % 3}`,
            },
          });
        }
      }
    }
  }
  return { name: "made", utterances };
}

/** A dataset in which speakers and sentences are drawn at random. */
const drawn = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 })),
    { minLength: 12, maxLength: 60 },
  )
  .map(
    (rows): Dataset => ({
      name: "drawn",
      utterances: rows.map(([s, t, c], i) => ({
        id: `u${i}`,
        file: `u${i}.wav`,
        speaker: `s${s}`,
        label: `c${c}`,
        attributes: { sentence: `t${t}`, corpus: `corpus-${s % 3}` },
      })),
    }),
  )
  .filter(
    ({ utterances }) =>
      new Set(utterances.map(({ speaker }) => speaker)).size >= 3 &&
      new Set(utterances.map(({ attributes }) => attributes.sentence)).size >= 3 &&
      new Set(utterances.map(({ attributes }) => attributes.corpus)).size >= 2,
  );

describe.each(splitMakers.map((maker) => [maker.id, maker] as const))("%s", (_, maker) => {
  const folds = maker.folds === "none" || maker.folds === "named" ? {} : { folds: 3 };

  it("tests each utterance once, keeps parts apart and shares nothing of its group", () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 0, max: 1000 }), (dataset, seed) => {
        const splits = maker.make(dataset, { ...folds, seed });
        expect(splits.flatMap(({ test }) => test).sort()).toEqual(
          dataset.utterances.map(({ id }) => id).sort(),
        );
        const kinds = findLeaks(dataset, splits, { sentence: true }).map(({ kind }) => kind);
        expect(kinds).not.toContain("utterance");
        if (maker.group === "speaker" || maker.group === "both") expect(kinds).not.toContain("speaker");
        if (maker.group === "sentence" || maker.group === "both") expect(kinds).not.toContain("sentence");
        if (maker.group !== "both") {
          for (const { train, test } of splits)
            expect(train.length + test.length).toBe(dataset.utterances.length);
        }
        expect(new Set(splits.map(({ name }) => name)).size).toBe(splits.length);
      }),
      { numRuns: 40 },
    );
  });

  it("is the same for the same seed, and does not depend on the order of the utterances", () => {
    const dataset = balanced(8, 4);
    const shuffled = { ...dataset, utterances: [...dataset.utterances].reverse() };
    const groups = (data: Dataset, seed: number) =>
      maker.make(data, { ...folds, seed }).map(({ test }) => [...test].sort());
    expect(groups(dataset, 5)).toEqual(groups(dataset, 5));
    if (maker.group !== "none") expect(groups(shuffled, 5)).toEqual(groups(dataset, 5));
    const drawsNothing = ["loso", "corpus", "group", "stratified-group", "kfold", "stratified"];
    if (!drawsNothing.includes(maker.id))
      expect(
        [1, 2, 3, 4]
          .map((seed) => JSON.stringify(groups(dataset, seed)))
          .some((one) => one !== JSON.stringify(groups(dataset, 5))),
      ).toBe(true);
  });
});

describe("speaker folds", () => {
  it("hold as many women as men and as many utterances of each class where that can be", () => {
    const dataset = balanced(24, 2, 4, 2);
    for (const { test } of foldsFromSpec("speaker:6", dataset, { seed: 3 })) {
      const own = dataset.utterances.filter(({ id }) => test.includes(id));
      const speakers = new Map(own.map(({ speaker, attributes }) => [speaker, attributes.sex]));
      expect([...speakers.values()].sort()).toEqual(["female", "female", "male", "male"]);
    }
  });

  it("spread one large speaker and many small ones by utterances, and leave no fold empty", () => {
    const utterances = [0, 0, 0, 0, 0, 0, 1, 2, 3].map((s, i) => ({
      id: `u${i}`,
      file: `u${i}`,
      speaker: `s${s}`,
      label: "a",
      attributes: {},
    }));
    const sizes = foldsFromSpec("speaker:2", { name: "x", utterances }, { seed: 1 }).map(
      ({ test }) => test.length,
    );
    expect(sizes.sort()).toEqual([3, 6]);
    expect(
      foldsFromSpec("speaker:4", { name: "x", utterances }, { seed: 1 }).every(({ test }) => test.length > 0),
    ).toBe(true);
  });
});

describe("specs", () => {
  const dataset = balanced(6, 2);
  const folds = (spec: string, group?: "speaker" | "sentence" | "both") =>
    foldsFromSpec(spec, dataset, { seed: 1, ...(group && { group }) });

  it("name the number of folds", () => {
    expect(folds("loso").map(({ name }) => name)).toEqual([
      "speaker-s0",
      "speaker-s1",
      "speaker-s2",
      "speaker-s3",
      "speaker-s4",
      "speaker-s5",
    ]);
    expect(folds("speaker:3").length).toBe(3);
    expect(folds("sentence:2").length).toBe(2);
    expect(folds("both:3").length).toBe(6); // 3 folds of speakers × 2 sentences
    expect(folds("random:5").length).toBe(5);
    expect(folds("corpus").map(({ name }) => name)).toEqual(["to-corpus-0", "to-corpus-1", "to-corpus-2"]);
  });

  it("name the corpus to test on, all others being trained on", () => {
    const [split, ...more] = folds("corpus:corpus-1");
    expect(more).toEqual([]);
    const corpusOf = new Map(dataset.utterances.map(({ id, attributes }) => [id, attributes.corpus]));
    expect(new Set(split!.test.map((id) => corpusOf.get(id)))).toEqual(new Set(["corpus-1"]));
    expect(new Set(split!.train.map((id) => corpusOf.get(id)))).toEqual(new Set(["corpus-0", "corpus-2"]));
    expect(split!.train.length + split!.test.length).toBe(dataset.utterances.length);
  });

  it("with both apart, train on other speakers saying other sentences only", () => {
    for (const splits of [folds("both"), folds("loso", "both"), folds("speaker:3", "both")]) {
      expect(findLeaks(dataset, splits, { sentence: true })).toEqual([]);
      expect(splits.flatMap(({ test }) => test).length).toBe(dataset.utterances.length);
    }
    expect(folds("both:3")[0].train.length).toBe(4 * 1 * 3);
  });

  it.each([
    ["speaker", "split/unknown"],
    ["speaker:x", "split/unknown"],
    ["loso:3", "split/unknown"],
    ["leave-one-out", "split/unknown"],
    ["", "split/unknown"],
    ["speaker:7", "split/too-few-speakers"],
    ["speaker:1", "split/invalid"],
    ["sentence:3", "split/invalid"],
    ["corpus:nowhere", "split/invalid"],
  ])("'%s' is %s", (spec, code) => {
    expect(() => folds(spec)).toThrow(expect.objectContaining({ code }));
  });

  it("one speaker cannot be split by speaker; random folds cannot keep speakers apart", () => {
    expect(() => foldsFromSpec("loso", balanced(1, 2), { seed: 1 })).toThrow(
      expect.objectContaining({ code: "split/too-few-speakers" }),
    );
    expect(() => folds("random:3", "speaker")).toThrow(expect.objectContaining({ code: "split/invalid" }));
  });
});

describe("fold files", () => {
  const dataset = balanced(4, 2);

  it("list test speakers, for one corpus or several", () => {
    const lists = [
      ["s0", "s1"],
      ["s2", "s3"],
    ];
    for (const folds of [
      parseFolds({ testSpeakers: lists }),
      parseFolds({ made: { testSpeakers: lists } }),
      parseFolds({ made: { testSpeakers: lists }, other: {} }, "made"),
    ]) {
      const splits = foldsFromSpec(folds, dataset, { seed: 1 });
      expect(splits.map(({ test }) => new Set(test.map((id) => id.slice(0, 2))))).toEqual(
        lists.map((list) => new Set(list)),
      );
    }
  });

  it("find the speakers of one corpus among several", () => {
    const several = {
      ...dataset,
      utterances: dataset.utterances.map((one) => ({ ...one, speaker: `made/${one.speaker}` })),
    };
    expect(foldsFromSpec(parseFolds({ testSpeakers: [["s0"]] }), several, { seed: 1 })[0].test.length).toBe(
      6,
    );
  });

  it("list utterances", () => {
    const [a, b, c] = dataset.utterances.map(({ id }) => id) as [string, string, string];
    expect(
      foldsFromSpec(parseFolds({ folds: [{ train: [a], dev: [b], test: [c] }] }), dataset, { seed: 1 }),
    ).toEqual([{ name: "fold-1", train: [a], dev: [b], test: [c] }]);
  });

  it.each([
    [{ testSpeakers: [["s0"], ["s0"]] }],
    [{ testSpeakers: [["nobody"]] }],
    [{ testSpeakers: [] }],
    [{ testSpeakers: [[]] }],
    [{ testSpeakers: [[7]] }],
    [{ folds: [{ train: ["x"], test: ["y"] }] }],
    [{ folds: [{ train: ["s0/t0-c0-0.wav"], test: ["s0/t0-c0-0.wav"] }] }],
    [[]],
    [{}],
    [{ a: {}, b: {} }],
  ])("refuse %j", (document) => {
    expect(() => foldsFromSpec(parseFolds(document), dataset, { seed: 1 })).toThrow(
      expect.objectContaining({ code: "split/invalid" }),
    );
  });
});

it("a class that no training speaker has is reported", () => {
  const dataset: Dataset = {
    name: "x",
    utterances: [
      ["s0", "a"],
      ["s0", "rare"],
      ["s1", "a"],
      ["s1", "b"],
      ["s2", "b"],
    ].map(([speaker, label], i) => ({
      id: `u${i}`,
      file: `u${i}`,
      speaker: speaker!,
      label: label!,
      attributes: {},
    })),
  };
  const problems = findSplitProblems(dataset, foldsFromSpec("loso", dataset, { seed: 1 }));
  expect(problems).toContainEqual({
    kind: "class-not-in-training",
    split: "speaker-s0",
    classes: ["rare"],
    message: "The training part of 'speaker-s0' has no rare",
  });
});

describe("the folds that a list tells", () => {
  const of = (...values: (string | undefined)[]): Dataset => ({
    name: "d",
    utterances: values.map((value, i) => ({
      id: `u${i}`,
      file: `u${i}`,
      speaker: `s${i}`,
      label: "a",
      attributes: value === undefined ? {} : { Fold_Nr: value },
    })),
  });
  const folds = (dataset: Dataset, spec = "column:fold nr") => foldsFromSpec(spec, dataset, { seed: 1 });

  it("are train, dev and test, or one for each value", () => {
    expect(folds(of("train", "dev", "test", "train"))).toEqual([
      { name: "test", train: ["u0", "u3"], dev: ["u1"], test: ["u2"] },
    ]);
    expect(folds(of("x_train", "x_val"))).toEqual([{ name: "dev", train: ["u0"], dev: [], test: ["u1"] }]);
    expect(folds(of("1", "2", "2"))).toEqual([
      { name: "fold nr-1", train: ["u1", "u2"], dev: [], test: ["u0"] },
      { name: "fold nr-2", train: ["u0"], dev: [], test: ["u1", "u2"] },
    ]);
  });

  it.each([
    [of("1", "1"), "column:fold_nr", /all have the value '1'/],
    [of("1", undefined), "column:fold_nr", /'u1' has no value/],
    [of("1", "2"), "column:part", /no utterance has it, expected Fold_Nr/],
    [of("1", "2"), "column", /name no column/],
    [of("1", "2"), "list", /is one list, expected two or more/],
  ])("are refused where they cannot be", (dataset, spec, message) => {
    expect(() => folds(dataset, spec)).toThrow(message);
  });
});
