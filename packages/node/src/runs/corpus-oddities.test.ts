/** What inspection says of files, for one file at a time; whole corpora are in inspect-corpus.corpora.test.ts. */

import { measureRecording } from "@undertone/core/data";
import { describe, expect, it } from "vitest";
import { clueOddities, fileOddities, soundOddities } from "./corpus-oddities.js";

const plain: Parameters<typeof fileOddities>[0][number] = {
  id: "anna/one.wav",
  path: "/data/anna/one.wav",
  utterance: undefined,
  container: "wav",
  rate: 16000,
  channels: 1,
  identicalChannels: false,
  clippedSamples: 0,
  contentHash: "",
  remarks: [],
};

describe("fileOddities", () => {
  it("names files whose header is less true than their data, and how", () => {
    expect(fileOddities([plain])).toEqual([]);
    const remarks = ["'/data/anna/one.wav' was read, though an ID3 tag stands before its header."];
    expect(fileOddities([{ ...plain, remarks }])).toEqual([
      {
        kind: "header",
        severity: "note",
        count: 1,
        message: "1 file whose header is less true than the data, which were read",
        examples: ["anna/one.wav (an ID3 tag stands before its header)"],
      },
    ]);
  });
});

describe("clueOddities", () => {
  it("say that a number tells the class only where its interval is above chance", () => {
    const clue = {
      uar: 0.24,
      unseenGroups: true,
      chance: 1 / 7,
      etaSquared: 0.27,
      medians: { sad: 1, calm: 2 },
    };
    const told = (low: number) =>
      clueOddities({ length: null, level: { ...clue, interval: { low, high: 0.33 } } }).map(
        ({ message }) => message,
      );
    expect(told(0.16)).toEqual([
      expect.stringContaining(
        "it guesses 24 % (16 to 33; unweighted average recall, unseen speakers) where chance is 14 %",
      ),
    ]);
    expect(told(0.14)).toEqual([]);
  });
});

describe("soundOddities", () => {
  it("names recordings without the upper part of the band", () => {
    const tone = Float32Array.from({ length: 16000 }, (_, i) => Math.sin(i) / 4);
    const heard = { ...plain, measures: measureRecording(tone, 16000), fingerprint: new Float32Array(0) };
    expect(soundOddities([heard])).toEqual([]);
    expect(soundOddities([heard, { ...heard, id: "call.wav", narrowHz: 3875 }])).toEqual([
      {
        kind: "narrow-band",
        severity: "warning",
        count: 1,
        message:
          "1 file without anything in the upper part of the band that models hear, as from a telephone or 8 kHz (median edge 3875 Hz)",
        examples: ["call.wav (up to 3875 Hz)"],
      },
    ]);
  });
});
