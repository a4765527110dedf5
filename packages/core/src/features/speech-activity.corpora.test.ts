/** Speech activity over whole corpora: nearly all speech is heard, nearly no noise is. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { corpus } from "../../../../test/corpora.js";
import { decodeFlac } from "../../../../test/golden/signals.js";
import { speechActivity } from "./speech-activity.js";

const sampleRate = 16000;

function files(folder: string, every = 1): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".flac"))
    .sort()
    .filter((_, i) => i % every === 0)
    .map((name) => join(folder, name));
}

/** Returns the verdicts over whole files, or over all windows of so many seconds. */
async function verdicts(paths: readonly string[], windowSeconds?: number): Promise<string[]> {
  const result: string[] = [];
  for (const path of paths) {
    const samples = await decodeFlac(path);
    const size = windowSeconds === undefined ? samples.length : windowSeconds * sampleRate;
    for (let start = 0; start + size <= samples.length; start += size) {
      result.push(speechActivity({ samples: samples.subarray(start, start + size), sampleRate }).verdict);
    }
  }
  return result;
}

const share = (list: readonly string[]): number =>
  list.filter((verdict) => verdict === "speech").length / list.length;

describe.skipIf(!corpus("ravdess"))("speechActivity on RAVDESS (needs corpora/ravdess)", () => {
  it("hears speech in at least 1436 of 1440 clips", async () => {
    const list = await verdicts(files(corpus("ravdess")!));
    expect(list).toHaveLength(1440);
    expect(list.filter((verdict) => verdict !== "speech").length).toBeLessThanOrEqual(4);
  });
});

describe.skipIf(!corpus("tess"))("speechActivity on TESS (needs corpora/tess)", () => {
  it("hears speech in every fifth clip", async () => {
    expect(share(await verdicts(files(corpus("tess")!, 5)))).toBeGreaterThan(0.995);
  });
});

describe.skipIf(!corpus("noise"))("speechActivity on noise (needs corpora/noise)", () => {
  const esc10 = ["2-rain", "3-sea-waves", "5-clock-tick", "7-helicopter", "8-chainsaw", "10-fire-crackling"];
  const long = ["doing_the_dishes", "exercise_bike", "pink_noise", "running_tap", "white_noise"];

  it.each([1, 2, 4])("hears speech in at most one of fifty windows of %i s", async (seconds) => {
    const noise = corpus("noise")!;
    const paths = [
      ...esc10.flatMap((name) => files(join(noise, "esc10", name))),
      ...long.map((name) => join(noise, "speech-commands", `${name}.flac`)),
    ];
    const list = await verdicts(paths, seconds);
    expect(list.length).toBeGreaterThan(100);
    expect(share(list)).toBeLessThanOrEqual(0.02);
  });
});
