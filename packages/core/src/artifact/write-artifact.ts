/** Writes a model and everything that belongs to it into one `.onnx` file. */
import type { LabelMap } from "../data/label-map.js";
import { UndertoneError } from "../errors.js";
import type { Calibration } from "../evaluate/calibration/index.js";
import type { EncoderSet } from "../features/encoder-set.js";
import type { FeatureSetFacts } from "../features/feature-set.js";
import { foldScales } from "../onnx/edit-model.js";
import { type EncoderFile, isPackageFile } from "../onnx/encoder-file.js";
import { readModel } from "../onnx/read-model.js";
import { withField, withMetadata } from "../onnx/with-metadata.js";
import { writeModel } from "../onnx/write-model.js";
import { checksum, namesChecksum } from "./checksum.js";
import {
  type ArtifactManifest,
  artifactFormat,
  type DimensionHead,
  type EncoderReference,
  manifestKey,
} from "./manifest.js";
import { numbersField, takeNumbers } from "./manifest-numbers.js";
import { parseManifest } from "./parse-manifest.js";

/** The settings that an artifact gets when it names none. */
export const defaultSettings = {
  speech: { minSeconds: 0.25, minActiveSeconds: 0.15, minVoicedSeconds: 0.1 },
  minConfidence: 0,
  timeline: { windowSeconds: 1.5, hopSeconds: 0.5 },
  calibration: { kind: "none" } as Calibration,
} as const;

/** The label map of a model without classes. */
const noLabels: LabelMap = { id: "none", classes: [], words: {} };

/** What `writeArtifact` is told about a model; the settings of `defaultSettings` may be left out. */
export interface ArtifactDescription
  extends Pick<
      ArtifactManifest,
      "name" | "created" | "undertone" | "model" | "reference" | "training" | "evaluation" | "card"
    >,
    Partial<
      Pick<
        ArtifactManifest,
        | "speech"
        | "minConfidence"
        | "timeline"
        | "calibration"
        | "speakers"
        | "collections"
        | "conditions"
        | "learntClips"
        | "outOfDistribution"
        | "conformal"
      >
    > {
  readonly featureSet: Pick<FeatureSetFacts, "id" | "names" | "sampleRate"> &
    Partial<Pick<EncoderSet, "files">>;
  /** Absent for a model of values alone. */
  readonly labelMap?: LabelMap | undefined;
  /** Absent for a model of classes alone. */
  readonly dimensions?: Omit<DimensionHead, "output"> | undefined;
  /** As `ArtifactManifest.features.speeds`. */
  readonly speeds?: readonly number[] | undefined;
}

/**
 * Returns the artifact's bytes: the ONNX model with the manifest in its metadata and the manifest's numbers beside. The same arguments give the same bytes.
 * @param model an ONNX model with one input [N, features] and an output for each head, as `Model.toOnnx` gives it: scores [N, classes],
 * values [N, values], or both in this order.
 * @throws UndertoneError `artifact/invalid` when model and description do not fit each other; `onnx/*` when the model is none.
 */
export function writeArtifact(model: Uint8Array, description: ArtifactDescription): Uint8Array {
  const { featureSet, labelMap, dimensions, speeds = [1], ...rest } = description;
  const asItIs = speeds.length === 1 && speeds[0] === 1;
  const { inputs, outputs } = readModel(model).graph;
  const heads = [labelMap?.classes.length, dimensions?.values.length].filter((width) => width !== undefined);
  if (inputs.length !== 1 || outputs.length !== heads.length || heads.length === 0) {
    throw new UndertoneError(
      "artifact/invalid",
      `The model has ${inputs.length} inputs and ${outputs.length} outputs, expected one input and one output for classes and for values each`,
    );
  }
  const [scores, values] = labelMap ? outputs : [undefined, ...outputs];
  expectWidth("input", inputs[0].dims?.at(-1), featureSet.names.length, "features");
  if (labelMap) expectWidth("output", scores!.dims?.at(-1), labelMap.classes.length, "classes");
  if (dimensions) expectWidth("output", values!.dims?.at(-1), dimensions.values.length, "values");
  const { id, words, classes } = labelMap ?? noLabels;
  const manifest: Omit<ArtifactManifest, "checksum"> = {
    format: artifactFormat,
    requires: [...(asItIs ? [] : ["speeds"]), ...(dimensions ? ["dimensions"] : [])],
    ...defaultSettings,
    ...rest,
    features: {
      id: featureSet.id,
      count: featureSet.names.length,
      namesChecksum: namesChecksum(featureSet.names),
      sampleRate: featureSet.sampleRate,
      ...(featureSet.files && {
        encoders: featureSet.files.map(encoderReference),
      }),
      ...(asItIs ? {} : { speeds }),
    },
    labelMap: { id, words },
    classes,
    input: inputs[0].name,
    ...(scores && { output: scores.name }),
    ...(dimensions && { dimensions: { output: values!.name, ...dimensions } }),
  };
  return sealArtifact(withoutScales(model), manifest);
}

/** Returns the model as `foldScales` makes it: scores stay within 1e-6, and the file is shorter by a float32 a feature. */
export function withoutScales(model: Uint8Array): Uint8Array {
  const read = readModel(model);
  const folded = foldScales(read);
  return folded === read ? model : writeModel(folded);
}

/**
 * Returns the artifact's bytes: the model with this manifest in today's format, whatever manifest the model carries itself.
 * @throws UndertoneError `artifact/invalid` for a manifest that could not be read again; `onnx/invalid`.
 */
export function sealArtifact(model: Uint8Array, described: Omit<ArtifactManifest, "checksum">): Uint8Array {
  const { manifest, bytes } = takeNumbers({ ...described, format: artifactFormat });
  const graph = withField(model, numbersField, bytes);
  const json = JSON.stringify({ ...manifest, checksum: artifactChecksum(graph, manifest) });
  parseManifest(json, bytes);
  return withMetadata(graph, { [manifestKey]: json });
}

function encoderReference(file: EncoderFile): EncoderReference {
  const { sha256 } = file;
  if (isPackageFile(file)) return { package: file.package, path: file.path, sha256 };
  const { name, licence = "unknown", source = "unknown" } = file;
  return { name, sha256, licence, source };
}

/** Returns the fingerprint of a model's bytes and its manifest, whatever manifest the bytes carry themselves. */
export function artifactChecksum(
  model: Uint8Array,
  manifest: Readonly<Record<string, unknown>> | object,
): string {
  const bare = withMetadata(model, { [manifestKey]: "" });
  return checksum(bare, new TextEncoder().encode(JSON.stringify({ ...manifest, checksum: "" })));
}

function expectWidth(
  what: string,
  got: number | string | null | undefined,
  expected: number,
  unit: string,
): void {
  if (typeof got === "number" && got !== expected) {
    throw new UndertoneError(
      "artifact/invalid",
      `The model's ${what} has ${got} columns, expected ${expected} ${unit}`,
    );
  }
}
