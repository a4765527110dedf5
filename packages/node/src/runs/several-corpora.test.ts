/** Several corpora in one run: where they lie, which of their utterances are taken, what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findLeaks, foldsFromSpec } from "@undertone/core/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wavBytes, write } from "../../../../test/cli/synthetic-audio.js";
import { type ListedData, openSource } from "./load-data.js";
import { openRun } from "./open-run.js";
import type { AskedPlan } from "./plan/run-plan.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-several-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a WAV file of a hundredth of a second. */
function put(name: string): void {
  write(join(folder, name), wavBytes(new Float32Array(160)));
}

beforeAll(() => {
  for (const word of ["back", "bar", "base", "bath", "bean"])
    for (const emotion of ["angry", "sad"]) put(`tess/OAF_${emotion}/OAF_${word}_${emotion}.wav`);
  for (const name of ["03a01Wa", "03a01Ta", "08a01Wa"]) put(`EMO-DB/${name}.wav`);
  for (const name of ["EB0_anger_4", "EB0_sadness_4"]) put(`nemo/${name}.wav`);
  put("noise/rain.wav");
});

/** Returns what the lists of a run tell. */
async function listed(corpus: string | undefined, more: object = {}): Promise<ListedData> {
  const source = { data: [folder], corpus, labelMap: "common-7", otherCorpora: true, ...more };
  return (await openSource(source)).listed;
}

describe("a folder that holds several corpora", () => {
  it("is looked into for those that are named, however their folders spell them, and for nothing else", async () => {
    const { dataset, corpus } = await listed("tess+emodb+nemo");
    expect(corpus).toBe("tess+emodb+nemo");
    expect(dataset.utterances).toHaveLength(10 + 3 + 2);
    expect(dataset.utterances.map(({ id }) => id)).toContain("emodb/03a01Wa.wav");
    expect((await listed("tess+nemo")).dataset.utterances).toHaveLength(12);
  });

  it("says which one it lacks, unless that comes from elsewhere", async () => {
    await expect(listed("ravdess+tess+nemo")).rejects.toMatchObject({
      code: "corpus/missing",
      message: expect.stringMatching(/has no ravdess, expected folders named ravdess, tess, nemo in it/),
    });
    put("elsewhere/polish/KS0_anger_8.wav");
    put("elsewhere/polish/KS0_fear_8.wav");
    rmSync(join(folder, "nemo"), { recursive: true });
    const data = [folder, join(folder, "elsewhere/polish")];
    expect((await listed("tess+nemo", { data })).corpus).toBe("tess+nemo");
    for (const name of ["EB0_anger_4", "EB0_sadness_4"]) put(`nemo/${name}.wav`);
  });

  it("gives the subset that is asked for, whose name says so", async () => {
    const { dataset } = await listed("tess+nemo", { subset: { tess: { sentence: { every: 4 } } } });
    expect(dataset.name).toBe("tess + nemo, of tess every 4th sentence");
    expect(dataset.utterances.map(({ id }) => id).filter((id) => id.startsWith("tess"))).toEqual([
      "tess/OAF_angry/OAF_back_angry.wav",
      "tess/OAF_angry/OAF_bean_angry.wav",
      "tess/OAF_sad/OAF_back_sad.wav",
      "tess/OAF_sad/OAF_bean_sad.wav",
    ]);
  });
});

describe("several corpora in one list", () => {
  const open = (rows: readonly string[]): Promise<ListedData> => {
    const lines = rows.map((row, i) => {
      put(`list/${i}.wav`);
      return `${i}.wav,${row}`;
    });
    writeFileSync(join(folder, "list/list.csv"), ["file,corpus,speaker,label", ...lines].join("\n"));
    return listed(undefined, { data: [join(folder, "list/list.csv")] });
  };

  it.each([
    [
      ["a,x,anger", "a,x,sad", "b,y,anger", "b,z,anger"],
      /'b' has one class only, got 'anger', expected at least two/,
    ],
    [
      ["a,x,anger", "a,x,sad", "b,y,fear", "b,y,neutral"],
      /'a' shares no class with the other corpora, got anger, sadness, expected one of fear, neutral/,
    ],
  ])("are refused where one teaches its own sound only", async (rows, message) => {
    await expect(open(rows)).rejects.toMatchObject({
      code: "corpus/one-class",
      message: expect.stringMatching(message),
    });
  });

  it("leak where they share a speaker and whole corpora are left out", async () => {
    const { dataset } = await open(["a,x,anger", "a,y,sad", "b,y,anger", "b,z,sad"]);
    const leaks = findLeaks(dataset, foldsFromSpec("corpus", dataset, { seed: 1 }));
    expect(leaks).toMatchObject([{ kind: "speaker", count: 1, examples: ["y"] }]);
  });
});

describe("folders side by side that name no corpus", () => {
  const data = ["mine", "yours"].map((name) => join(folder, name));
  beforeAll(() => {
    for (const [place, speakers] of [
      ["mine", ["anna", "ben", "carl"]],
      ["yours", ["anna", "dora", "emil"]],
    ] as const)
      for (const speaker of speakers)
        for (const word of place === "mine" ? ["angry", "sad"] : ["Wut", "sad"])
          for (const take of [1, 2]) put(`${place}/${speaker}_${word}_${take}.wav`);
  });

  it("are a corpus each where whole corpora are left out, and leak whoever is in both", async () => {
    const { dataset } = await listed(undefined, { data, eachACorpus: true });
    const splits = foldsFromSpec("corpus", dataset, { seed: 1 });
    expect(splits.map(({ name, test }) => [name, test.length])).toEqual([
      ["to-mine", 12],
      ["to-yours", 12],
    ]);
    expect(findLeaks(dataset, splits)).toMatchObject([{ kind: "speaker", examples: ["anna"] }]);
  });

  it("are refused with what helps where they are not", async () => {
    const { dataset } = await listed(undefined, { data: data.slice(0, 1), eachACorpus: true });
    expect(() => foldsFromSpec("corpus", dataset, { seed: 1 })).toThrow(
      /has no corpus, expected folders or lists side by side, .*--data A --data B.*column 'corpus'/,
    );
  });

  it("have words for one emotion in several languages, which a label map takes as one, and else a sentence about it", async () => {
    expect((await listed(undefined, { data })).labelMap.classes).toEqual(["anger", "sadness"]);
    const said: string[] = [];
    await openSource({ data }, { onWarning: (text) => said.push(text) });
    expect(said.join("\n")).toMatch(
      /--label-map common-7 takes words for one emotion as one \('angry' = 'wut'\)/,
    );
  });
});

describe("a recipe", () => {
  it("says what it is for and where that was looked for", async () => {
    const recipe = { corpus: "tess+savee", labelMap: "common-7", folds: "corpus", seed: 1 };
    const data = [join(folder, "tess")];
    const plan = { ...recipe, recipe, data } as unknown as AskedPlan;
    await expect(openRun(plan)).rejects.toMatchObject({
      code: "split/invalid",
      message: expect.stringContaining(
        `the recipe is for tess, savee, of which savee is not in '${data[0]}': expected --data for each`,
      ),
    });
  });
});
