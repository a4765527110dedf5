/** What inspection says of files, for one file at a time; whole corpora are in inspect-corpus.corpora.test.ts. */
import { describe, expect, it } from "vitest";
import { fileOddities } from "./corpus-oddities.js";

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
