/** egemaps-v02-lld beside openSMILE and beside the functionals of the same descriptors; how far its stream is behind. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { random } from "../math/random.js";
import { egemapsV02 } from "./egemaps-v02.js";
import { egemapsV02Lld } from "./egemaps-v02-lld.js";

const sampleRate = 16000;
const golden = JSON.parse(await readFile(join(root, "test/golden/egemaps-lld.json"), "utf8")) as {
  names: string[];
  start: number;
  length: number;
  clips: Record<string, number[][]>;
};
/** Rows at the end of which openSMILE smooths two over fewer frames and settles the voicing by other means. */
const lastRows = 3;

/** Values of one column, ours and openSMILE's, but for the first row and the last ones. */
const pairs: [number, number][][] = golden.names.map(() => []);
for (const [file, rows] of Object.entries(golden.clips)) {
  const samples = (await exampleClip(file)).slice(golden.start, golden.start + golden.length);
  const found = egemapsV02Lld.extract({ samples, sampleRate });
  expect(found.rows).toBe(rows.length);
  for (let t = 1; t < rows.length - lastRows; t++)
    rows[t].forEach((value, i) => {
      pairs[i].push([found.data[t * found.cols + i], value]);
    });
}
const column = (name: string): [number, number][] => pairs[golden.names.indexOf(name)];
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("egemaps-v02-lld", () => {
  it("has the published names", () => expect(egemapsV02Lld.names).toEqual(golden.names));

  it.each(golden.names.slice(0, 10))("%s is openSMILE's", (name) => {
    const [ours, theirs] = [0, 1].map((k) => column(name).map((pair) => pair[k]));
    expect(ours).toBeAllClose(theirs!, { rtol: 1e-4, atol: 2e-4 });
  });

  // Where the voicing of a frame, a period or a pair of roots is another one, the values are; everywhere else they are the same.
  it.each(golden.names.slice(10))(
    "%s is openSMILE's in nine frames of ten and hardly another elsewhere",
    (name) => {
      const [ours, theirs] = [0, 1].map((k) => column(name).map((pair) => pair[k])) as [number[], number[]];
      const [ourMean, theirMean] = [mean(ours), mean(theirs)];
      const moment = (a: number[], b: number[], aMean: number, bMean: number): number =>
        mean(a.map((value, i) => (value - aMean) * (b[i] - bMean)));
      const [spread, theirSpread] = [
        moment(ours, ours, ourMean, ourMean),
        moment(theirs, theirs, theirMean, theirMean),
      ];
      const near = ours.filter((value, i) => Math.abs(value - theirs[i]) <= 0.01 * Math.sqrt(theirSpread));
      expect(near.length / ours.length).toBeGreaterThan(0.9);
      expect(moment(ours, theirs, ourMean, theirMean) / Math.sqrt(spread * theirSpread)).toBeGreaterThan(
        0.96,
      );
    },
  );

  it("has the descriptors that egemaps-v02 has the functionals of", async () => {
    const samples = await exampleClip("03-01-05-02-01-01-16.flac");
    const { rows, cols, data } = egemapsV02Lld.extract({ samples, sampleRate });
    const functionals = egemapsV02.extract({ samples, sampleRate }).data;
    const functional = (name: string): number => functionals[egemapsV02.names.indexOf(name)];
    const track = (name: string): number[] => {
      const i = egemapsV02Lld.names.indexOf(name);
      return Array.from({ length: rows }, (_, t) => data[t * cols + i]);
    };
    for (const name of ["F0semitoneFrom27.5Hz_sma3nz", "jitterLocal_sma3nz", "HNRdBACF_sma3nz"])
      expect(mean(track(name).filter((value) => value !== 0)), name).toBeAllClose(
        functional(`${name}_amean`),
        { rtol: 1e-5 },
      );
    expect(mean(track("Loudness_sma3"))).toBeAllClose(functional("loudness_sma3_amean"), { rtol: 0.02 });
  });

  it("is never more than half a second and a frame behind the samples", async () => {
    const rng = random(1);
    const speech = await exampleClip("03-01-05-02-01-01-16.flac");
    const noise = Float32Array.from({ length: 32000 }, () => 0.1 * rng.normal());
    const tones = Float32Array.from(noise, (value, n) => 0.3 * Math.sin(0.1 * n) + 0.1 * value);
    const stream = egemapsV02Lld.openStream!();
    let heard = 0;
    let rows = 0;
    for (const samples of [speech, noise, tones, new Float32Array(32000)]) {
      for (let at = 0; at < samples.length; at += 320) {
        const piece = samples.slice(at, at + 320);
        heard += piece.length;
        rows += (await stream.push(piece)).rows;
        expect(heard / 160 - rows).toBeLessThanOrEqual(50 + 6 + 2);
      }
    }
    rows += (await stream.finish()).rows;
    expect(rows).toBe(2 + Math.floor((heard - 960) / 160));
  });
});
