/** Opens an artifact from bytes that nobody vouches for, and refuses what it does not know. */
import { fileKind } from "../audio/name-format.js";
import { isUndertoneError, listChoices, UndertoneError } from "../errors.js";
import type { EncoderSet } from "../features/encoder-set.js";
import type { FeatureSet } from "../features/feature-set.js";
import { anyFeatureSet } from "../features/feature-sets.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import { forEachField } from "../onnx/protobuf-reader.js";
import { defaultModelLimits, readModel } from "../onnx/read-model.js";
import { namesChecksum } from "./checksum.js";
import { type ArtifactManifest, manifestKey } from "./manifest.js";
import { numbersField } from "./manifest-numbers.js";
import { parseManifest } from "./parse-manifest.js";
import { artifactChecksum } from "./write-artifact.js";

/** An opened artifact: what it says of itself, its graph, and the feature set that feeds it. */
export interface Artifact {
  readonly manifest: ArtifactManifest;
  readonly model: OnnxModel;
  /** `openFeatureSet` opens it where it needs a network. */
  readonly featureSet: FeatureSet | EncoderSet;
}

/** Options of `readArtifact`. */
export interface ReadArtifactOptions {
  /** Largest file, in bytes. */
  readonly maxBytes?: number;
  /** The feature sets that the artifact may name; all that core has when absent. */
  readonly featureSets?: readonly (FeatureSet | EncoderSet)[];
}

/**
 * Returns the artifact in `bytes`.
 * @throws UndertoneError `artifact/too-large`; `artifact/not-an-artifact` for what is not ONNX or has no manifest;
 * `artifact/newer-version`; `artifact/invalid` for a broken manifest or a file changed after writing; `features/unknown`;
 * `features/mismatch` when this code computes other features under that id; `onnx/unsupported` for external data and custom operators.
 */
export function readArtifact(bytes: Uint8Array, options: ReadArtifactOptions = {}): Artifact {
  const { maxBytes = defaultModelLimits.maxBytes, featureSets: known } = options;
  if (bytes.length > maxBytes) {
    throw new UndertoneError(
      "artifact/too-large",
      `The model has ${bytes.length} bytes, expected at most ${maxBytes}`,
    );
  }
  const model = readOnnx(bytes, maxBytes);
  const json = model.metadata[manifestKey];
  if (json === undefined) throw notOurs(ofAnotherProgram);
  const manifest = readManifest(bytes, json);
  expectPorts(model, manifest);
  return { manifest, model, featureSet: findFeatureSet(manifest, known) };
}

function readManifest(bytes: Uint8Array, json: string): ArtifactManifest {
  try {
    const manifest = parseManifest(json, numbersOf(bytes));
    if (artifactChecksum(bytes, JSON.parse(json) as object) === manifest.checksum) return manifest;
    throw new UndertoneError(
      "artifact/invalid",
      `The model '${manifest.name}' was changed after it was written: its checksum is not ${manifest.checksum}`,
    );
  } catch (cause) {
    // The stack was too small for it.
    if (!(cause instanceof RangeError)) throw cause;
    throw new UndertoneError("artifact/invalid", "Bad manifest: it is nested too deep", { cause });
  }
}

/** Returns the bytes of the manifest's numbers, or undefined in a file of format 1. */
function numbersOf(bytes: Uint8Array): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  forEachField(bytes, (field) => {
    if (field.number !== numbersField) return;
    if (found || field.wire !== 2)
      throw new UndertoneError("artifact/invalid", "Bad numbers: expected one field of bytes for them");
    found = field.bytes;
  });
  return found;
}

function readOnnx(bytes: Uint8Array, maxBytes: number): OnnxModel {
  try {
    return readModel(bytes, { maxBytes });
  } catch (error) {
    if (isUndertoneError(error, "onnx/unsupported") && !isArtifact(bytes))
      throw notOurs(ofAnotherProgram, error);
    if (!isUndertoneError(error, "onnx/invalid")) throw error;
    throw notOurs(
      fileKind(bytes) ?? `a file that is damaged, cut short or no ONNX (${error.message})`,
      error,
    );
  }
}

const ofAnotherProgram =
  "an ONNX model of another program, without Undertone's manifest ('undertone encoder add' keeps speech encoders)";

function notOurs(kind: string, cause?: unknown): UndertoneError {
  return new UndertoneError(
    "artifact/not-an-artifact",
    `This is not an Undertone model but ${kind}; expected one that 'undertone train' wrote`,
    { cause },
  );
}

/** Returns whether bytes are an ONNX model that carries Undertone's manifest. */
export function isArtifact(bytes: Uint8Array): boolean {
  const key = new TextEncoder().encode(manifestKey);
  let found = false;
  const look = (): void =>
    forEachField(bytes, ({ number, wire, bytes: entry }) => {
      if (number === 14 && wire === 2)
        forEachField(entry, (part) => {
          found ||=
            part.number === 1 &&
            part.bytes.length === key.length &&
            part.bytes.every((byte, i) => byte === key[i]);
        });
    });
  try {
    look();
  } catch (error) {
    if (!isUndertoneError(error, "onnx/invalid")) throw error;
  }
  return found;
}

function expectPorts(model: OnnxModel, { input, output, dimensions }: ArtifactManifest): void {
  const expectSame = (what: string, found: readonly { name: string }[], names: readonly string[]): void => {
    const got = found.map(({ name }) => name);
    if (got.length === names.length && names.every((name, i) => got[i] === name)) return;
    throw new UndertoneError(
      "artifact/invalid",
      `The model's graph has ${what} ${got.join(", ")}, expected '${names.join("', '")}'`,
    );
  };
  expectSame("inputs", model.graph.inputs, [input]);
  expectSame(
    "outputs",
    model.graph.outputs,
    [output, dimensions?.output].filter((name) => name !== undefined),
  );
}

function findFeatureSet(
  manifest: ArtifactManifest,
  known: readonly (FeatureSet | EncoderSet)[] | undefined,
): FeatureSet | EncoderSet {
  const { id, namesChecksum: expected, sampleRate, encoders = [] } = manifest.features;
  const set = known ? known.find((candidate) => candidate.id === id) : anyFeatureSet(id);
  if (!set) {
    throw new UndertoneError(
      "features/unknown",
      `The model needs the feature set '${id}', expected ${listChoices((known ?? []).map((candidate) => candidate.id))}`,
    );
  }
  const files = "files" in set ? set.files : [];
  const otherNetwork =
    files.length !== encoders.length || files.some(({ sha256 }, i) => sha256 !== encoders[i].sha256);
  if (set.sampleRate !== sampleRate || namesChecksum(set.names) !== expected || otherNetwork) {
    throw new UndertoneError(
      "features/mismatch",
      `The model was trained on other features under the id '${id}' than this version of Undertone computes, expected the same names and sample rate`,
      {
        details: {
          trained: manifest.features,
          running: { count: set.names.length, sampleRate: set.sampleRate },
        },
      },
    );
  }
  return set;
}
