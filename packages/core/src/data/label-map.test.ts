import { describe, expect, it } from "vitest";
import { mapLabel, presentClasses } from "./label-map.js";
import { labelMap, viewsOf } from "./label-maps/index.js";

describe("presentClasses", () => {
  const map = labelMap("tess-7");
  const heard = [{ label: "sad" }, { label: "angry" }, {}];

  it("leaves out the classes that no utterance has, in the map's order", () => {
    const present = presentClasses(map, heard);
    expect(present.id).toBe("tess-7");
    expect(present.classes).toEqual(map.classes.filter((name) => name === "sad" || name === "angry"));
    expect(present.words).toMatchObject({ sad: "sad", angry: "angry", happy: null });
    expect(Object.keys(present.words)).toEqual(Object.keys(map.words));
  });

  it("keeps what is voted for where votes are learnt, and only there", () => {
    const voted = [...heard, { label: "sad", votes: { fear: 1, happy: 0 } }];
    expect(presentClasses(map, voted).classes).toHaveLength(2);
    expect(presentClasses(map, voted, { votes: true }).classes).toContain("fear");
    expect(presentClasses(map, voted, { votes: true }).classes).toHaveLength(3);
  });

  it("refuses a word that the map does not know", () => {
    expect(() => presentClasses(map, [{ label: "melancholy" }])).toThrow(/no entry for 'melancholy'/);
  });
});

it("maps that span corpora count calm as neutral and leave boredom out", () => {
  for (const id of ["common-4", "common-6", "common-7"]) {
    expect(["calm", "neutral", "boredom"].map((word) => mapLabel(labelMap(id), word))).toEqual([
      "neutral",
      "neutral",
      null,
    ]);
  }
});

describe("viewsOf", () => {
  it("gives maps of some of the classes, of those that the run has", () => {
    const run = { id: "common-7", classes: ["anger", "disgust", "neutral", "sadness"] };
    expect(viewsOf(run, ["common-4"]).map(({ classes }) => classes)).toEqual([
      ["anger", "neutral", "sadness"],
    ]);
    expect(() => viewsOf(run, ["tess-7"])).toThrow(
      /view 'tess-7' has the class 'angry', which the label map 'common-7' lacks/,
    );
    expect(() => viewsOf(run, ["common-5"])).toThrow(/Unknown label map 'common-5'/);
  });
});
