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

const telephoneBand: AugmentStep = { kind: "band-limit", lowHz: 300, highHz: 3400 };

/** Every condition that needs nothing from outside, in the order of reports. */
export const degradations: readonly Degradation[] = [
  ...gains,
  ...noises,
  {
    name: "babble, 10 dB SNR",
    steps: [{ kind: "babble", snrDb: 10 }],
  },
  { name: "music, 10 dB SNR", steps: [{ kind: "music", snrDb: 10 }] },
  { name: "8 kHz", steps: [{ kind: "band-limit", highHz: 3850 }] },
  { name: "telephone, µ-law", steps: [telephoneBand, { kind: "mu-law" }] },
  { name: "telephone, A-law", steps: [telephoneBand, { kind: "a-law" }] },
  { name: "mobile telephone, GSM", steps: [{ kind: "gsm" }] },
  { name: "small room, 0.3 s", steps: [{ kind: "reverberation", seconds: 0.3, directDb: 3 }] },
  { name: "hall, 1.2 s", steps: [{ kind: "reverberation", seconds: 1.2, directDb: 0 }] },
  {
    name: "far microphone",
    steps: [
      { kind: "reverberation", seconds: 0.8, directDb: -6 },
      { kind: "band-limit", lowHz: 100, highHz: 6500 },
      { kind: "noise", colour: "pink", snrDb: 20 },
    ],
  },
  { name: "clipping, 5 %", steps: [{ kind: "clip", percent: 5 }] },
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
