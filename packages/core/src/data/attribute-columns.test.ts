/** One-hot columns in closed form. */
import { describe, expect, it } from "vitest";
import { matrixFromRows } from "../math/matrix.js";
import { withAttributes } from "./attribute-columns.js";
import { functionalsTable } from "./feature-table.js";
import type { Dataset } from "./utterance.js";

const utterance = (id: string, attributes: Record<string, string>) => ({
  id,
  file: id,
  speaker: id,
  attributes,
});
const dataset: Dataset = {
  name: "made",
  utterances: [
    utterance("a", { sex: "male", age: "30" }),
    utterance("b", { sex: "female" }),
    utterance("c", { copyOf: "a" }),
    // Not in the table: its value still has a column.
    utterance("d", { age: "40" }),
  ],
};
const table = functionalsTable(["b", "a", "c"], ["x"], matrixFromRows([[1], [2], [3]]));

describe("withAttributes", () => {
  it("adds a column for each value, in order of names", () => {
    const { names, frames, ids } = withAttributes(table, dataset, ["sex", "age"]);
    expect(names).toEqual(["x", "sex=female", "sex=male", "age=30", "age=40"]);
    expect(ids).toEqual(table.ids);
    expect([...frames.data]).toEqual([1, 1, 0, 0, 0, 2, 0, 1, 1, 0, 3, 0, 0, 0, 0]);
  });

  it("repeats an utterance's columns in each of its rows", () => {
    const frames = {
      ...table,
      frames: matrixFromRows([[1], [2], [3], [4]]),
      offsets: Uint32Array.of(0, 2, 3, 4),
    };
    expect([...withAttributes(frames, dataset, ["sex"]).frames.data]).toEqual([
      1, 1, 0, 2, 1, 0, 3, 0, 1, 4, 0, 0,
    ]);
  });

  it("refuses what no utterance has, what tells of other utterances, and what has too many values", () => {
    const many = {
      name: "many",
      utterances: Array.from({ length: 51 }, (_, i) => utterance(`u${i}`, { take: String(i) })),
    };
    expect(() => withAttributes(table, dataset, ["sexx"])).toThrow(/did you mean 'sex'\?/);
    expect(() => withAttributes(table, dataset, ["copyOf"])).toThrow(
      expect.objectContaining({ code: "usage/bad-value" }),
    );
    expect(() => withAttributes(table, many, ["take"])).toThrow(/51 values/);
  });
});
