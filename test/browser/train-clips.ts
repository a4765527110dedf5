/** Trains a small artifact from waveforms, with calls that Node and a page have alike. */
import type { Waveform } from "@undertone/core/audio";
import { functionalsTable, identityLabelMap } from "@undertone/core/data";
import { featureSet } from "@undertone/core/features";
import { matrixFromRows } from "@undertone/core/math";
import { checkedSplits, type TrainingContext, trainArtifact } from "@undertone/core/train";

/** A recording and what is known of it. */
export interface LabelledWave {
  readonly id: string;
  readonly speaker: string;
  readonly label: string;
  readonly wave: Waveform;
}

/** Returns an artifact of the labels on seed-v1, evaluated on two folds of speakers. */
export async function trainClips(
  clips: readonly LabelledWave[],
  context: TrainingContext,
): Promise<Uint8Array> {
  const set = featureSet("seed-v1");
  const rows: number[][] = [];
  for (const { wave } of clips) rows.push(Array.from((await set.extract(wave)).data));
  const table = functionalsTable(
    clips.map(({ id }) => id),
    set.names,
    matrixFromRows(rows),
  );
  const views = [{ speed: 1, table }];
  const utterances = clips.map(({ id, speaker, label }) => ({
    id,
    file: id,
    speaker,
    label,
    attributes: {},
  }));
  const data = {
    dataset: { name: "clips", utterances },
    table,
    train: views,
    test: views,
    featureSet: set.id,
    corpus: "clips",
    labelMap: identityLabelMap("clips", [...new Set(clips.map(({ label }) => label))].sort()),
    values: [],
    duplicates: [],
  };
  const { bytes } = await trainArtifact(
    data,
    { model: { kind: "logistic-regression", params: { C: 0.01 } }, seed: 1 },
    {
      ...context,
      splits: checkedSplits(data, { folds: "speaker:2", seed: 1 }),
      name: "trained here",
      created: "2026-01-01T00:00:00Z",
      undertone: "0.1.0",
      featureSet: set,
    },
  );
  return bytes;
}
