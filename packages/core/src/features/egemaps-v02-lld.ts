/** `egemaps-v02-lld`: the 25 low-level descriptors of the extended Geneva minimalistic acoustic parameter set, every 10 ms. */
import { UndertoneError } from "../errors.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { checkWaveform } from "./check-waveform.js";
import { hopSamples, longFrame, longFrameCount, sampleRate, shortFrame } from "./egemaps/framing.js";
import { smoothed, smoothedNonZero } from "./egemaps/smoothing.js";
import { spectrumAnalyzer, spectrumNames } from "./egemaps/spectrum.js";
import { voiceNames, voiceTrack } from "./egemaps/voice-track.js";
import type { FeatureSet } from "./feature-set.js";
import { type FeatureStream, sampleQueue } from "./feature-stream.js";

const id = "egemaps-v02-lld";
const names = [
  ...spectrumNames.map((name) => `${name === "loudness" ? "Loudness" : name}_sma3`),
  ...voiceNames.map((name) => `${name}_sma3nz`),
];
/** Frames, half a second, after which the voicing is settled in any case; speech settles within 17. */
const longestDelay = 50;
/** No frame above −100 dBFS. */
const silentMeanSquare = 1e-10;

/** A stream that also tells the greatest mean square of a frame so far. */
interface DescriptorStream extends FeatureStream {
  readonly loudest: number;
  push(samples: Float32Array): Matrix;
  finish(): Matrix;
}

function openStream(): DescriptorStream {
  const queue = sampleQueue(id);
  const spectrumOf = spectrumAnalyzer();
  const track = voiceTrack((row) => voices.push(row.slice()), { longestDelay, formantsOfAll: true });
  // Rows before smoothing, from the one before the next row to come on.
  let spectra: Float64Array[] = [];
  let voices: Float64Array[] = [];
  let before = 0;
  /** Samples of the recording that the queue has let go of, the last of them since the track heard it. */
  let gone = 0;
  let dropped = 0;
  let shortFrames = 0;
  let loudest = 0;

  const advance = (ends: boolean): Matrix => {
    const { samples } = queue;
    const total = gone + samples.length;
    for (; shortFrames * hopSamples + shortFrame <= total; shortFrames++) {
      const row = new Float64Array(spectrumNames.length);
      loudest = Math.max(loudest, spectrumOf.analyze(samples, shortFrames * hopSamples - gone, row, 0));
      spectra.push(row);
    }
    // The last frame reaches beyond the end.
    const frames = longFrameCount(total) - (ends || total < longFrame ? 0 : 1);
    track.hear(samples, { dropped, frames });
    if (ends) track.finish();
    dropped = Math.min(track.needs, shortFrames * hopSamples - gone);
    queue.drop(dropped);
    gone += dropped;

    const to = Math.max(before, ends ? voices.length : voices.length - 1);
    const rows = matrix(to - before, names.length);
    for (let t = before; t < to; t++) {
      const at = (t - before) * names.length;
      for (let i = 0; i < spectrumNames.length; i++)
        rows.data[at + i] = smoothed(spectra[t][i], spectra[t - 1]?.[i], spectra[t + 1]?.[i]);
      for (let i = 0; i < voiceNames.length; i++) {
        const value = voices[t][i];
        rows.data[at + spectrumNames.length + i] = smoothedNonZero(
          value,
          t > 0 ? voices[t - 1][i] : value,
          t + 1 < voices.length ? voices[t + 1][i] : value,
        );
      }
    }
    const keptFrom = Math.max(0, to - 1);
    spectra = spectra.slice(keptFrom);
    voices = voices.slice(keptFrom);
    before = to - keptFrom;
    return rows;
  };

  return {
    get loudest() {
      return loudest;
    },
    push(samples) {
      queue.push(samples);
      return advance(false);
    },
    finish: () => advance(true),
  };
}

/**
 * Frames × 25 under the published names, row t about the 20 ms and the 60 ms from sample 160 t on; the last 60 ms reach beyond the end. Means of three frames, of
 * descriptors of the voice of those that are not 0: they are 0 where the frame is unvoiced, but for formants, whose amplitude is −201 dB there. `egemaps-v02` has
 * the functionals of the same descriptors. The voicing of a frame is settled as soon as nothing that follows can change it, and at the latest after half a
 * second, for the whole clip too. docs/egemaps.md has the agreement with openSMILE 3.0.
 */
export const egemapsV02Lld: FeatureSet = {
  id,
  level: "lld",
  names,
  sampleRate,
  levelFree: false,
  extract(wave) {
    checkWaveform(wave, { asker: id, sampleRate, minSamples: longFrame });
    const stream = openStream();
    const parts = [stream.push(wave.samples), stream.finish()];
    if (!(stream.loudest > silentMeanSquare)) {
      throw new UndertoneError(
        "audio/silent",
        `Silent audio for ${id}: got no frame above −100 dBFS in ${wave.samples.length} samples, expected sound`,
      );
    }
    const rows = matrix(parts[0].rows + parts[1].rows, names.length);
    rows.data.set(parts[0].data);
    rows.data.set(parts[1].data, parts[0].data.length);
    return rows;
  },
  openStream,
};
