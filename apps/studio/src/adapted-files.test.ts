/** Files whose answers are adapted to the list, by a model of two classes in closed form. */
import { readFileSync } from "node:fs";
import {
  type ArtifactManifest,
  type Prediction,
  readArtifact,
  summarizeTimeline,
} from "@undertone/core/artifact";
import { expect, it } from "vitest";
import { adaptFiles, tellingClips } from "./adapted-files.js";
import { clipOf } from "./clip.js";
import { filesCsv } from "./export-clip.js";
import type { StudioFile } from "./file-list.js";

const bytes = readFileSync(new URL("../../../models/ravdess.onnx", import.meta.url));
const manifest: ArtifactManifest = {
  ...readArtifact(new Uint8Array(bytes)).manifest,
  classes: ["calm", "sad"],
  calibration: { kind: "none" },
  minConfidence: 0,
  collections: { of: "speakers", spread: [[9, 0]] },
};

const heard = (calm: number, start = 0): Prediction => ({
  label: calm > 0.5 ? "calm" : "sad",
  scores: { calm, sad: 1 - calm },
  confidence: Math.max(calm, 1 - calm),
  heard: { scores: [calm, 1 - calm], marks: [calm, 1] },
  start,
  end: start + 2,
});

function file(id: number, whole: Prediction | undefined, timeline: readonly Prediction[] = []): StudioFile {
  const peaks = { stepSeconds: 0.01, levels: new Float32Array(0) };
  const summary = summarizeTimeline(timeline);
  const span = { start: 0, end: 60 };
  const about = { seconds: 2, timeline, span, summary, peaks, remarks: [], ...(whole && { whole }) };
  return { id, name: `${id}.wav`, state: { kind: "done", heard: about } };
}

it("says answers anew of what the clips of the list share, a long recording's of its own windows, and works only where something changed", () => {
  const adapt = adaptFiles();
  const long = file(2, undefined, [
    heard(0.97),
    heard(0.51, 1),
    heard(0.51, 2),
    heard(0.95, 4),
    heard(0.51, 6),
  ]);
  const failed: StudioFile = {
    id: 3,
    name: "3.wav",
    state: { kind: "failed", message: "no", partly: { timeline: [] } },
  };
  const files = [
    file(0, heard(0.97)),
    file(1, heard(0.51)),
    file(4, heard(0.95)),
    file(5, heard(0.51)),
    long,
    failed,
  ];
  expect(tellingClips(files)).toBe(4);
  const { by, files: shown } = adapt(files, manifest);
  expect(by).toBe(4);
  const clips = shown.map(clipOf);
  expect(clips.map((clip) => clip?.origin)).toEqual([
    ...[0, 1, 4, 5].map((id) => `${id}.wav, 0:02.0 · adapted to 4 clips of this list`),
    "2.wav, 0:02.0 · adapted to 4 windows of this recording",
    undefined,
  ]);
  expect(clips.map((clip) => clip?.label)).toEqual(["calm", "sad", "calm", "sad", null, undefined]);
  expect(clips[4]!.timeline.map(({ label }) => label)).toEqual(["calm", "sad", "sad", "calm", "sad"]);
  expect(shown[5]).toBe(failed);
  expect(adapt([...files], manifest).files).toEqual(shown);
  expect(adapt([...files], manifest).files[0]).toBe(shown[0]);
  const alone = adapt(files.slice(0, 1), manifest);
  expect(clipOf(alone.files[0])).toMatchObject({ label: "calm", origin: "0.wav, 0:02.0" });
  const [head, first] = filesCsv(shown, manifest).split("\r\n");
  expect([head, first]).toEqual([
    "file,seconds,judged,label,reason,error,calm,sad,adapted to",
    expect.stringMatching(/^0\.wav,2\.000,whole,calm,,,0\.\d+,0\.\d+,4$/),
  ]);
});
