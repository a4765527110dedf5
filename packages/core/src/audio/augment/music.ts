/** Music in the background, made on the spot. */
import type { Random } from "../../math/random.js";
import { defineAugmentation } from "./augmentation.js";
import { mixNoise } from "./speech-level.js";

/** Progressions of four chords as semitones above the key, and whether each is minor. */
const progressions = [
  [
    [0, 0],
    [7, 0],
    [9, 1],
    [5, 0],
  ],
  [
    [0, 1],
    [8, 0],
    [3, 0],
    [10, 0],
  ],
  [
    [2, 1],
    [7, 0],
    [0, 0],
    [9, 1],
  ],
] as const;

/** A tone of eight harmonics, whose powers fall by `brightness` each, struck at `from` and dying away in `seconds`. */
function addTone(
  out: Float32Array,
  sampleRate: number,
  tone: { hz: number; from: number; seconds: number; level: number; brightness: number },
): void {
  const { hz, from, seconds, level, brightness } = tone;
  const first = Math.round(from * sampleRate);
  const last = Math.min(out.length, first + Math.round(3 * seconds * sampleRate));
  for (let h = 1; h <= 8 && h * hz < sampleRate / 2; h++) {
    const step = (2 * Math.PI * h * hz) / sampleRate;
    const size = level * brightness ** (h - 1);
    for (let i = Math.max(0, first); i < last; i++) {
      const t = (i - first) / sampleRate;
      out[i] += size * Math.min(1, t / 0.008) * Math.exp(-t / seconds) * Math.sin(step * (i - first));
    }
  }
}

/** A burst of noise; `dull` from 0 to 1 takes its high frequencies off: cymbal and snare. */
function addBurst(
  out: Float32Array,
  sampleRate: number,
  burst: { from: number; seconds: number; level: number; dull: number },
  random: Random,
): void {
  const { from, seconds, level, dull } = burst;
  const first = Math.max(0, Math.round(from * sampleRate));
  let held = 0;
  for (let i = first; i < Math.min(out.length, first + Math.round(4 * seconds * sampleRate)); i++) {
    const white = random.normal();
    held = dull * held + (1 - dull) * white;
    const colour = dull > 0.5 ? held : white - held;
    out[i] += level * colour * Math.exp(-(i - first) / (seconds * sampleRate));
  }
}

/**
 * Returns a piece of so many samples at any level: four chords in turn, one a bar of four beats, arpeggios above and a bass below, with
 * drums; key, tempo, progression and instrument by chance, and it begins anywhere in the first bar.
 */
export function pieceOfMusic(length: number, sampleRate: number, random: Random): Float32Array {
  const out = new Float32Array(length);
  const beat = 60 / (70 + 70 * random.next());
  const key = 48 + random.integer(12);
  const progression = progressions[random.integer(progressions.length)];
  const brightness = 0.35 + 0.4 * random.next();
  const sustain = 0.15 + 0.7 * random.next();
  const drums = 0.15 + 0.5 * random.next();
  const start = -4 * beat * random.next();
  const hz = (note: number): number => 440 * 2 ** ((note - 69) / 12);
  for (let bar = 0; start + 4 * beat * bar < length / sampleRate; bar++) {
    const [root, minor] = progression[bar % progression.length];
    const chord = [0, 4 - minor, 7, 12].map((above) => key + root + above);
    for (let half = 0; half < 8; half++) {
      const from = start + beat * (4 * bar + half / 2);
      const melody = chord[random.integer(chord.length)] + 12;
      if (half % 4 === 0)
        for (const note of chord)
          addTone(out, sampleRate, { hz: hz(note), from, seconds: 2 * sustain, level: 0.2, brightness });
      if (random.next() < 0.7)
        addTone(out, sampleRate, { hz: hz(melody), from, seconds: sustain, level: 0.3, brightness });
      if (half % 2 === 0)
        addTone(out, sampleRate, {
          hz: hz(key + root - 12),
          from,
          seconds: 0.3,
          level: 0.4,
          brightness: 0.3,
        });
      if (half % 4 === 0)
        addTone(out, sampleRate, { hz: 55, from, seconds: 0.08, level: 2 * drums, brightness: 0.2 });
      if (half % 4 === 2) addBurst(out, sampleRate, { from, seconds: 0.05, level: drums, dull: 0.6 }, random);
      addBurst(out, sampleRate, { from, seconds: 0.015, level: drums / 2, dull: 0.3 }, random);
    }
  }
  return out;
}

/** `pieceOfMusic` at `snrDb` below the power of the speech. */
export const music = defineAugmentation({
  kind: "music",
  summary: "A synthetic piece of music with bass and drums, at a signal-to-noise ratio in dB.",
  parameters: { snrDb: { least: -40, most: 100 } },
  apply: (wave, { snrDb }, { random }) =>
    mixNoise(wave, pieceOfMusic(wave.samples.length, wave.sampleRate, random), snrDb),
});
