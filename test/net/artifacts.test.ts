/** Artifacts of format 1, as they were written once: they stay readable for ever, and nobody may replace the files. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type ArtifactManifest, newSpeaker, readArtifact } from "undertone";
import { describe, expect, it } from "vitest";
import { sealArtifact } from "../../packages/core/src/artifact/write-artifact.js";
import { exampleClip } from "../golden/signals.js";
import { frozenPath, sampleRate, withFrozen } from "./hearing.js";

const classes = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"];

describe.each([
  {
    name: "ravdess-format-1",
    sha256: "f5c343bfd2a8c4fe7e0c031d762a92a300f1b7dd9426866e91bdffee716b675f",
    features: { id: "seed-v1", count: 416 },
    adaptable: false,
  },
  {
    name: "ravdess-best-format-1",
    sha256: "063f67f5e98f1e51a35198b0c4b5aabd8512bafab20a1b5af735073eaa4876b5",
    features: { id: "seed-v1+speech-embedding-v1", count: 3872, speeds: [0.9, 1, 1.1] },
    adaptable: true,
  },
] as const)("$name", ({ name, sha256, features, adaptable }) => {
  it("is the file that was frozen, and says of itself what it said", () => {
    const bytes = readFileSync(frozenPath(name));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
    const { manifest } = readArtifact(bytes);
    expect(manifest.classes).toEqual(classes);
    expect(manifest.features).toMatchObject(features);
    expect(manifest.card.licence).toBe("CC BY-NC-SA 4.0");
  });

  it("says the same of itself when it is written again in today's format, in fewer bytes", () => {
    const bytes = new Uint8Array(readFileSync(frozenPath(name)));
    const { manifest, model } = readArtifact(bytes);
    const again = sealArtifact(bytes, manifest);
    const read = readArtifact(again);
    expect([manifest.format, read.manifest.format]).toEqual([1, 2]);
    const text = ({ format: _, checksum: __, ...rest }: ArtifactManifest): string => JSON.stringify(rest);
    // Hundreds of thousands of numbers: an assertion's difference of them would take minutes.
    expect(text(read.manifest) === text(manifest)).toBe(true);
    expect(isDeepStrictEqual(read.model.graph, model.graph)).toBe(true);
    expect(again.length).toBeLessThan(0.7 * bytes.length);
  });

  it("hears anger, says how sure it is and how strange that sounds, and learns speakers if it ever did", async () => {
    await withFrozen(name, async (recognizer) => {
      const wave = { samples: await exampleClip("03-01-05-02-01-01-16.flac"), sampleRate };
      const heard = await recognizer.recognize(wave);
      expect(heard.label).toBe("angry");
      expect(Object.values(heard.scores).reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 6);
      expect(heard.set).toContain("angry");
      expect(heard.outOfDistribution).toBeLessThan(0.99);
      if (!adaptable)
        return expect(() => newSpeaker(recognizer.manifest)).toThrow("was not trained to adapt to speakers");
      const { speaker } = await recognizer.recognize(wave, { speaker: newSpeaker(recognizer.manifest) });
      expect(speaker!.heard).toHaveLength(1);
    });
  });
});
