/** The band in which a recording has anything: what a telephone, a codec or another sample rate has left of it. */
import { realFft } from "../math/fft.js";
import type { Waveform } from "./waveform.js";

const bandHz = 125;
/** No edge is looked for below: there a voice has cliffs of its own, between its harmonics and formants. */
const lowestHz = 1000;
/** A level falls so much, from 500 Hz below an edge to all above. Of 3,358 clean recordings none has more than 17 dB, of 8 kHz, A-law and GSM copies none less than 19. */
const leastDropDb = 18;
/** Frames this far below the loudest say nothing. */
const activeDb = 40;
const mostFrames = 4000;
/** Blackman and Harris, four terms: side lobes are 92 dB down, so that a loud voice does not fill an empty band. */
const window = [0.35875, -0.48829, 0.14128, -0.01168];

/**
 * Returns the upper edge of what a recording has, in Hz: where its spectrum (of each band of 125 Hz the level that a tenth of the frames
 * with sound exceed) falls off a cliff, beyond which nothing is as loud; half the sample rate where there is none, 0 for silence. A gain
 * changes nothing. About 4000 for what went through 8 kHz, G.711 or GSM.
 */
export function effectiveBandHz({ samples, sampleRate }: Waveform): number {
  const bands = spectrumDb({ samples, sampleRate });
  if (!bands) return 0;
  let edge = sampleRate / 2;
  let most = leastDropDb;
  let above = Number.NEGATIVE_INFINITY;
  for (let b = bands.length - 2; b >= lowestHz / bandHz; b--) {
    above = Math.max(above, bands[b + 1]);
    const below = (bands[b - 4] + bands[b - 3] + bands[b - 2] + bands[b - 1]) / 4;
    if (below - above >= most) [most, edge] = [below - above, b * bandHz];
  }
  return edge;
}

/** Below this part of the rate at which a model hears, an edge takes something from it; the filters of good resamplers lie above. */
const fullPart = 0.44;

/** Returns the recording's upper edge in Hz where it lies well below what is heard at `sampleRate`; undefined where all is there, and for silence. */
export function narrowBandHz(wave: Waveform, sampleRate: number): number | undefined {
  const edge = effectiveBandHz(wave);
  return edge > 0 && edge < fullPart * sampleRate ? edge : undefined;
}

/** Returns the level of each band in dB; nothing for silence, or what is shorter than a frame of 32 ms. */
function spectrumDb({ samples, sampleRate }: Waveform): number[] | undefined {
  const size = 2 ** Math.ceil(Math.log2(0.03 * sampleRate));
  const fft = realFft(size);
  const weights = Float64Array.from({ length: size }, (_, n) =>
    window.reduce((sum, a, k) => sum + a * Math.cos((2 * Math.PI * k * (n + 0.5)) / size), 0),
  );
  const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
  const count = Math.floor(sampleRate / 2 / bandHz);
  const bandOf = Array.from({ length: fft.bins }, (_, k) => Math.floor((k * sampleRate) / size / bandHz));
  const frames: { bands: Float32Array; power: number }[] = [];
  const hop = Math.max(size / 2, Math.ceil(samples.length / mostFrames));
  for (let from = 0; from + size <= samples.length; from += hop) {
    fft.forwardInto(
      weights.map((weight, i) => weight * samples[from + i]),
      re,
      im,
    );
    const bands = new Float32Array(count);
    let power = 0;
    for (let k = 0; k < fft.bins; k++) {
      const square = re[k] ** 2 + im[k] ** 2;
      power += square;
      if (bandOf[k] < count) bands[bandOf[k]] += square;
    }
    frames.push({ bands, power });
  }
  const loudest = frames.reduce((most, { power }) => Math.max(most, power), 0);
  if (loudest === 0) return undefined;
  const active = frames.filter(({ power }) => power > loudest * 10 ** (-activeDb / 10));
  return Array.from({ length: count }, (_, b) => {
    const levels = Float64Array.from(active, ({ bands }) => bands[b]).sort();
    return 10 * Math.log10(levels[Math.floor(0.9 * (levels.length - 1))] + 1e-14 * loudest);
  });
}
