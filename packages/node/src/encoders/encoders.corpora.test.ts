/** A real encoder from a file (`UNDERTONE_ENCODER`), on real clips. */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFeatureSet } from "@undertone/core/features";
import { afterAll, describe, expect, it } from "vitest";
import { corpus, root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { evaluateRun } from "../runs/evaluate-run.js";
import { addEncoder } from "./add-encoder.js";
import { completeFeatures } from "./complete-features.js";
import { nodeEncoderResources } from "./encoder-resources.js";

const file = process.env.UNDERTONE_ENCODER ?? "";
const golden = JSON.parse(readFileSync(join(root, "test/golden/moonshine-encoder.json"), "utf8")) as {
  readonly sha256: string;
  readonly clips: Readonly<Record<string, { readonly frames: number; readonly values: readonly number[] }>>;
};
const isThere = existsSync(file);
const before = process.env.UNDERTONE_CACHE;
const cache = await mkdtemp(join(tmpdir(), "undertone-encoder-"));
process.env.UNDERTONE_CACHE = cache; // the test adds nothing to the user's own encoders
afterAll(async () => {
  if (before === undefined) delete process.env.UNDERTONE_CACHE;
  else process.env.UNDERTONE_CACHE = before;
  await rm(cache, { recursive: true, force: true });
});
const record = isThere ? await addEncoder(file) : undefined;
const isGolden = record?.sha256 === golden.sha256;
const ravdess = corpus("ravdess");

describe("a real encoder (UNDERTONE_ENCODER)", () => {
  it.skipIf(!isThere)(
    "gives finite frames of a clip, the same ones twice, and others of another clip",
    async () => {
      const id = await completeFeatures(`encoder:${record!.name}:${record!.sha256}`);
      const set = await openFeatureSet(id, nodeEncoderResources());
      const [first, second] = await Promise.all(Object.keys(golden.clips).map(exampleClip));
      const rows = await set.extract({ samples: first!, sampleRate: 16000 });
      expect(rows.data.every(Number.isFinite)).toBe(true);
      expect((await set.extract({ samples: first!, sampleRate: 16000 })).data).toEqual(rows.data);
      expect((await set.extract({ samples: second!, sampleRate: 16000 })).data).not.toEqual(rows.data);
      await set.close?.();
    },
  );

  it.skipIf(!isGolden)("is Moonshine's, with the frames that Python's ONNX Runtime gives", async () => {
    const id = await completeFeatures(`encoder:${record!.name}:${record!.sha256}:pool=none:scale=none`);
    const set = await openFeatureSet(id, nodeEncoderResources());
    for (const [clip, { frames, values }] of Object.entries(golden.clips)) {
      const { rows, data } = await set.extract({ samples: await exampleClip(clip), sampleRate: 16000 });
      expect(rows).toBe(frames);
      // Weights of eight bits: a runtime that rounds one product otherwise moves a value by some thousandths.
      expect(Float32Array.from(values, (_, i) => data[i * 97])).toBeAllClose(values, {
        rtol: 0,
        atol: 0.05,
      });
    }
    await set.close?.();
  });

  it.skipIf(!isGolden)("is cut to its six layers, the uppermost of which is its output", async () => {
    const short = `encoder:${record!.name}:${record!.sha256}`;
    const wave = { samples: await exampleClip(Object.keys(golden.clips)[0]), sampleRate: 16000 };
    const rows: Float32Array[] = [];
    for (const layer of ["1", "5", "6", "last"]) {
      const id = await completeFeatures(`${short}:layer=${layer}`);
      const set = await openFeatureSet(id, nodeEncoderResources());
      rows.push((await set.extract(wave)).data);
      await set.close?.();
    }
    expect(rows[2]).toEqual(rows[3]);
    for (const [i, j] of [
      [0, 1],
      [1, 2],
    ] as const)
      expect(rows[i]).not.toBeAllClose(rows[j], { rtol: 0.1, atol: 0.1 });
    await expect(completeFeatures(`${short}:layer=7`)).rejects.toMatchObject({ code: "features/unknown" });
  });

  it.skipIf(!isGolden || !ravdess)(
    "hears emotions of unseen RAVDESS speakers: UAR at least .65",
    async () => {
      const { classes: result } = await evaluateRun({
        data: [ravdess!],
        features: `encoder:${record!.name}:${record!.sha256}`,
        model: { kind: "ridge-classifier", params: {} },
        folds: join(root, "data/folds/ravdess.json"),
        seed: 1,
      });
      expect(result!.uar).toBeGreaterThan(0.65);
    },
  );
});
