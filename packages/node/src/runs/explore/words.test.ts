/** What an exploration comes to, in words. */
import { describe, expect, it } from "vitest";
import type { Agreement, Exploration } from "./exploration.js";
import { findings, index } from "./words.js";

const agreement = (of: Agreement["of"], ari: number | null): Agreement => ({
  of,
  ari,
  nmi: ari,
  values: [],
  clusters: [],
  counts: [],
});

/** Returns the sentence about the groups. */
function groups(clusters: number, agreements: readonly Agreement[]): string {
  const exploration = {
    utterances: [],
    distinct: 0,
    clustering: { kind: "hdbscan", clusters, agreements },
    labels: { skipped: "why" },
    outliers: [],
  } as unknown as Exploration;
  return findings(exploration)[0];
}

describe("findings", () => {
  it("say each agreement once", () => {
    expect(groups(8, [agreement("label", 0.54), agreement("sex", 0.1)])).toBe(
      "Left to themselves, the clips fall into 8 clusters, which agree best with the label (adjusted Rand index 0.54).",
    );
    expect(groups(2, [agreement("label", 0.031), agreement("sex", 0.21)])).toBe(
      "Left to themselves, the clips fall into 2 clusters, which agree best with the sex (adjusted Rand index 0.21; with the label 0.03).",
    );
  });

  it("claim no agreement where there is none, and no groups", () => {
    expect(groups(2, [agreement("sex", 0.02)])).toContain("agree with nothing that is known of them");
    expect(groups(1, [agreement("label", 0)])).toMatch(/fall into 1 cluster\.$/);
    expect(groups(2, [])).toMatch(/fall into 2 clusters\.$/);
    expect(groups(0, [agreement("label", null)])).toBe(
      "No clusters stand out: hdbscan leaves every clip out.",
    );
  });

  it("show no sign of what rounds to 0, and a dash for what is not", () => {
    expect([index(-0.0001, 3), index(-0.2, 1), index(null)]).toEqual(["0.000", "-0.2", "–"]);
  });
});
