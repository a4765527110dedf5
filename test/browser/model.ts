/** The model that the browser tests run: the shipped one, or, before there is one, one that is trained on the example clips here. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  estimator,
  featureSet,
  functionalsTable,
  labelMap,
  matrix,
  random,
  referenceProfile,
  writeArtifact,
} from "@undertone/core";
import { openAudioPool } from "../../packages/node/src/io/audio-pool.js";
import { shippedModel } from "../../packages/node/src/runs/open-model.js";
import { root } from "../corpora.js";

/** One entry of `examples/clips/clips.json`. */
export interface ExampleClip {
  readonly file: string;
  readonly emotion: string;
  readonly sex: string;
}

/** Where the example clips are. */
export const clipsFolder = join(root, "examples/clips");

/** The example clips, sorted by file name. */
export const clips = JSON.parse(readFileSync(join(clipsFolder, "clips.json"), "utf8")) as ExampleClip[];

/** Resolves to an artifact's bytes. */
export async function testModel(): Promise<Uint8Array> {
  const shipped = join(root, shippedModel);
  return existsSync(shipped) ? readFileSync(shipped) : trainOnClips();
}

async function trainOnClips(): Promise<Uint8Array> {
  const set = featureSet("seed-v1");
  const map = labelMap("ravdess-8");
  const pool = openAudioPool({ threads: 2 });
  const rows = await Promise.all(
    clips.map(async ({ file }) => {
      const { wave } = await pool.decode(join(clipsFolder, file), { sampleRate: set.sampleRate });
      return set.extract(wave);
    }),
  );
  await pool.close();
  const frames = matrix(clips.length, set.names.length);
  rows.forEach(({ data }, i) => {
    frames.data.set(data, i * frames.cols);
  });
  const table = functionalsTable(
    clips.map(({ file }) => file),
    set.names,
    frames,
  );
  const labels = Int32Array.from(clips, ({ emotion }) => map.classes.indexOf(map.words[emotion]!));
  const untrained = estimator("logistic-regression");
  const model = await untrained.fit(table, { classes: map.classes, labels }, { random: random(1) });
  return writeArtifact(model.toOnnx(), {
    name: "example-clips",
    created: "2026-01-01T00:00:00Z",
    undertone: "0.1.0",
    featureSet: set,
    labelMap: map,
    model: { kind: untrained.kind, params: untrained.params },
    reference: referenceProfile(table),
    training: { dataset: "the example clips", utterances: clips.length, speakers: clips.length },
    evaluation: null,
    card: {
      licence: "CC BY-NC-SA 4.0, as the clips it was trained on",
      data: "The sixteen example clips of RAVDESS",
      intendedUse: "Tests of the page only.",
      limits: "It has heard sixteen clips and knows nothing else.",
      citation: "Livingstone SR, Russo FA (2018), doi:10.1371/journal.pone.0196391",
    },
  });
}
