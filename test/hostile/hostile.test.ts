/** Five hundred hostile files: whatever is in them, what comes out is an answer or an error of ours. `npm run hostile` tries twenty thousand, with time and memory watched. */
import { expect, it } from "vitest";
import { hostileInputs } from "./subjects.js";

it("answers hostile files with nothing but errors of its own", async () => {
  const inputs = await hostileInputs(1);
  const outcomes = new Map<string, number>();
  const foreign: string[] = [];
  for (let index = 0; index < 500; index++) {
    const { name, outcome, ...of } = await inputs.run(index);
    if (of.foreign) foreign.push(`${name}: ${outcome}`);
    else outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect(foreign).toEqual([]);
  // Hostile enough to be refused for many reasons, and not so broken that nothing is read.
  expect(outcomes.get("ok")).toBeGreaterThan(50);
  expect(outcomes.size).toBeGreaterThan(10);
});
