/** Recorded noise at a given signal-to-noise ratio. */
import { resample } from "../resample.js";
import { defineAugmentation } from "./augmentation.js";
import { mixNoise } from "./speech-level.js";

/** A stretch of the named recording from a random place on, repeated where it is shorter, `snrDb` below the power of the speech. */
export const recordedNoise = defineAugmentation({
  kind: "recorded-noise",
  summary: "A recording of noise, from a random place on, at a signal-to-noise ratio in dB.",
  parameters: { snrDb: { least: -40, most: 100 }, recording: {} },
  apply(wave, { snrDb, recording: name }, { random, recording }) {
    if (!recording) throw new RangeError(`recorded-noise: nothing gives the recording '${name}'`);
    const { samples } = resample(recording(name), wave.sampleRate);
    if (samples.length === 0) throw new RangeError(`recorded-noise: the recording '${name}' is empty`);
    const start = random.integer(samples.length);
    const stretch = Float32Array.from(wave.samples, (_, i) => samples[(start + i) % samples.length]);
    return mixNoise(wave, stretch, snrDb);
  },
});
