/** Feature sets from any ONNX speech encoder: what one of its layers, or several, hold of a clip. */
import { UndertoneError } from "../../errors.js";
import { matrix } from "../../math/matrix.js";
import { readEncoderFile } from "../../onnx/encoder-file.js";
import { checkWaveform } from "../check-waveform.js";
import type { EncoderSet, OpenFeatureSet } from "../encoder-set.js";
import type { FeatureSetFacts } from "../feature-set.js";
import { seedFraming } from "../speech-level.js";
import { encoderGraph } from "./encoder-graph.js";
import { type EncoderSpec, parseEncoderId } from "./encoder-id.js";
import { frameStatistics } from "./frame-statistics.js";
import { loadEncoder } from "./load-encoder.js";
import { type RunningEncoder, runEncoder, scaledSamples } from "./run-encoder.js";

const { sampleRate, frameSamples } = seedFraming;

function columnNames({ layer, layers, values, pool }: EncoderSpec): string[] {
  const words = layer.split(",").map((word) => (/^\d+$/.test(word) ? `l${word}` : decodeURIComponent(word)));
  const labels =
    layer === "all"
      ? Array.from({ length: layers }, (_, i) => `l${i + 1}`)
      : layer === "average"
        ? ["average"]
        : words;
  const digits = String(values - 1).length;
  const statistics = pool.length === 0 ? [""] : pool.map((statistic) => `.${statistic}`);
  return labels.flatMap((label) =>
    statistics.flatMap((statistic) =>
      Array.from({ length: values }, (_, i) => `${label}:d${String(i).padStart(digits, "0")}${statistic}`),
    ),
  );
}

/**
 * Returns the set that a complete encoder id names: a row a clip with the statistics of each layer, or a row a frame. Columns are called `l6:d003.mean`: layer (what
 * stands before the last colon is the block), value, statistic.
 * @throws UndertoneError `features/unknown` for an id that is not complete.
 */
export function encoderFileSet(id: string): EncoderSet {
  const spec = parseEncoderId(id);
  const facts: FeatureSetFacts = {
    id,
    level: spec.pool.length === 0 ? "embedding" : "functionals",
    names: columnNames(spec),
    sampleRate,
    levelFree: spec.scale !== "none",
    shortId: `encoder:${spec.name}`,
  };
  const file = { name: spec.name, sha256: spec.sha256 };
  return {
    ...facts,
    files: [file],
    ...(spec.pool.length > 0 && {
      emit: async (graph, waves, resources) =>
        encoderGraph(graph, waves, { bytes: await readEncoderFile(file, resources), spec }),
    }),
    async open(resources): Promise<OpenFeatureSet> {
      const bytes = await readEncoderFile(file, resources);
      const encoder = await loadEncoder(bytes, {
        layer: spec.layer,
        runtime: resources.runtime,
        asker: spec.name,
      });
      if (encoder.layers.length !== spec.layers) {
        throw new UndertoneError(
          "features/mismatch",
          `The encoder '${spec.name}' has ${encoder.layers.length} layers for '${spec.layer}', expected ${spec.layers} as the id says`,
        );
      }
      return {
        ...facts,
        async extract(wave) {
          checkWaveform(wave, { asker: spec.name, sampleRate, minSamples: frameSamples });
          const samples = scaledSamples(wave.samples, spec.scale, spec.name);
          return spec.pool.length === 0
            ? frameRows(encoder, spec, samples)
            : pooledRow(encoder, spec, samples);
        },
        close: () => encoder.session.close(),
      };
    },
  };
}

async function frameRows(encoder: RunningEncoder, spec: EncoderSpec, samples: Float32Array) {
  const frames: Float32Array[] = [];
  await runEncoder(encoder, spec, samples, (frame) => frames.push(frame));
  const rows = matrix(frames.length, frames[0].length);
  frames.forEach((frame, t) => {
    rows.data.set(frame, t * rows.cols);
  });
  return rows;
}

async function pooledRow(encoder: RunningEncoder, spec: EncoderSpec, samples: Float32Array) {
  const blocks = spec.layer === "average" ? 1 : spec.layers;
  const sums = Array.from({ length: blocks }, () => frameStatistics(spec.values, spec.pool));
  await runEncoder(encoder, spec, samples, (frame) =>
    sums.forEach((block, k) => {
      block.add(frame.subarray(k * spec.values, (k + 1) * spec.values));
    }),
  );
  const width = spec.values * spec.pool.length;
  const row = matrix(1, blocks * width);
  sums.forEach((block, k) => {
    block.finishInto(row.data, k * width);
  });
  return row;
}
