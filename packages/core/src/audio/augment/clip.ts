/** A recording that was taken too loud. */
import { defineAugmentation } from "./augmentation.js";
import { speechFrames } from "./speech-level.js";

/** The samples are cut off at the size that `percent` of those in the speech exceed (pauses do not count); nothing is made louder. */
export const clip = defineAugmentation({
  kind: "clip",
  summary: "Recorded too loud: so many per cent of the samples in the speech are cut off.",
  parameters: { percent: { default: 5, least: 0, most: 90 } },
  apply({ samples, sampleRate }, { percent }) {
    const sizes = Float32Array.from(
      speechFrames({ samples, sampleRate }).flatMap(({ from, to }) => [...samples.subarray(from, to)]),
      Math.abs,
    ).sort();
    const limit = sizes.length > 0 ? sizes[Math.floor((sizes.length - 1) * (1 - percent / 100))] : 0;
    return { samples: samples.map((x) => Math.max(-limit, Math.min(limit, x))), sampleRate };
  },
});
