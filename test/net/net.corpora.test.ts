/** The net over the corpora: what today's code says of their recordings, and of each recipe, is what was recorded before. */
import { describe, expect, it } from "vitest";
import { corpora } from "../corpora.js";
import { differences, readGolden } from "./golden.js";
import { type Part, partsWhere } from "./parts.js";

async function asRecorded(_: string, part: Part): Promise<void> {
  expect(differences(await part.compute(), readGolden(part.golden), part.allowed)).toEqual([]);
}

describe.skipIf(!corpora)("the net (needs the corpora, see UNDERTONE_CORPORA)", () => {
  it.each(partsWhere({ needsCorpora: true }))("%s: as recorded", asRecorded);
  it
    .skipIf(process.env.UNDERTONE_ALL_RECIPES === undefined)
    .each(partsWhere({ needsCorpora: true, long: true }))("%s: as recorded", asRecorded);
});
