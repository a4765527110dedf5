/** The conditions of the robustness table: what happens to speech on its way to a model. */
import type { AugmentStep } from "./augmentation.js";

/** One condition with a name for tables; its steps are those of `augment`. */
export interface Degradation {
  readonly name: string;
  readonly steps: readonly AugmentStep[];
}

const gains = [-20, -12, -6, 6, 12].map(
  (decibels): Degradation => ({
    name: `gain ${decibels > 0 ? "+" : "−"}${Math.abs(decibels)} dB`,
    steps: [{ kind: "gain", decibels }],
  }),
);

const noises = ["white", "pink"].flatMap((colour) =>
  [20, 10, 0].map(
    (snrDb): Degradation => ({
      name: `${colour} noise, ${snrDb} dB SNR`,
      steps: [{ kind: "noise", colour, snrDb }],
    }),
  ),
);

/** Every condition that needs nothing from outside, in the order of reports. */
export const degradations: readonly Degradation[] = [
  ...gains,
  ...noises,
  {
    name: "telephone",
    steps: [{ kind: "band-limit", lowHz: 300, highHz: 3400 }, { kind: "mu-law" }],
  },
  { name: "small room, 0.3 s", steps: [{ kind: "reverberation", seconds: 0.3, directDb: 3 }] },
  { name: "hall, 1.2 s", steps: [{ kind: "reverberation", seconds: 1.2, directDb: 0 }] },
];

/** Returns the conditions of recorded noises, name -> recording's name as `recorded-noise` takes it, at 20, 10 and 0 dB. */
export function recordedDegradations(recordings: Readonly<Record<string, string>>): Degradation[] {
  return Object.entries(recordings).flatMap(([name, recording]) =>
    [20, 10, 0].map((snrDb) => ({
      name: `${name}, ${snrDb} dB SNR`,
      steps: [{ kind: "recorded-noise", recording, snrDb }],
    })),
  );
}
