/** Artifacts: what is written is read back, and everything that is not right is refused in one sentence. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { type ErrorCode, isUndertoneError, UndertoneError } from "../errors.js";
import type { FeatureSet } from "../features/feature-set.js";
import { matrixFromRows } from "../math/matrix.js";
import { graphBuilder } from "../onnx/graph-builder.js";
import { readModel } from "../onnx/read-model.js";
import { withField, withMetadata } from "../onnx/with-metadata.js";
import { checksum, namesChecksum } from "./checksum.js";
import { manifestKey } from "./manifest.js";
import { numbersField, takeNumbers } from "./manifest-numbers.js";
import { readArtifact } from "./read-artifact.js";
import { openRecognizer } from "./recognizer.js";
import { referenceProfile } from "./reference-profile.js";
import { checkGrid, lastWindow, settledWindows, type TimelineWindow, windowAt } from "./timeline-windows.js";
import { type ArtifactDescription, artifactChecksum, writeArtifact } from "./write-artifact.js";

const set = {
  id: "pair-v1",
  level: "functionals",
  names: ["first", "second"],
  sampleRate: 16000,
  levelFree: true,
  extract: () => matrixFromRows([[0, 0]]),
} satisfies FeatureSet;

const description = {
  name: "pair",
  created: "2026-01-02T03:04:05Z",
  undertone: "0.1.0",
  featureSet: set,
  labelMap: { id: "two", classes: ["calm", "angry"], words: { calm: "calm", angry: "angry", other: null } },
  model: { kind: "logistic-regression", params: { C: 1 } },
  reference: { utterances: 3, mean: [0, 1], deviation: [1, 2] },
  training: { dataset: "made", utterances: 3, speakers: 2 },
  evaluation: { uar: 0.6, ci: { low: 0.5, high: 0.7 }, protocol: "made by hand", leaks: [] },
  card: { licence: "MIT", data: "made", intendedUse: "tests", limits: "all", citation: "none" },
} satisfies ArtifactDescription;

function graph(): Uint8Array {
  const builder = graphBuilder();
  const input = builder.input("features", ["N", 2]);
  const weights = builder.constant("weights", [2, 2], [1, -1, 0.5, 2]);
  builder.output("scores", builder.node("Softmax", [builder.node("MatMul", [input, weights])]), ["N", 2]);
  return builder.toBytes();
}

const artifact = writeArtifact(graph(), description);
const known = { featureSets: [set] };

function refusal(bytes: Uint8Array, options: Parameters<typeof readArtifact>[1] = known): UndertoneError {
  try {
    readArtifact(bytes, options);
  } catch (error) {
    if (isUndertoneError(error)) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

/** Returns the artifact with a changed manifest, or other bytes for its numbers, and a checksum that fits them. */
function altered(change: Record<string, unknown>, from = artifact): Uint8Array {
  const manifest = { ...(JSON.parse(readModel(artifact).metadata[manifestKey]) as object), ...change };
  const sealed = { ...manifest, checksum: artifactChecksum(from, manifest) };
  return withMetadata(from, { [manifestKey]: JSON.stringify(sealed) });
}

/** A model's field of numbers alone. */
const numbersAlone = withField(new Uint8Array(), numbersField, new Uint8Array());

/** The bytes of the numbers in `artifact`. */
const { bytes: numbers } = takeNumbers({ reference: description.reference });

describe("writeArtifact and readArtifact", () => {
  it("gives back what was described, and the same graph", () => {
    const { manifest, model, featureSet } = readArtifact(artifact, known);
    const { featureSet: _, labelMap, ...rest } = description;
    expect(manifest).toMatchObject(rest);
    expect(manifest.classes).toEqual(labelMap.classes);
    expect(manifest.labelMap).toEqual({ id: "two", words: labelMap.words });
    expect(manifest.features).toEqual({
      id: "pair-v1",
      count: 2,
      namesChecksum: namesChecksum(set.names),
      sampleRate: 16000,
    });
    expect([manifest.input, manifest.output]).toEqual(["features", "scores"]);
    expect(featureSet).toBe(set);
    expect(model.graph).toEqual(readModel(graph()).graph);
  });

  it("keeps marks of clips, and passes over parts with numbers that only a newer reader knows", () => {
    const learntClips = Array.from({ length: 24 }, (_, i) => i - 127);
    const bytes = writeArtifact(graph(), { ...description, learntClips });
    expect(readArtifact(bytes, known).manifest).toMatchObject({ learntClips });
    const later = altered({ fromLater: { numbers: 2 } }, bytes);
    expect(readArtifact(later, known).manifest).toMatchObject({ reference: description.reference });
  });

  it("is deterministic, and writing again replaces the manifest", () => {
    expect(writeArtifact(graph(), description)).toEqual(artifact);
    expect(writeArtifact(artifact, description)).toEqual(artifact);
  });

  it("refuses a graph that does not fit the description", () => {
    const three = { ...set, names: ["a", "b", "c"] };
    expect(() => writeArtifact(graph(), { ...description, featureSet: three })).toThrow(
      "The model's input has 2 columns, expected 3 features",
    );
    expect(() => writeArtifact(graph(), { ...description, name: "" })).toThrow(
      "Bad manifest: 'name' is \"\", expected a non-empty text",
    );
  });
});

/** A graph of values, arousal the sum of the features and valence their difference, with scores before them when asked. */
function valueGraph(withScores: boolean): Uint8Array {
  const builder = graphBuilder();
  const input = builder.input("features", ["N", 2]);
  const values = builder.node("MatMul", [input, builder.constant("weights", [2, 2], [1, 1, 1, -1])]);
  if (withScores) builder.output("scores", builder.node("Softmax", [input]), ["N", 2]);
  builder.output("values", values, ["N", 2]);
  return builder.toBytes();
}

const head = {
  model: { kind: "ridge-regression", params: { alpha: 1 } },
  values: [
    { name: "arousal" as const, low: 1, high: 5, mean: 3.25 },
    { name: "valence" as const, low: -2, high: 2, mean: 0 },
  ],
  evaluation: {
    measures: [
      { name: "arousal" as const, ccc: 0.5, ci: { low: 0.4, high: 0.6 }, mae: 0.5, rmse: 0.7, r2: 0.3 },
      { name: "valence" as const, ccc: null, ci: { low: 0, high: 0 }, mae: 1, rmse: 1, r2: null },
    ],
    protocol: "made by hand",
    leaks: [],
  },
};

describe("artifacts with values", () => {
  const { labelMap: _, ...unlabelled } = description;
  const alone = writeArtifact(valueGraph(false), { ...unlabelled, dimensions: head, evaluation: null });
  const both = writeArtifact(valueGraph(true), { ...description, dimensions: head });

  it("give back what was described, alone and beside classes", () => {
    const { manifest } = readArtifact(alone, known);
    expect(manifest).toMatchObject({
      requires: ["dimensions"],
      classes: [],
      labelMap: { id: "none", words: {} },
    });
    expect(manifest.output).toBeUndefined();
    expect(manifest.dimensions).toEqual({ ...head, output: "values" });
    const two = readArtifact(both, known).manifest;
    expect(two).toMatchObject({ classes: ["calm", "angry"], output: "scores", evaluation: { uar: 0.6 } });
    expect(two.dimensions).toEqual({ ...head, output: "values" });
  });

  it("are refused where graph and description do not fit", () => {
    const wrong = (model: Uint8Array, changes: Partial<ArtifactDescription>): (() => void) => {
      return () => writeArtifact(model, { ...unlabelled, evaluation: null, ...changes });
    };
    expect(wrong(valueGraph(false), {})).toThrow(
      /1 inputs and 1 outputs, expected one input and one output for/,
    );
    expect(wrong(valueGraph(true), { dimensions: head })).toThrow(/2 outputs/);
    expect(wrong(graph(), { dimensions: { ...head, values: head.values.slice(1) } })).toThrow(
      "The model's output has 2 columns, expected 1 values",
    );
    const twice = { ...head, values: [head.values[0], head.values[0]] };
    expect(wrong(valueGraph(false), { dimensions: twice })).toThrow(
      /'dimensions.values' is .*each value once/,
    );
    const named = { ...head, values: [head.values[0], { ...head.values[1], name: "warmth" as "valence" }] };
    expect(wrong(valueGraph(false), { dimensions: named })).toThrow(
      /'dimensions.values\[1\].name' is "warmth"/,
    );
    const turned = { ...head, values: [head.values[0], { ...head.values[1], low: 3 }] };
    expect(wrong(valueGraph(false), { dimensions: turned })).toThrow(/'dimensions.values\[1\].high' is 2/);
  });
});

/** A second operator set: field 8, { domain: "my", version: 1 }. */
const ownOperators = [0x42, 6, 0x0a, 2, 0x6d, 0x79, 0x10, 1];

describe("readArtifact refuses", () => {
  const cases: readonly [string, Uint8Array, ErrorCode, RegExp][] = [
    [
      "nothing",
      new Uint8Array(),
      "artifact/not-an-artifact",
      /^This is not an Undertone model but an empty file; expected one that 'undertone train' wrote/,
    ],
    [
      "text",
      new TextEncoder().encode("hello, I am no model"),
      "artifact/not-an-artifact",
      /not an Undertone model but a text;/,
    ],
    [
      "a recording",
      new TextEncoder().encode("RIFF....WAVEfmt "),
      "artifact/not-an-artifact",
      /but a recording \(wav\);/,
    ],
    ["half of it", artifact.subarray(0, artifact.length >> 1), "artifact/not-an-artifact", /cut short/],
    ["a plain ONNX model", graph(), "artifact/not-an-artifact", /an ONNX model of another program/],
    [
      "one with operators of its own",
      Uint8Array.from([...graph(), ...ownOperators]),
      "artifact/not-an-artifact",
      /an ONNX model of another program/,
    ],
    ["a newer format", altered({ format: 3 }), "artifact/newer-version", /version 3.*up to version 2/],
    [
      "an unknown requirement",
      altered({ requires: ["speeds", "segments"] }),
      "artifact/newer-version",
      /'segments'/,
    ],
    ["no manifest text", withMetadata(artifact, { [manifestKey]: "{" }), "artifact/invalid", /no JSON/],
    ["one class", altered({ classes: ["calm"] }), "artifact/invalid", /'classes'/],
    ["a class twice", altered({ classes: ["calm", "calm"] }), "artifact/invalid", /'classes'/],
    ["a missing field", altered({ speech: undefined }), "artifact/invalid", /'speech' is nothing/],
    [
      "an infinite hop",
      altered({ timeline: { windowSeconds: 1, hopSeconds: 1e9 } }),
      "artifact/invalid",
      /hopSeconds/,
    ],
    ["a mark too few", altered({ learntClips: [1, 2, 3] }), "artifact/invalid", /a multiple of 8$/],
    [
      "a short profile",
      altered({ reference: { utterances: 1, mean: [1], deviation: [1, 1] } }),
      "artifact/invalid",
      /reference.mean/,
    ],
    [
      "numbers of another version",
      altered({}, withField(artifact, numbersField, numbers.with(4, 2))),
      "artifact/newer-version",
      /^Got version 2 of the manifest's numbers, expected 1;/,
    ],
    [
      "numbers that end early",
      altered({}, withField(artifact, numbersField, numbers.subarray(0, -1))),
      "artifact/invalid",
      /^Bad numbers: list 1 claims 2 values, 0 bytes are left$/,
    ],
    [
      "numbers twice",
      altered({}, Uint8Array.from([...artifact, ...numbersAlone])),
      "artifact/invalid",
      /^Bad numbers: expected one field of bytes for them$/,
    ],
    [
      "numbers that no profile has",
      altered({ reference: { utterances: 1, mean: { numbers: 1 }, deviation: [1, -1] } }),
      "artifact/invalid",
      /^Bad manifest: 'reference.deviation\[1\]' is -1, expected/,
    ],
    [
      "a manifest nested deeper than the stack",
      withMetadata(artifact, { [manifestKey]: `{"format":${"[".repeat(1e5)}${"]".repeat(1e5)}}` }),
      "artifact/invalid",
      /nested/,
    ],
    ["another input", altered({ input: "x" }), "artifact/invalid", /inputs features, expected 'x'/],
    [
      "an unknown feature set",
      altered({ features: { id: "egemaps-v99", count: 2, namesChecksum: "0", sampleRate: 16000 } }),
      "features/unknown",
      /'egemaps-v99', expected pair-v1/,
    ],
    [
      "a wrong checksum",
      withMetadata(artifact, { note: "added later" }),
      "artifact/invalid",
      /changed after it was written/,
    ],
  ];
  it.each(cases)("%s", (_, bytes, code, message) => {
    const error = refusal(bytes);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
  });

  it("what is too large, before it is parsed", () => {
    const error = refusal(artifact, { ...known, maxBytes: 100 });
    expect(error.code).toBe("artifact/too-large");
    expect(error.message).toBe(`The model has ${artifact.length} bytes, expected at most 100`);
  });

  it("features that this code computes otherwise", () => {
    const renamed = { ...set, names: ["second", "first"] };
    expect(refusal(artifact, { featureSets: [renamed] }).code).toBe("features/mismatch");
    expect(refusal(artifact, { featureSets: [{ ...set, sampleRate: 8000 }] }).code).toBe("features/mismatch");
  });

  it("features of another network than it was trained with, and a network that nobody gives", async () => {
    const file = {
      package: "some-package",
      version: "1.0.0",
      path: "models/net.onnx",
      bytes: 3,
      sha256: "ab".repeat(32),
      licence: "Apache-2.0",
      source: "made by hand",
    };
    const { extract: _, ...facts } = set;
    const encoder = { ...facts, files: [file], open: () => Promise.reject(new Error("not asked for")) };
    const bytes = writeArtifact(graph(), { ...description, featureSet: encoder });
    expect(readArtifact(bytes, { featureSets: [encoder] }).manifest.features.encoders).toEqual([
      { package: file.package, path: file.path, sha256: file.sha256 },
    ]);
    const other = { ...encoder, files: [{ ...file, sha256: "cd".repeat(32) }] };
    expect(refusal(bytes, { featureSets: [other] }).code).toBe("features/mismatch");
    const runtime = { name: "none", load: () => Promise.reject(new Error("not asked for")) };
    await expect(openRecognizer(bytes, { runtime, featureSets: [encoder] })).rejects.toMatchObject({
      code: "features/encoder-missing",
      message: expect.stringContaining("some-package@1.0.0"),
    });
  });

  it("custom operators", () => {
    const foreign = Uint8Array.from([...artifact, ...ownOperators]);
    expect(refusal(foreign).code).toBe("onnx/unsupported");
  });

  it("any flipped bit", () => {
    fc.assert(
      fc.property(fc.nat(artifact.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const flipped = Uint8Array.from(artifact);
        flipped[at] ^= 1 << bit;
        expect(refusal(flipped)).toBeInstanceOf(UndertoneError);
      }),
      { numRuns: 400 },
    );
  });

  it("or reads numbers with anything in them, under a checksum that fits", () => {
    const change = fc.tuple(fc.nat(numbers.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change), fc.nat(numbers.length), (changes, length) => {
        const bytes = changes.reduce((changed, [at, value]) => changed.with(at, value), numbers);
        const hostile = altered({}, withField(artifact, numbersField, bytes.subarray(0, length)));
        try {
          const { reference } = readArtifact(hostile, known).manifest;
          expect([...reference.mean, ...reference.deviation].every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(isUndertoneError(error) && error.code).toMatch(/^artifact\/(invalid|newer-version)$/);
        }
      }),
    );
  });

  it("any cut", () => {
    fc.assert(
      fc.property(fc.nat(artifact.length - 1), (length) => {
        expect(refusal(artifact.subarray(0, length))).toBeInstanceOf(UndertoneError);
      }),
      { numRuns: 200 },
    );
  });

  it("noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(refusal(bytes)).toBeInstanceOf(UndertoneError);
      }),
    );
  });
});

describe("checksum", () => {
  it("depends on the bytes, not on how they are parted", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(checksum(a, b)).toBe(checksum(Uint8Array.from([...a, ...b])));
      }),
    );
    expect(checksum(Uint8Array.of(1, 2))).not.toBe(checksum(Uint8Array.of(2, 1)));
    expect(checksum()).toMatch(/^[0-9a-f]{14}$/);
  });
});

describe("referenceProfile", () => {
  it("is mean and population deviation of each column", () => {
    const frames = matrixFromRows([
      [1, 5],
      [3, 5],
      [5, 5],
    ]);
    expect(referenceProfile(functionalsTable(["a", "b", "c"], ["x", "y"], frames))).toEqual({
      utterances: 3,
      mean: [3, 5],
      deviation: [Math.fround(Math.sqrt(8 / 3)), 0],
    });
  });
});

function timelineWindows(duration: number, windowSeconds: number, hopSeconds: number): TimelineWindow[] {
  const grid = { windowSeconds, hopSeconds };
  const count = settledWindows(duration, grid);
  return [
    ...Array.from({ length: count }, (_, i) => windowAt(i, grid)),
    lastWindow(duration, grid) ?? [],
  ].flat();
}

describe("the windows of a timeline", () => {
  it("are full windows, the last of which ends with the audio", () => {
    expect(timelineWindows(4, 2, 1)).toEqual([
      { start: 0, end: 2 },
      { start: 1, end: 3 },
      { start: 2, end: 4 },
    ]);
    expect(timelineWindows(3.4, 2, 1).map(({ start }) => start)).toEqual([0, 1, expect.closeTo(1.4)]);
    expect(timelineWindows(1.2, 2, 1)).toEqual([{ start: 0, end: 1.2 }]);
    expect(timelineWindows(2, 2, 1)).toEqual([{ start: 0, end: 2 }]);
    // Two lines of a list would show the same times, and the same answer.
    expect(timelineWindows(3.04, 2, 1).map(({ start }) => start)).toEqual([0, 1]);
    expect(timelineWindows(3.06, 2, 1)).toHaveLength(3);
  });

  it("cover any audio without a gap, in order", () => {
    const length = fc.double({ min: 0.01, max: 100, noNaN: true });
    const hop = fc.double({ min: 0.1, max: 1, noNaN: true });
    fc.assert(
      fc.property(length, fc.double({ min: 1, max: 5, noNaN: true }), hop, (duration, window, step) => {
        const windows = timelineWindows(duration, window, step);
        expect(windows[0].start).toBe(0);
        expect(duration - windows.at(-1)!.end).toBeLessThan(0.05);
        expect(windows.at(-1)!.end).toBeLessThanOrEqual(duration + 1e-9);
        windows.slice(1).forEach(({ start }, i) => {
          expect(start).toBeGreaterThan(windows[i].start);
          expect(start - windows[i].start).toBeLessThan(step * 1.01);
        });
      }),
    );
  });

  it("need a window and a hop", () => {
    expect(() => checkGrid({ windowSeconds: 0, hopSeconds: 1 })).toThrow(RangeError);
    expect(() => checkGrid({ windowSeconds: 1, hopSeconds: Number.NaN })).toThrow(RangeError);
  });
});
