/** One ONNX graph from waveform to probabilities, for runtimes that have no Undertone. */
import { UndertoneError } from "../../errors.js";
import { calibrationGraph } from "../../evaluate/calibration/index.js";
import { isEncoderSet, refuseWithoutGraph } from "../../features/composite-feature-set.js";
import type { EncoderResources } from "../../features/encoder-set.js";
import { type EncoderFile, isPackageFile } from "../../onnx/encoder-file.js";
import { graphBuilder } from "../../onnx/graph-builder.js";
import { playingSpeeds } from "../hear.js";
import type { ArtifactManifest, DimensionRange, EncoderReference } from "../manifest.js";
import { type ReadArtifactOptions, readArtifact } from "../read-artifact.js";
import { speedGraph } from "./speed-graph.js";

/** The key in the graph's metadata under which its description stands. */
export const standaloneKey = "undertone.standalone";

/** A network inside the graph. */
export type EmbeddedEncoder = EncoderReference & { readonly licence: string; readonly source: string };

/** What a stand-alone graph says of itself in its metadata, as JSON. */
export interface StandaloneDescription {
  /** Name of the artifact that it was made from, and that one's checksum. */
  readonly name: string;
  readonly artifact: string;
  /** What the input must be. */
  readonly input: string;
  readonly sampleRate: number;
  /** In the order of the probabilities; none for a model of values alone. */
  readonly classes: readonly string[];
  /** In the order of the output `values`; none for a model of classes alone. */
  readonly dimensions: readonly DimensionRange[];
  /** What the recognizer does beyond the graph. */
  readonly leftOut: string;
  /** Licence of the head. */
  readonly licence: string;
  /** Networks inside the graph, each under its own licence. */
  readonly encoders: readonly EmbeddedEncoder[];
  readonly features: string;
  /** Limits, as the model's card has them. */
  readonly limits: string;
}

/** A stand-alone graph. */
export interface StandaloneModel {
  readonly bytes: Uint8Array;
  readonly description: StandaloneDescription;
}

/**
 * Returns an artifact as one graph: input `waveform`, float32 [1, samples], outputs `probabilities`, float32 [1, classes], and, for a
 * model that gives them, `values`, float32 [1, values]. Within 1e−4 of what
 * `Recognizer.recognize` gives for the same 16 kHz samples.
 * @throws UndertoneError as `readArtifact`; `onnx/unsupported` naming the features that have no ONNX form; `features/encoder-*`.
 */
export async function standaloneModel(
  bytes: Uint8Array,
  { resources, ...options }: ReadArtifactOptions & { readonly resources: EncoderResources },
): Promise<StandaloneModel> {
  const { manifest, model, featureSet } = readArtifact(bytes, options);
  refuseWithoutGraph([featureSet]);
  if (!isEncoderSet(featureSet) || !featureSet.emit) throw new RangeError("standaloneModel: no graph");
  const { classes, features, calibration, input, output, dimensions } = manifest;
  const { sampleRate } = features;
  const graph = graphBuilder("undertone-standalone");
  const wave = graph.input("waveform", [1, "samples"]);
  const waves = playingSpeeds(manifest).map((speed) => speedGraph(graph, wave, { speed, sampleRate }));
  const rows = await featureSet.emit(graph, waves, resources);
  const heads = rows.map((row) => graph.splice(model, { [input]: row }));
  const mean = (name: string): string => {
    const each = heads.map((head) => head[name]);
    if (each.length === 1) return each[0];
    return graph.node("Div", [graph.node("Sum", each), graph.constant("speeds", [], [each.length])]);
  };
  if (output !== undefined)
    graph.output("probabilities", calibrationGraph(graph, mean(output), calibration), [1, classes.length]);
  if (dimensions) graph.output("values", mean(dimensions.output), [1, dimensions.values.length]);
  const description = describe(manifest, featureSet.files);
  return { bytes: graph.toBytes({ [standaloneKey]: JSON.stringify(description) }), description };
}

function describe(manifest: ArtifactManifest, files: readonly EncoderFile[]): StandaloneDescription {
  const { name, checksum, features, classes, card, speech } = manifest;
  const references = features.encoders ?? [];
  return {
    name,
    artifact: checksum,
    input: `waveform: float32 [1, samples], mono, ${features.sampleRate} Hz, full scale 1, at any level, at least ${speech.minSeconds} s and at most 30 s, not silent; its level is set inside the graph where the features ask for that`,
    sampleRate: features.sampleRate,
    classes,
    dimensions: manifest.dimensions?.values ?? [],
    leftOut:
      "Decoding, mixing to one channel, resampling, and every reason to stay silent: no speech, too short, unlike the training data, too uncertain. The graph answers whatever it is given.",
    licence: card.licence,
    encoders: files.map((file, i) => {
      const { sha256 } = file;
      if (isPackageFile(file))
        return { package: file.package, path: file.path, sha256, licence: file.licence, source: file.source };
      const reference = references[i];
      if (!reference || !("licence" in reference))
        throw new UndertoneError(
          "artifact/invalid",
          `The manifest does not describe the encoder '${file.name}'`,
        );
      return reference;
    }),
    features: features.id,
    limits: card.limits,
  };
}
