/** The net over four corpora: what today's code says of their recordings is what was recorded before. */
import { describe, expect, it } from "vitest";
import { corpora } from "../corpora.js";
import { differences, readGolden } from "./golden.js";
import { partsWhere } from "./parts.js";

describe.skipIf(!corpora)("the net (needs the corpora, see UNDERTONE_CORPORA)", () => {
  it.each(partsWhere({ needsCorpora: true }))("%s: as recorded", async (_, part) => {
    expect(differences(await part.compute(), readGolden(part.golden), part.allowed)).toEqual([]);
  });
});
