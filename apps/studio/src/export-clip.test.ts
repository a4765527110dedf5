import { readFileSync } from "node:fs";
import { type ArtifactManifest, type Prediction, readArtifact } from "@undertone/core/artifact";
import { beforeAll, describe, expect, it } from "vitest";
import { timelineCsv } from "./export-clip.js";

describe("timelineCsv", () => {
  let manifest: ArtifactManifest;

  beforeAll(async () => {
    const bytes = readFileSync(new URL("../../../models/ravdess.onnx", import.meta.url));
    ({ manifest } = await readArtifact(new Uint8Array(bytes)));
  });

  it("writes a line a window, without scores where there are none", () => {
    const timeline: Prediction[] = [
      { label: "sad", scores: { neutral: 0.25, sad: 0.75 }, confidence: 0.75, start: 0, end: 1.5 },
      { label: null, scores: {}, confidence: 0, reason: "no-speech", start: 0.5, end: 2 },
    ];
    expect(timelineCsv(timeline, { ...manifest, classes: ["neutral", "sad"] })).toBe(
      "start,end,label,reason,confidence,neutral,sad\r\n0.000,1.500,sad,,0.7500,0.2500,0.7500\r\n0.500,2.000,,no-speech,0.0000,,\r\n",
    );
  });

  it("quotes names that hold a comma or a quotation mark", () => {
    const named = { ...manifest, classes: ['so, "so"'] };
    expect(timelineCsv([], named)).toBe('start,end,label,reason,confidence,"so, ""so"""\r\n');
  });
});
