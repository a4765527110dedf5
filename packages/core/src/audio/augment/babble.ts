/** Other people talking. */
import { changeSpeed } from "../change-speed.js";
import { resample } from "../resample.js";
import type { Waveform } from "../waveform.js";
import { defineAugmentation } from "./augmentation.js";
import { mixNoise, speechFrames, speechPower } from "./speech-level.js";

/** How fast or slow the recording's own voice is played to be another's. */
const speeds = { slowest: 0.75, fastest: 1.35 };

/** Returns the waveform without its pauses. */
function withoutPauses(wave: Waveform): Waveform {
  const frames = speechFrames(wave);
  const samples = new Float32Array(frames.reduce((sum, { from, to }) => sum + to - from, 0));
  let at = 0;
  for (const { from, to } of frames) {
    samples.set(wave.samples.subarray(from, to), at);
    at += to - from;
  }
  return { samples, sampleRate: wave.sampleRate };
}

/**
 * Equally loud voices without pauses, each from a random place on and repeated where it is shorter, their sum `snrDb` below the power of the
 * speech. `recordings` names them, one a line, and `voices` are taken in turn; where it is empty each is the waveform's own voice, faster
 * or slower and backwards, so that nobody understands it.
 */
export const babble = defineAugmentation({
  kind: "babble",
  summary: "Several other voices, at a signal-to-noise ratio in dB.",
  parameters: {
    snrDb: { least: -40, most: 100 },
    voices: { default: 6, least: 1, most: 100 },
    recordings: { default: "" },
  },
  apply(wave, { snrDb, voices, recordings }, { random, recording }) {
    const { samples, sampleRate } = wave;
    const names = recordings.split("\n").filter((name) => name !== "");
    if (names.length > 0 && !recording)
      throw new RangeError(`babble: nothing gives the recording '${names[0]}'`);
    const own = names.length === 0 ? withoutPauses(wave) : undefined;
    const sum = new Float32Array(samples.length);
    for (let v = 0; v < Math.round(voices); v++) {
      const factor = speeds.slowest + (speeds.fastest - speeds.slowest) * random.next();
      const voice = own
        ? changeSpeed(own, Math.round(100 * factor) / 100)
        : withoutPauses(resample(recording!(names[v % names.length]), sampleRate));
      const { length } = voice.samples;
      if (length === 0) continue;
      if (own) voice.samples.reverse();
      const level = 1 / Math.sqrt(speechPower(voice));
      const start = random.integer(length);
      for (let i = 0; i < sum.length; i++) sum[i] += level * voice.samples[(start + i) % length];
    }
    return mixNoise(wave, sum, snrDb);
  },
});
