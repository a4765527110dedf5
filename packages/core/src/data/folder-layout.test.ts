/** Which folder or part of a name is the label, and which the speaker. */
import { describe, expect, it } from "vitest";
import { guessSpeakers, labelLevel, labelsOf, numbersRemark, speakersByRule } from "./folder-layout.js";
import { parseSpeakerRule } from "./speaker-rule.js";

/** Returns what a layout gives: `speaker label` of each path. */
function read(...paths: string[]): string[] {
  const level = labelLevel(paths);
  if (level === undefined) throw new Error("no labels");
  const labels = labelsOf(paths, level);
  const files = paths.map((path, i) => ({ path, label: labels[i] }));
  const choice = guessSpeakers(files, level);
  return files.map(({ label }, i) => `${choice?.speakers[i] ?? "?"} ${label}`);
}

const expected = ["anna angry", "anna sad", "ben angry", "ben sad"];

/** Returns the paths that a pattern with S (speaker), L (label) and N (number) makes of two speakers and labels, two clips each. */
function paths(pattern: string, [angry, sad] = ["angry", "sad"]): string[] {
  return ["anna", "ben"].flatMap((speaker) =>
    [angry, sad].flatMap((label) =>
      ["1", "2"].map((n) => pattern.replace("S", speaker).replaceAll("L", label).replaceAll("N", n)),
    ),
  );
}

describe("layouts", () => {
  it.each([
    ["L/S-N.wav"],
    ["L/S_hello_N.wav"],
    ["L/SN.wav"],
    ["S/L/N.wav"],
    ["S/L/clip_N.wav"],
    ["L/S/clip_N.wav"],
    ["S/L_N.wav"],
    ["S/clip-N-L.wav"],
    ["S_L_N.wav"],
    ["L_S_N.wav"],
    ["S_L/N.wav"],
    ["train/L/S_N.wav"],
    ["wavs/S/audio/L_N.wav"],
    ["S/session1/L/N.wav"],
    ["2024-05-0N/S_L_N.wav"],
  ])("%s", (pattern) => {
    expect([...new Set(read(...paths(pattern)))]).toEqual(expected);
  });

  it.each([
    ["Ärger", "Trauer"],
    ["colère", "tristesse"],
    ["гнев", "грусть"],
    ["生气", "悲伤"],
    ["Öfke", "üzgün"],
  ])("with the words %s and %s", (...words) => {
    expect(new Set(read(...paths("L/S/clip N.wav", words)))).toHaveProperty("size", 4);
    expect(labelLevel(paths("S_L_N.wav", words))).toBe(0);
  });

  it("with umlauts written out", () => {
    expect(new Set(read(...paths("S_L_N.m4a", ["wuetend", "froehlich"])))).toEqual(
      new Set(["anna wuetend", "anna froehlich", "ben wuetend", "ben froehlich"]),
    );
  });

  it.each(["S_L_N.wav", "L-S-N.wav"])(
    "with other words at the place of those that are known: %s",
    (pattern) => {
      const own = [...paths(pattern), ...paths(pattern, ["shy", "bossy"])];
      expect([...new Set(read(...own))]).toEqual([
        ...expected,
        "anna shy",
        "anna bossy",
        "ben shy",
        "ben bossy",
      ]);
    },
  );

  it("takes no other word for a label that is a thing, a number or one file's alone", () => {
    const others = ["a_hm_1.wav", "a_clip_1.wav", "b_clip_1.wav", "a_2_2.wav", "b_2_2.wav", "x.wav"];
    const labels = labelsOf([...paths("S_L_N.wav"), ...others], 0);
    expect(labels.slice(-others.length)).toEqual(others.map(() => undefined));
  });

  it("without a word that is known: the lowest folder that does not look like people or parts", () => {
    const own = paths("S/L/N.wav", ["hungry", "sleepy"]);
    expect(read(...own)).toContain("ben sleepy");
    expect(read(...paths("S/L/N.wav", ["high", "low"]))).toContain("ben low");
    const below = own.map((path) => path.replace(/^anna\/(\w+)/, "$1/s01").replace(/^ben\/(\w+)/, "$1/s02"));
    expect(read(...below)).toContain("s02 sleepy");
  });

  it("with a denied emotion have a class of its own", () => {
    expect(new Set(read("a/angry/1.wav", "a/not_angry/1.wav", "b/angry/2.wav", "b/non-sad/2.wav"))).toEqual(
      new Set(["a angry", "a not_angry", "b angry", "b non-sad"]),
    );
  });

  it("that name no speaker twice give none: numbers of clips, codes of labels, one name", () => {
    for (const pattern of ["L/N.wav", "L/clip_N.wav", "L/L_N.wav", "L_N.wav"])
      expect(new Set(read(...paths(pattern)))).toEqual(new Set(["? angry", "? sad"]));
    expect(read("angry/a_1.wav", "angry/a_2.wav", "sad/s_1.wav", "sad/s_2.wav")).toContain("? sad");
  });

  it.each([
    ["L/L (N).wav"],
    ["L/0N_take.wav"],
    ["L/0N - part M.wav"],
    ["L/202N-03-05 10.1M.wav"],
    ["L/0N.03.2024 10.1M.wav"],
    ["L/DR000N_LR.wav"],
    ["L/RECN_M.wav"],
    ["L/Voice 00N.m4a"],
    ["L/s_N.wav"],
    ["L/tN_M.wav"],
    ["L/diaN_uttM.wav"],
    ["dayN/L/M.wav"],
    ["tess/L/N.wav", "ravdess/L/N.wav"],
    ["monday/L/N.wav", "sunday/L/N.wav"],
    ["L/high/N.wav", "L/low/N.wav"],
    ["L/New Recording N.m4a", "L/Recording M.m4a"],
    ["clean/L/N.wav", "noisy/L/N.wav"],
    ["L/english/N.wav", "L/german/N.wav"],
    ["iPhone 12/L/N.wav", "laptop/L/N.wav"],
    ["2023/L/N.wav", "2024/L/N.wav"],
    ["05-03-2024/L/N.wav", "6.3.24/L/N.wav"],
    ["L/N_phone.wav", "L/N_mic2.wav"],
    ["L_N/M.wav"],
    ["L_0N_M.wav"],
    ["0N_L_M.wav"],
    ["0N_L.wav"],
  ])("take no take, recorder, date, place or manner for a speaker: %s", (...patterns) => {
    const all = patterns.flatMap((pattern) =>
      ["angry", "sad", "happy"].flatMap((label) =>
        ["1", "2", "3"].flatMap((n) =>
          ["4", "5"].map((m) =>
            pattern
              .replaceAll("L", label)
              .replaceAll(/N(?!ew)/g, n)
              .replaceAll("M", m),
          ),
        ),
      ),
    );
    expect(new Set(read(...new Set(all)))).toEqual(new Set(["? angry", "? sad", "? happy"]));
  });

  it("take people by number where they may not be clips, and say where they may", () => {
    expect(
      read(...paths("S/L/N.wav").map((path) => path.replace(/^anna\/(\w+)\//, "0011/$1/0011_")))[0],
    ).toBe("0011 angry");
    expect(read(...paths("S_L_N.wav").map((path) => path.replace("anna", "male1")))[0]).toBe("male1 angry");
    expect(read(...paths("L/S_N.wav", ["1_angry", "2_sad"]))[0]).toBe("anna angry");
    const numbered = ["angry", "sad"].flatMap((label) =>
      ["01", "02"].map((n) => ({ path: `${label}/${n}_take.wav`, label })),
    );
    expect(numbersRemark(numbered)).toEqual([
      expect.stringContaining("2 numbers (01, 02), which may count clips: --speaker-from prefix"),
    ]);
    const { speakers } = speakersByRule(numbered, { kind: "prefix" }, 1);
    expect(speakers).toEqual(["01", "02", "01", "02"]);
  });

  it("with capitals between the parts, or people by number", () => {
    const camel = paths("S_L_N.wav").map((path) =>
      path.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    );
    expect(camel).toContain("annaAngry1.wav");
    expect(new Set(read(...camel))).toEqual(new Set(expected));
    const numbered = paths("S_L_N.wav").map((path) =>
      path.replace("anna", "speaker_01").replace("ben", "speaker_02"),
    );
    expect(read(...numbered)[0]).toBe("speaker_01 angry");
  });

  it("with folders of people alone tell no labels", () => {
    expect(labelLevel(["Actor_01/a.wav", "Actor_02/b.wav"])).toBeUndefined();
    expect(labelLevel(["0/a.wav", "1/b.wav"])).toBe(1);
  });

  it("that name different speakers in two ways are refused with both as choices", () => {
    const both = ["red", "blue"].flatMap((group) => paths("L/S-N.wav").map((path) => `${group}/${path}`));
    expect(() => read(...both)).toThrow(
      expect.objectContaining({
        code: "corpus/ambiguous",
        message: expect.stringMatching(
          /'--speaker-from prefix' \(.*2 speakers, anna, ben\).*'--speaker-from folder'.*2 speakers, blue, red/,
        ),
      }),
    );
    const actors = both.map((path) => path.replace("red", "Actor_01").replace("blue", "Actor_02"));
    expect(read(...actors)[0]).toBe("Actor_01 angry");
  });

  it("take a rule: a pattern's group, and unknown for files in which it finds none", () => {
    const files = ["x/take-anna.wav", "x/take-ben.wav", "x/noise.wav"].map((path) => ({ path }));
    const { speakers } = speakersByRule(files, parseSpeakerRule("take-(?<speaker>\\w+)") as never);
    expect(speakers).toEqual(["anna", "ben", undefined]);
    expect(() => speakersByRule(files, parseSpeakerRule("(?<speaker>\\d+)") as never)).toThrow(
      expect.objectContaining({ code: "corpus/unknown" }),
    );
  });

  it.each(["first", "column:", "(?<name>a)", "(?<speaker>["])("refuse the rule '%s'", (text) => {
    expect(() => parseSpeakerRule(text)).toThrow(expect.objectContaining({ code: "usage/bad-value" }));
  });
});
