/** From votes to parts over the classes. */
import { describe, expect, it } from "vitest";
import { ratedDistribution, ratedVotes } from "./rated-distribution.js";

const map = {
  id: "test",
  classes: ["happy", "sad"],
  words: { joy: "happy", smile: "happy", sad: "sad", other: null },
};

describe("ratedDistribution", () => {
  it("adds up the words of a class and leaves out what the map leaves out", () => {
    expect(ratedDistribution({ votes: { joy: 2, smile: 1, sad: 1, other: 6 } }, map)).toEqual([0.75, 0.25]);
  });
  it("is undefined without votes for a class", () => {
    expect(ratedDistribution({}, map)).toBeUndefined();
    expect(ratedDistribution({ votes: { other: 3, sad: 0 } }, map)).toBeUndefined();
  });
  it("refuses a word that the map does not know", () => {
    expect(() => ratedDistribution({ votes: { anger: 1 } }, map)).toThrow(/no entry for 'anger'/);
  });
});

describe("ratedVotes", () => {
  it("has a row of shares for each utterance, of zeros for one without votes", () => {
    const votes = ratedVotes([{ votes: { joy: 1, sad: 3 } }, {}], map)!;
    expect([votes.rows, votes.cols, ...votes.data]).toEqual([2, 2, 0.25, 0.75, 0, 0]);
  });
  it("is undefined when no utterance has votes", () => {
    expect(ratedVotes([{}, { votes: { other: 2 } }], map)).toBeUndefined();
  });
});
