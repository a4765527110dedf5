import { readFileSync } from "node:fs";
import {
  type ArtifactManifest,
  type Prediction,
  readArtifact,
  summarizeTimeline,
} from "@undertone/core/artifact";
import { beforeAll, describe, expect, it } from "vitest";
import { filesCsv, timelineCsv } from "./export-clip.js";
import type { StudioFile } from "./use-studio.js";

let manifest: ArtifactManifest;

beforeAll(async () => {
  const bytes = readFileSync(new URL("../../../models/ravdess.onnx", import.meta.url));
  ({ manifest } = await readArtifact(new Uint8Array(bytes)));
});

describe("timelineCsv", () => {
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

describe("filesCsv", () => {
  it("writes scores of what was judged whole, and shares of what was not", () => {
    const whole: Prediction = {
      label: "sad",
      scores: { calm: 0.2, sad: 0.8 },
      confidence: 0.8,
      start: 0,
      end: 2,
    };
    const silence: Prediction = {
      label: null,
      scores: {},
      confidence: 0,
      reason: "no-speech",
      start: 0,
      end: 2,
    };
    const file = (name: string, timeline: Prediction[], judged?: Prediction): StudioFile => ({
      id: 0,
      name,
      state: {
        kind: "done",
        heard: {
          seconds: 2,
          timeline,
          span: { start: 0, end: 2 },
          summary: summarizeTimeline(timeline),
          peaks: { stepSeconds: 0.01, levels: new Float32Array(0) },
          ...(judged && { whole: judged }),
        },
      },
    });
    const none: StudioFile = {
      id: 0,
      name: "d",
      state: { kind: "failed", message: "This file is cut", partly: { timeline: [] } },
    };
    const files = [file("a", [whole], whole), file("b", [silence], silence), file("c", [whole]), none];
    expect(filesCsv(files, { ...manifest, classes: ["calm", "sad"] }).split("\r\n")).toEqual([
      "file,seconds,judged,label,reason,error,calm,sad",
      "a,2.000,whole,sad,,,0.2000,0.8000",
      "b,2.000,whole,,no-speech,,,",
      "c,2.000,shares,sad,,,0.0000,1.0000",
      "d,,,,,This file is cut,,",
      "",
    ]);
  });
});
