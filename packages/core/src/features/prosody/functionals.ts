/** The functionals of `prosody-v1`: named statistics of the descriptors of one clip. */
import type { PitchContour } from "../../dsp/autocorrelation-pitch.js";
import type { IntensityContour } from "../../dsp/intensity.js";
import { mean, percentiles, slope, standardDeviation } from "../../math/statistics.js";
import type { ProsodyDescriptors } from "./descriptors.js";

/** Statistics with their names, in the order of the feature vector. */
export interface NamedValues {
  readonly names: string[];
  readonly values: number[];
}

/** F0 in semitones is counted from here. */
const semitoneReferenceHz = 100;
const percents = [5, 25, 50, 75, 95] as const;
const formantCount = 3;

type Add = (name: string, value: number) => void;
type Family = (descriptors: ProsodyDescriptors, add: Add) => void;

/** Returns the values of `prosody-v1`, a statistic without data as 0. */
export function prosodyFunctionals(descriptors: ProsodyDescriptors): NamedValues {
  const names: string[] = [];
  const values: number[] = [];
  const add: Add = (name, value) => {
    names.push(name);
    values.push(Number.isFinite(value) ? value : 0);
  };
  for (const family of [pitch, voice, intensity, formants, rhythm]) family(descriptors, add);
  return { names, values };
}

const pitch: Family = ({ pitch: contour }, add) => {
  const voiced = contour.f0Hz.filter((hz) => hz > 0);
  addSpread("f0.hz", voiced, add);
  const semitones = contour.f0Hz.map((hz) =>
    hz > 0 ? 12 * Math.log2(hz / semitoneReferenceHz) : Number.NaN,
  );
  const known = semitones.filter((value) => !Number.isNaN(value));
  add("f0.semitones.mean", mean(known));
  add("f0.semitones.std", standardDeviation(known));
  const [low, high] = percentiles(known, [5, 95]);
  add("f0.semitones.range", high! - low!);
  addSlopes("f0.semitones", semitones, contour, add);
};

const voice: Family = ({ jitter, shimmer, hnrDb }, add) => {
  add("jitter.local", jitter.local);
  add("jitter.rap", jitter.rap);
  add("jitter.ppq5", jitter.ppq5);
  add("shimmer.local", shimmer.local);
  add("shimmer.localDb", shimmer.localDb);
  add("shimmer.apq3", shimmer.apq3);
  add("shimmer.apq5", shimmer.apq5);
  add("hnr.db.mean", mean(hnrDb));
  add("hnr.db.std", standardDeviation(hnrDb));
};

/** Between the first and the last sound, pauses left out. */
const intensity: Family = ({ intensity: contour, sounding }, add) => {
  const { levelDb, firstSeconds, stepSeconds } = contour;
  const heard = levelDb.map((level, t) => {
    const seconds = firstSeconds + t * stepSeconds;
    return sounding.some(({ start, end }) => seconds > start && seconds < end) ? level : Number.NaN;
  });
  addSpread(
    "intensity.db",
    heard.filter((level) => !Number.isNaN(level)),
    add,
  );
  addSlopes("intensity.db", heard, contour, add);
};

const formants: Family = ({ formants: frames }, add) => {
  for (let i = 0; i < formantCount; i++) {
    const found = frames.filter(({ frequencyHz }) => frequencyHz.length > i);
    const hz = found.map(({ frequencyHz }) => frequencyHz[i]);
    add(`formant${i + 1}.hz.mean`, mean(hz));
    add(`formant${i + 1}.hz.std`, standardDeviation(hz));
    // A resonance that is hardly one has a width of any size: the median does not mind.
    add(
      `formant${i + 1}.bandwidthHz.p50`,
      percentiles(
        found.map(({ bandwidthHz }) => bandwidthHz[i]),
        [50],
      )[0],
    );
  }
};

const rhythm: Family = ({ pitch: contour, sounding, syllables }, add) => {
  const first = sounding[0]?.start ?? 0;
  const last = sounding.at(-1)?.end ?? 0;
  const speaking = sounding.reduce((sum, { start, end }) => sum + end - start, 0);
  const pauses = sounding.slice(1).map(({ start }, i) => start - sounding[i].end);
  const nuclei = syllables.filter((seconds) => seconds >= first && seconds <= last).length;
  add("rhythm.syllablesPerSecond", nuclei / (last - first));
  add("rhythm.syllablesPerSpeakingSecond", nuclei / speaking);
  add("rhythm.speakingShare", speaking / (last - first));
  add(
    "rhythm.voicedShare",
    (contour.f0Hz.filter((hz) => hz > 0).length * contour.stepSeconds) / (last - first),
  );
  add("pause.count", pauses.length);
  add("pause.seconds.mean", mean(pauses));
  add(
    "pause.seconds.sum",
    pauses.reduce((sum, seconds) => sum + seconds, 0),
  );
};

/** Mean, deviation, percentiles and the range between the outer two. */
function addSpread(name: string, values: Float64Array, add: Add): void {
  add(`${name}.mean`, mean(values));
  add(`${name}.std`, standardDeviation(values));
  const found = percentiles(values, percents);
  percents.forEach((percent, i) => {
    add(`${name}.p${percent}`, found[i]);
  });
  add(`${name}.range`, found.at(-1)! - found[0]);
}

/** Slopes a second: of the line through all frames, and the means of rises, falls and magnitudes from frame to frame; NaN is a gap. */
function addSlopes(
  name: string,
  track: Float64Array,
  { stepSeconds }: PitchContour | IntensityContour,
  add: Add,
): void {
  const frames = Array.from(track.keys()).filter((t) => !Number.isNaN(track[t]));
  add(
    `${name}.slope`,
    slope(
      frames.map((t) => track[t]),
      frames,
    ) / stepSeconds,
  );
  const steps = Array.from(track.subarray(1), (value, t) => (value - track[t]) / stepSeconds).filter(
    (step) => !Number.isNaN(step),
  );
  add(`${name}.slope.rising`, mean(steps.filter((step) => step > 0)));
  add(`${name}.slope.falling`, mean(steps.filter((step) => step < 0)));
  add(`${name}.slope.magnitude`, mean(steps.map(Math.abs)));
}

/** Returns the names in their order, from the descriptors of nothing. */
export function prosodyFunctionalNames(): readonly string[] {
  const nothing = new Float64Array(0);
  const grid = { firstSeconds: 0, stepSeconds: 0.01 };
  return prosodyFunctionals({
    pitch: { ...grid, f0Hz: nothing },
    jitter: { local: 0, rap: 0, ppq5: 0, ddp: 0 },
    shimmer: { local: 0, localDb: 0, apq3: 0, apq5: 0 },
    hnrDb: nothing,
    intensity: { ...grid, levelDb: nothing },
    formants: [],
    sounding: [],
    syllables: [],
  }).names;
}
