/** Parses and checks an artifact's manifest; every refusal says which field, what it got and what it expected. */
import { speedLimits } from "../audio/change-speed.js";
import { type DimensionName, dimensionNames } from "../data/utterance.js";
import { listChoices, UndertoneError } from "../errors.js";
import { type Calibration, calibrationKinds, parseCalibration } from "../evaluate/calibration/index.js";
import type { Conformal } from "../evaluate/trust/conformal.js";
import type { MarkVariances } from "../learn/recording-marks.js";
import type { CoarseAxis } from "../math/coarse-axes.js";
import { marksPerClip, mostMark } from "./learnt-clips.js";
import {
  type ArtifactManifest,
  artifactFormat,
  type ConditionProfile,
  type DimensionHead,
  type EncoderReference,
  type EvaluationSummary,
  knownRequirements,
  type OutOfDistributionProfile,
} from "./manifest.js";
import { putNumbers } from "./manifest-numbers.js";

/** Each speed costs as much as the audio itself. */
const mostSpeeds = 9;

type Json = Readonly<Record<string, unknown>>;

function invalid(path: string, value: unknown, expected: string): UndertoneError {
  const shown = value === undefined ? "nothing" : (JSON.stringify(value)?.slice(0, 60) ?? String(value));
  return new UndertoneError("artifact/invalid", `Bad manifest: '${path}' is ${shown}, expected ${expected}`);
}

function object(value: unknown, path: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(path, value, "an object");
  return value as Json;
}

function text(value: unknown, path: string): string {
  if (typeof value !== "string" || value === "") throw invalid(path, value, "a non-empty text");
  return value;
}

function number(value: unknown, path: string, low: number, high: number): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < low || value > high)
    throw invalid(path, value, `a number from ${low} to ${high}`);
  return value;
}

function count(value: unknown, path: string, low = 0): number {
  if (!Number.isSafeInteger(value) || (value as number) < low)
    throw invalid(path, value, `a whole number from ${low} on`);
  return value as number;
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(path, value, "a list");
  return value;
}

function texts(value: unknown, path: string): readonly string[] {
  return list(value, path).map((entry, i) => text(entry, `${path}[${i}]`));
}

function numbers(value: unknown, path: string, length: number, low: number): readonly number[] {
  const values = list(value, path);
  if (values.length !== length) throw invalid(`${path}.length`, values.length, `${length}`);
  // There are hundreds of thousands: only a wrong one is named.
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (!(typeof value === "number" && value >= low && value < Infinity))
      number(value, `${path}[${i}]`, low, Number.MAX_VALUE);
  }
  return values as readonly number[];
}

function words(value: unknown, classes: readonly string[]): Readonly<Record<string, string | null>> {
  const entries = Object.entries(object(value, "labelMap.words"));
  for (const [word, target] of entries) {
    if (target !== null && !classes.includes(target as string))
      throw invalid(`labelMap.words.${word}`, target, "one of the classes or null");
  }
  return Object.fromEntries(entries) as Readonly<Record<string, string | null>>;
}

function encoders(value: unknown): readonly EncoderReference[] {
  return list(value, "features.encoders").map((entry, i) => {
    const at = `features.encoders[${i}]`;
    const file = object(entry, at);
    const sha256 = text(file.sha256, `${at}.sha256`);
    return file.package === undefined
      ? {
          name: text(file.name, `${at}.name`),
          sha256,
          licence: text(file.licence, `${at}.licence`),
          source: text(file.source, `${at}.source`),
        }
      : { package: text(file.package, `${at}.package`), path: text(file.path, `${at}.path`), sha256 };
  });
}

function speeds(value: unknown): readonly number[] {
  const values = list(value, "features.speeds");
  if (values.length === 0 || values.length > mostSpeeds)
    throw invalid("features.speeds.length", values.length, `1 to ${mostSpeeds}`);
  return values.map((speed, i) =>
    number(speed, `features.speeds[${i}]`, speedLimits.slowest, speedLimits.fastest),
  );
}

function calibration(value: unknown, classCount: number, at = "calibration"): Calibration {
  const known = parseCalibration(value, classCount);
  if (!known)
    throw invalid(at, value, `${listChoices(calibrationKinds)} with its numbers for ${classCount} classes`);
  return known;
}

function coarseAxes(value: unknown, at: string, features: number): CoarseAxis[] {
  return list(value, at).map((entry, i) => {
    const { scale, steps } = object(entry, `${at}[${i}]`);
    return {
      scale: number(scale, `${at}[${i}].scale`, 0, Number.MAX_VALUE),
      steps: numbers(steps, `${at}[${i}].steps`, features, -127),
    };
  });
}

function markVariances(value: unknown, marks: number, classCount: number): MarkVariances {
  const at = "speakers.variances";
  const { means, voice, manner } = object(value, at);
  const rows = list(means, `${at}.means`);
  if (rows.length !== classCount) throw invalid(`${at}.means.length`, rows.length, String(classCount));
  return {
    means: rows.map((row, k) => numbers(row, `${at}.means[${k}]`, marks, -Number.MAX_VALUE)),
    voice: numbers(voice, `${at}.voice`, marks, Number.MIN_VALUE),
    manner: numbers(manner, `${at}.manner`, marks, Number.MIN_VALUE),
  };
}

function speakers(
  value: unknown,
  { features, classes }: { features: number; classes: number },
): NonNullable<ArtifactManifest["speakers"]> {
  const { shrinkage, axes, variances, calibration: own } = object(value, "speakers");
  const lines = axes === undefined ? undefined : coarseAxes(axes, "speakers.axes", features);
  return {
    shrinkage: number(shrinkage, "speakers.shrinkage", 0, 1e6),
    axes: lines,
    ...(variances !== undefined && { variances: markVariances(variances, lines?.length ?? 0, classes) }),
    ...(own !== undefined && { calibration: calibration(own, classes, "speakers.calibration") }),
  };
}

function collections(
  value: unknown,
  { features, classes }: { features: number; classes: number },
): ArtifactManifest["collections"] {
  const { of, spread, axes } = object(value, "collections");
  // Models of the first of December 2026 found offsets, which none does any more.
  if (of === undefined) return undefined;
  if (of !== "corpora" && of !== "speakers") throw invalid("collections.of", of, "corpora or speakers");
  return {
    of,
    spread: list(spread, "collections.spread").map((direction, i) =>
      numbers(direction, `collections.spread[${i}]`, classes, -Number.MAX_VALUE),
    ),
    ...(axes !== undefined && { axes: coarseAxes(axes, "collections.axes", features) }),
  };
}

function outOfDistribution(value: unknown, features: number): OutOfDistributionProfile {
  const at = "outOfDistribution";
  const { axes, precision, residualVariance, percentiles, abstainAbove } = object(value, at);
  const lines = coarseAxes(axes, `${at}.axes`, features);
  return {
    axes: lines,
    precision: numbers(precision, `${at}.precision`, lines.length ** 2, -Number.MAX_VALUE),
    residualVariance: number(residualVariance, `${at}.residualVariance`, Number.MIN_VALUE, Number.MAX_VALUE),
    percentiles: numbers(percentiles, `${at}.percentiles`, 101, 0),
    abstainAbove: number(abstainAbove, `${at}.abstainAbove`, 0, 1),
  };
}

function conditions(value: unknown): ConditionProfile {
  const { utterances, known } = object(value, "conditions");
  const ranges = Object.entries(object(known, "conditions.known")).map(([name, range]) => {
    const at = `conditions.known.${name}`;
    const { low, median, high } = object(range, at);
    const values = numbers([low, median, high], at, 3, -Number.MAX_VALUE);
    return [name, { low: values[0]!, median: values[1]!, high: values[2]! }] as const;
  });
  return { utterances: count(utterances, "conditions.utterances", 1), known: Object.fromEntries(ranges) };
}

function learntClips(value: unknown): readonly number[] {
  const { length } = list(value, "learntClips");
  if (length % marksPerClip !== 0)
    throw invalid("learntClips.length", length, `a multiple of ${marksPerClip}`);
  return numbers(value, "learntClips", length, -mostMark);
}

function conformal(value: unknown): Conformal {
  const { level, threshold } = object(value, "conformal");
  return {
    level: number(level, "conformal.level", 0, 1),
    threshold: number(threshold, "conformal.threshold", 0, 1),
  };
}

/**
 * Returns the manifest in a JSON text; fields that this code does not know are left out.
 * @param lists the bytes of `takeNumbers`; format 1 has none, its numbers stand in the text.
 * @throws UndertoneError `artifact/newer-version` for a newer format or one that requires what this code does not know;
 * `artifact/invalid` when a field is missing or out of range.
 */
export function parseManifest(json: string, lists?: Uint8Array): ArtifactManifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new UndertoneError("artifact/invalid", "Bad manifest: it is no JSON text", { cause });
  }
  const given = object(parsed, "manifest");
  const format = count(given.format, "format", 1);
  if (format > artifactFormat) {
    throw new UndertoneError(
      "artifact/newer-version",
      `The model has format version ${format}, this code reads up to version ${artifactFormat}; a newer Undertone can open it`,
      { details: { format, supported: artifactFormat } },
    );
  }
  const top = format === 1 ? given : putNumbers(given, lists);
  const requires = texts(top.requires, "requires");
  const unknown = requires.find((name) => !(knownRequirements as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new UndertoneError(
      "artifact/newer-version",
      `The model requires '${unknown}', which this code does not know; a newer Undertone can open it`,
      { details: { requires } },
    );
  }
  const features = object(top.features, "features");
  const featureCount = count(features.count, "features.count", 1);
  const classes = texts(top.classes, "classes");
  const head = top.dimensions === undefined ? undefined : dimensions(top.dimensions);
  if (classes.length < 2 && !(head && classes.length === 0))
    throw invalid("classes", classes, "at least two classes");
  if (new Set(classes).size < classes.length) throw invalid("classes", classes, "each class once");
  const labelMap = object(top.labelMap, "labelMap");
  const model = object(top.model, "model");
  const speech = object(top.speech, "speech");
  const timeline = object(top.timeline, "timeline");
  const reference = object(top.reference, "reference");
  const training = object(top.training, "training");
  const card = object(top.card, "card");
  return {
    format,
    requires,
    checksum: text(top.checksum, "checksum"),
    name: text(top.name, "name"),
    created: text(top.created, "created"),
    undertone: text(top.undertone, "undertone"),
    features: {
      id: text(features.id, "features.id"),
      count: featureCount,
      namesChecksum: text(features.namesChecksum, "features.namesChecksum"),
      sampleRate: number(features.sampleRate, "features.sampleRate", 1, 1e6),
      ...(features.encoders === undefined ? {} : { encoders: encoders(features.encoders) }),
      ...(features.speeds === undefined ? {} : { speeds: speeds(features.speeds) }),
    },
    labelMap: { id: text(labelMap.id, "labelMap.id"), words: words(labelMap.words, classes) },
    classes,
    model: { kind: text(model.kind, "model.kind"), params: object(model.params, "model.params") },
    ...(top.speakers !== undefined && {
      speakers: speakers(top.speakers, { features: featureCount, classes: classes.length }),
    }),
    ...(top.collections !== undefined && {
      collections: collections(top.collections, { features: featureCount, classes: classes.length }),
    }),
    input: text(top.input, "input"),
    ...(classes.length > 0 && { output: text(top.output, "output") }),
    dimensions: head,
    speech: {
      minSeconds: number(speech.minSeconds, "speech.minSeconds", 0, 3600),
      minActiveSeconds: number(speech.minActiveSeconds, "speech.minActiveSeconds", 0, 3600),
      minVoicedSeconds: number(speech.minVoicedSeconds, "speech.minVoicedSeconds", 0, 3600),
    },
    minConfidence: number(top.minConfidence, "minConfidence", 0, 1),
    timeline: {
      windowSeconds: number(timeline.windowSeconds, "timeline.windowSeconds", 0.1, 3600),
      hopSeconds: number(timeline.hopSeconds, "timeline.hopSeconds", 0.05, 3600),
    },
    calibration: calibration(top.calibration, classes.length),
    reference: {
      utterances: count(reference.utterances, "reference.utterances", 1),
      mean: numbers(reference.mean, "reference.mean", featureCount, -Number.MAX_VALUE),
      deviation: numbers(reference.deviation, "reference.deviation", featureCount, 0),
    },
    ...(top.conditions !== undefined && { conditions: conditions(top.conditions) }),
    ...(top.learntClips !== undefined && { learntClips: learntClips(top.learntClips) }),
    ...(top.outOfDistribution !== undefined && {
      outOfDistribution: outOfDistribution(top.outOfDistribution, featureCount),
    }),
    ...(top.conformal !== undefined && { conformal: conformal(top.conformal) }),
    training: {
      dataset: text(training.dataset, "training.dataset"),
      utterances: count(training.utterances, "training.utterances", 1),
      speakers: count(training.speakers, "training.speakers", 1),
    },
    evaluation: top.evaluation === null ? null : evaluation(object(top.evaluation, "evaluation")),
    card: {
      licence: text(card.licence, "card.licence"),
      data: text(card.data, "card.data"),
      intendedUse: text(card.intendedUse, "card.intendedUse"),
      limits: text(card.limits, "card.limits"),
      citation: text(card.citation, "card.citation"),
    },
  };
}

function interval(value: unknown, at: string): { low: number; high: number } {
  const { low, high } = object(value, at);
  return { low: number(low, `${at}.low`, 0, 1), high: number(high, `${at}.high`, 0, 1) };
}

function leftOutCorpus(value: unknown, at: string): NonNullable<EvaluationSummary["corpora"]>[number] {
  const row = object(value, at);
  const part = (name: string): number => number(row[name], `${at}.${name}`, 0, 1);
  const partOrNone = (name: string): number | null => (row[name] === null ? null : part(name));
  return {
    corpus: text(row.corpus, `${at}.corpus`),
    utterances: count(row.utterances, `${at}.utterances`, 1),
    speakers: count(row.speakers, `${at}.speakers`, 1),
    classes: texts(row.classes, `${at}.classes`),
    uar: part("uar"),
    ci: interval(row.ci, `${at}.ci`),
    rocAuc: partOrNone("rocAuc"),
    ece: part("ece"),
    accuracy: part("accuracy"),
    answered: partOrNone("answered"),
    accuracyAnswered: partOrNone("accuracyAnswered"),
    setSize: row.setSize === null ? null : number(row.setSize, `${at}.setSize`, 0, Number.MAX_VALUE),
  };
}

function evaluation(value: Json): EvaluationSummary {
  return {
    uar: number(value.uar, "evaluation.uar", 0, 1),
    ci: interval(value.ci, "evaluation.ci"),
    protocol: text(value.protocol, "evaluation.protocol"),
    leaks: texts(value.leaks, "evaluation.leaks"),
    ...(value.jensenShannon !== undefined && {
      jensenShannon: number(value.jensenShannon, "evaluation.jensenShannon", 0, 1),
    }),
    ...(value.corpora !== undefined && {
      corpora: list(value.corpora, "evaluation.corpora").map((row, i) =>
        leftOutCorpus(row, `evaluation.corpora[${i}]`),
      ),
    }),
  };
}

function dimensionName(value: unknown, path: string): DimensionName {
  const found = dimensionNames.find((name) => name === value);
  if (!found) throw invalid(path, value, listChoices(dimensionNames));
  return found;
}

function dimensions(value: unknown): DimensionHead {
  const most = Number.MAX_VALUE;
  const { output, model: given, values, evaluation: found } = object(value, "dimensions");
  const model = object(given, "dimensions.model");
  const ranges = list(values, "dimensions.values").map((entry, i) => {
    const at = `dimensions.values[${i}]`;
    const { name, low, high, mean } = object(entry, at);
    const least = number(low, `${at}.low`, -most, most);
    return {
      name: dimensionName(name, `${at}.name`),
      low: least,
      high: number(high, `${at}.high`, least, most),
      mean: number(mean, `${at}.mean`, -most, most),
    };
  });
  if (ranges.length === 0 || new Set(ranges.map(({ name }) => name)).size < ranges.length)
    throw invalid("dimensions.values", values, "each value once, at least one");
  return {
    output: text(output, "dimensions.output"),
    model: {
      kind: text(model.kind, "dimensions.model.kind"),
      params: object(model.params, "dimensions.model.params"),
    },
    values: ranges,
    evaluation: found === null ? null : valueEvaluation(object(found, "dimensions.evaluation")),
  };
}

function valueEvaluation(value: Json): NonNullable<DimensionHead["evaluation"]> {
  const at = "dimensions.evaluation";
  const most = Number.MAX_VALUE;
  const measure = (given: unknown, path: string, low: number, high: number): number | null =>
    given === null ? null : number(given, path, low, high);
  return {
    measures: list(value.measures, `${at}.measures`).map((entry, i) => {
      const path = `${at}.measures[${i}]`;
      const { name, ccc, ci: given, mae, rmse, r2 } = object(entry, path);
      const ci = object(given, `${path}.ci`);
      return {
        name: dimensionName(name, `${path}.name`),
        ccc: measure(ccc, `${path}.ccc`, -1, 1),
        ci: { low: number(ci.low, `${path}.ci.low`, -1, 1), high: number(ci.high, `${path}.ci.high`, -1, 1) },
        mae: measure(mae, `${path}.mae`, 0, most),
        rmse: measure(rmse, `${path}.rmse`, 0, most),
        r2: measure(r2, `${path}.r2`, -most, 1),
      };
    }),
    protocol: text(value.protocol, `${at}.protocol`),
    leaks: texts(value.leaks, `${at}.leaks`),
  };
}
