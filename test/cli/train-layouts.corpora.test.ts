/** The layouts that people have, each trained by `undertone train FOLDER` and nothing else. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runUndertone, temporaryFolder } from "./run-undertone.js";
import { layouts, writeLayout } from "./write-layouts.js";

describe("undertone train FOLDER", () => {
  it.each(layouts)("$name", async (layout) => {
    const place = temporaryFolder();
    const given = writeLayout(join(place, "clips"), layout);
    const run = await runUndertone(["train", given, "--json"], {
      cwd: place,
      env: { UNDERTONE_CACHE: join(place, "cache") },
    });
    expect(run.code, run.stderr).toBe(0);
    const { evaluation, artifact, report, card } = JSON.parse(run.stdout);
    const { speakers } = layout;
    expect(evaluation.protocol).toMatchObject({
      utterances: 6 * speakers.length,
      speakers: speakers.length,
      speakerIndependent: true,
    });
    expect(evaluation.classes).toHaveLength(2);
    expect(evaluation.uar).toBeGreaterThan(0.9);
    expect([artifact, report, card]).toEqual(["clips.onnx", "clips.html", "clips.md"]);
  });
});
