/** Tests of several sets joined into one. */
import { describe, expect, it } from "vitest";
import { matrixFromRows } from "../math/matrix.js";
import { compositeFeatureSet } from "./composite-feature-set.js";
import type { EncoderSet } from "./encoder-set.js";
import type { FeatureSet } from "./feature-set.js";
import { anyFeatureSet } from "./feature-sets.js";

const wave = { samples: Float32Array.of(1, 2), sampleRate: 16000 };
const resources = {
  runtime: { name: "none", load: () => Promise.reject(new Error("not asked for")) },
  encoderFile: () => Promise.reject(new Error("not asked for")),
};

function plain(id: string, names: readonly string[], change: Partial<FeatureSet> = {}): FeatureSet {
  return {
    id,
    names,
    level: "functionals",
    sampleRate: 16000,
    levelFree: true,
    extract: ({ samples }) => matrixFromRows([names.map((_, i) => samples[0] + i)]),
    ...change,
  };
}

/** A set that is opened, and tells whether it is open. */
function opened(id: string, fails = false): { set: EncoderSet; isOpen: () => boolean } {
  let open = false;
  const { extract, ...facts } = plain(id, ["a"]);
  const set: EncoderSet = {
    ...facts,
    files: [],
    async open() {
      if (fails) throw new Error("does not open");
      open = true;
      return {
        ...facts,
        extract: async (given) => extract(given),
        close: async () => {
          open = false;
        },
      };
    },
  };
  return { set, isOpen: () => open };
}

describe("compositeFeatureSet", () => {
  it("puts the rows side by side under the parts' names, and closes what it opened", async () => {
    const { set, isOpen } = opened("two");
    const both = compositeFeatureSet([plain("one", ["a", "b"]), set]);
    expect(both).toMatchObject({ id: "one+two", names: ["one:a", "one:b", "two:a"], levelFree: true });
    const ready = await both.open(resources);
    const { rows, cols, data } = await ready.extract(wave);
    expect([rows, cols, ...data]).toEqual([1, 3, 1, 2, 1]);
    await ready.close?.();
    expect(isOpen()).toBe(false);
  });

  it("depends on the level when one part does", () => {
    const loud = plain("loud", ["a"], { levelFree: false });
    expect(compositeFeatureSet([plain("one", ["a"]), loud]).levelFree).toBe(false);
  });

  it("leaves nothing open when one part does not open", async () => {
    const good = opened("good");
    const both = compositeFeatureSet([good.set, opened("bad", true).set]);
    await expect(both.open(resources)).rejects.toThrow("does not open");
    expect(good.isOpen()).toBe(false);
  });

  it.each([
    ["a row per frame", [plain("one", ["a"]), plain("two", ["a"], { level: "embedding" })]],
    ["8000 Hz", [plain("one", ["a"]), plain("two", ["a"], { sampleRate: 8000 })]],
  ])("refuses parts that do not go together: %s", (why, parts) => {
    expect(() => compositeFeatureSet(parts)).toThrow(why);
  });

  it("is found by its id; a part that is not known or named twice is refused", () => {
    expect(anyFeatureSet("seed-v1+speech-embedding-v1").names).toHaveLength(416 + 3456);
    expect(() => anyFeatureSet("seed-v1+nothing")).toThrow(/'nothing'/);
    expect(() => anyFeatureSet("seed-v1+seed-v1")).toThrow(/twice/);
  });
});
