/** `evaluate --robustness` on RAVDESS: what gain must not change, and noise must. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { corpus, root } from "../../../../test/corpora.js";
import { evaluateRun } from "./evaluate-run.js";

describe.skipIf(!corpus("ravdess"))("robustness, RAVDESS (UNDERTONE_CORPORA/ravdess)", () => {
  it("gain changes no answer of a level-free model, more noise hurts more", async () => {
    const plan = {
      data: [corpus("ravdess")!],
      features: "seed-v1",
      model: { kind: "logistic-regression", params: { C: 0.01 } },
      folds: join(root, "data/folds/ravdess.json"),
      seed: 1,
      robustness: { clips: 24, noise: [] },
    };
    const { classes: result } = await evaluateRun(plan);
    const { clips, clean, conditions } = result!.robustness!;
    const of = (name: string) => conditions.find((one) => one.name === name)!;
    expect(clips).toBe(24);
    for (const one of conditions) expect(one.unheard).toBe(0);
    for (const one of conditions.filter(({ name }) => name.startsWith("gain")))
      expect(one.changed).toBeLessThan(0.05);
    const { asTheyAre } = result!.robustness!;
    expect(asTheyAre.uar).toBe(clean);
    expect(asTheyAre.answered).toBeGreaterThan(0.9);
    expect(of("telephone, A-law").confidence).not.toBe(of("mobile telephone, GSM").confidence);
    for (const one of conditions) expect(one.ofClean).toBeCloseTo(one.uar / clean, 9);
    expect(of("white noise, 0 dB SNR").uar).toBeLessThan(clean - 0.2);
    expect(of("white noise, 0 dB SNR").changed).toBeGreaterThan(of("small room, 0.3 s").changed);
  });
});
