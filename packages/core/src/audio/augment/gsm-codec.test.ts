/** The codecs of telephones against other programs' (test/golden/scripts/gsm.py), to the bit. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { throughALaw } from "./a-law.js";
import { throughGsm } from "./gsm-codec.js";

const golden = JSON.parse(
  readFileSync(new URL("../../../../../test/golden/gsm.json", import.meta.url), "utf8"),
) as { samples: number[]; gsm: number[]; aLaw: [number[], number[]] };

describe("GSM 06.10", () => {
  it("gives every sample that libgsm's coder and decoder give", () => {
    expect([...throughGsm(golden.samples)]).toEqual(golden.gsm);
  });
  it("hears frame after frame: what comes later changes nothing, an incomplete frame is filled up", () => {
    expect([...throughGsm(golden.samples.slice(0, 480))]).toEqual(golden.gsm.slice(0, 480));
    const part = golden.samples.slice(0, 500);
    expect([...throughGsm(part)]).toEqual([...throughGsm([...part, 0, 0])].slice(0, 500));
    expect(throughGsm([])).toHaveLength(0);
  });
});

describe("G.711 A-law", () => {
  it("gives what Python's audioop.lin2alaw and alaw2lin give", () => {
    const [samples, heard] = golden.aLaw;
    expect(samples.map(throughALaw)).toEqual(heard);
  });
});
