/** Keeps what a network takes for speech. */
import type { Conditioner } from "./conditioner.js";
import { sileroVadFile, speechSegments } from "./silero-vad.js";

/** Cuts before the first and after the last stretch of speech that Silero hears; pauses in between stay. */
export const speechOnly: Conditioner<"threshold" | "marginSeconds"> = {
  kind: "speech-only",
  summary: "Cuts what lies before and after speech, by the Silero network.",
  parameters: {
    threshold: { default: 0.5, least: 0.01, most: 0.99 },
    marginSeconds: { default: 0.05, least: 0, most: 10 },
  },
  file: sileroVadFile,
  keepsLength: false,
  async apply(wave, { threshold, marginSeconds }, { voiceActivity }) {
    const detector = await voiceActivity();
    const segments = speechSegments(await detector.probabilities(wave), {
      threshold,
      padSeconds: marginSeconds,
    });
    const [first, last] = [segments[0], segments.at(-1)];
    if (!first || !last) return wave;
    const { samples, sampleRate } = wave;
    return {
      samples: samples.slice(Math.floor(first.start * sampleRate), Math.ceil(last.end * sampleRate)),
      sampleRate,
    };
  },
};
