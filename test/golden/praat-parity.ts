/** How far the measures behind prosody-v1 agree with Praat's. */
import {
  type ProsodyDescriptors,
  prosodyDescriptors,
} from "../../packages/core/src/features/prosody/descriptors.js";
import { mean, percentiles, standardDeviation } from "../../packages/core/src/math/statistics.js";

/** A file that `scripts/praat_prosody.py` wrote: the measures of each clip, by its path. */
export interface PraatGolden {
  readonly praat: string;
  readonly clips: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Greatest difference from Praat, the median over clips: a share of Praat's value, or dB where the name says so. */
export const praatBars: Readonly<Record<string, number>> = {
  "f0Hz.mean": 0.001,
  "f0Hz.std": 0.01,
  voicedFrames: 0.005,
  "hnrDb.mean": 0.05,
  "jitter.local": 0.05,
  "jitter.rap": 0.05,
  "jitter.ppq5": 0.05,
  "jitter.ddp": 0.05,
  "shimmer.local": 0.02,
  "shimmer.localDb": 0.02,
  "shimmer.apq3": 0.02,
  "shimmer.apq5": 0.02,
  "intensityDb.p50": 0.01,
  "intensityDb.p95": 0.01,
  "formant1.mean": 0.03,
  "formant2.mean": 0.03,
  "formant3.mean": 0.03,
  soundingSeconds: 0.05,
};

/** Returns the differences of one clip, by the names of the bars. */
export function praatDifferences(
  samples: Float32Array,
  expected: Readonly<Record<string, number>>,
): Record<string, number> {
  const found = measures(prosodyDescriptors(samples));
  return Object.fromEntries(
    Object.keys(praatBars).map((name) => {
      const difference = Math.abs(found[name] - expected[name]);
      return [name, /Db\./.test(name) ? difference : difference / Math.abs(expected[name])];
    }),
  );
}

function measures(descriptors: ProsodyDescriptors): Record<string, number> {
  const { pitch, jitter, shimmer, hnrDb, intensity, formants, sounding } = descriptors;
  const voiced = pitch.f0Hz.filter((hz) => hz > 0);
  const [p50, p95] = percentiles(intensity.levelDb, [50, 95]);
  const formant = (i: number): number =>
    mean(
      formants.filter(({ frequencyHz }) => frequencyHz.length > i).map(({ frequencyHz }) => frequencyHz[i]),
    );
  return {
    "f0Hz.mean": mean(voiced),
    "f0Hz.std": standardDeviation(voiced),
    voicedFrames: voiced.length,
    "hnrDb.mean": mean(hnrDb),
    ...Object.fromEntries(Object.entries(jitter).map(([kind, value]) => [`jitter.${kind}`, value])),
    ...Object.fromEntries(Object.entries(shimmer).map(([kind, value]) => [`shimmer.${kind}`, value])),
    "intensityDb.p50": p50!,
    "intensityDb.p95": p95!,
    "formant1.mean": formant(0),
    "formant2.mean": formant(1),
    "formant3.mean": formant(2),
    soundingSeconds: sounding.reduce((sum, { start, end }) => sum + end - start, 0),
  };
}
