/** The middle layers of the network, pooled over windows of frames: each frame goes through the network once, as long as the level holds. */
import { matrix } from "../../math/matrix.js";
import type { OnnxSession } from "../../onnx/runtime.js";
import { type FeatureWindows, type FeatureWindowsOptions, levelToleranceDb } from "../feature-windows.js";
import { type RowQueue, rowQueue } from "../row-queue.js";
import { expectFrames, type FrameWindow, type SpeechFrames } from "../speech-frames.js";
import { targetDb } from "../speech-level.js";
import { fillMel } from "./mel.js";
import { type Layer, middleLayers } from "./network.js";
import { padding, pooling } from "./pooling.js";
import { type LayerFrames, layerFrameCount, type MelSource, runNetwork } from "./run-network.js";

/** Mel frames at which every layer begins a frame. */
const commonStride = Math.max(...middleLayers.map(({ stride }) => stride));

/** A layer, and its frames that more audio cannot change, each a row of channels × bands. */
interface KeptLayer {
  readonly layer: Layer;
  readonly rows: RowQueue<Float32Array>;
}

/** Returns the layer's frame to which a frame of the audio belongs: that which has it among the `stride` ones in the middle of its field. */
export function layerFrameOf({ field, stride }: Layer, frame: number): number {
  return Math.floor((frame + padding - (field - stride) / 2) / stride);
}

/**
 * Returns the windows of `speech-embedding-v1`. The network runs over the mel frames that active frames see. Frames of a layer that see nothing beyond the audio so far
 * are kept for later windows; those at a window's end see silence after it, as they do at the end of a recording, and are computed anew when more has come.
 */
export function embeddingWindows(
  session: OnnxSession,
  frames: SpeechFrames,
  {
    asker,
    columns,
    once = false,
  }: FeatureWindowsOptions & { readonly asker: string; readonly columns: number },
): FeatureWindows {
  const kept = middleLayers.map(
    (layer): KeptLayer => ({
      layer,
      rows: rowQueue(layer.channels * layer.bands, (length) => new Float32Array(length)),
    }),
  );
  let gainDb = Number.NaN;

  /** Marks the layer's frames that are active in a window, lets go of those before, and takes the sums of those that are kept. */
  function openLayer({ layer, rows }: KeptLayer, { first, count }: FrameWindow, active: Uint8Array) {
    const begin = layerFrameOf(layer, first + active.indexOf(1));
    const end = layerFrameOf(layer, first + active.lastIndexOf(1)) + 1;
    if (begin < rows.begin || begin >= rows.end) rows.restart(begin);
    rows.drop(begin);
    const chosen = new Uint8Array(end - begin);
    for (let t = 0; t < count; t++) if (active[t] === 1) chosen[layerFrameOf(layer, first + t) - begin] = 1;
    const sums = pooling(layer, { chosen, first: begin });
    const next = rows.end;
    sums.addRows(rows.view(begin, next), begin);
    // Those that end with the audio so far see nothing of the silence after it.
    const settled = Math.min(end, layerFrameCount(layer, first + count + padding));
    return { layer, rows, sums, next, end, settled };
  }

  return {
    async row(window) {
      expectFrames(window, asker);
      const { active, levelDb } = frames.activity(window, asker);
      const ownGainDb = targetDb - levelDb;
      if (!(Math.abs(ownGainDb - gainDb) <= levelToleranceDb)) {
        gainDb = ownGainDb;
        for (const { rows } of kept) rows.restart(0);
      }
      const open = kept.map((layer) => openLayer(layer, window, active));
      // In mel frames with the silence before the audio.
      const missing = open.filter(({ next, end }) => next < end);
      const from = Math.min(...missing.map(({ layer, next }) => next * layer.stride));
      const to = Math.max(...missing.map(({ layer, end }) => (end - 1) * layer.stride + layer.field));
      if (missing.length > 0)
        await runNetwork(
          session,
          middleLayers,
          { from: from - (from % commonStride), melFrames: to, mel: melOf(window) },
          (run) => {
            const { rows, sums, next, settled } = open.find(({ layer }) => layer === run.layer)!;
            sums.add(run, next);
            if (!once) keepRows(rows, run, Math.min(settled, run.to));
          },
        );
      const row = matrix(1, columns);
      let offset = 0;
      for (const { layer, sums } of open) {
        sums.finishInto(row.data, offset);
        offset += 2 * layer.channels * layer.bands;
      }
      return row;
    },
  };

  /** Returns where the mel frames of the audio up to a window's end come from, with silence before and after. */
  function melOf({ first, count }: FrameWindow): MelSource {
    const { begin } = frames;
    const samples = frames.samples({ first: begin, count: first + count - begin });
    const gain = 10 ** (gainDb / 20);
    return (out, at, many) => fillMel(out, samples, { gain, first: at - padding - begin, count: many });
  }
}

/** Appends the frames of a run that follow those that are there, up to `end`. */
function keepRows(
  rows: RowQueue<Float32Array>,
  { layer: { channels, bands }, from, rows: given, data }: LayerFrames,
  end: number,
): void {
  const first = rows.end;
  if (end <= first) return;
  const own = rows.append(end - first);
  const cols = channels * bands;
  for (let channel = 0; channel < channels; channel++)
    for (let t = first; t < end; t++) {
      const at = (channel * given + t - from) * bands;
      const to = (t - first) * cols + channel * bands;
      for (let band = 0; band < bands; band++) own[to + band] = data[at + band];
    }
}
