/** The middle layers of the network, pooled over windows of frames: each frame goes through the network once, as long as the level holds. */
import { matrix } from "../../math/matrix.js";
import type { OnnxSession } from "../../onnx/runtime.js";
import { type FeatureWindows, type FeatureWindowsOptions, levelToleranceDb } from "../feature-windows.js";
import { expectFrames, type FrameWindow, type SpeechFrames } from "../speech-frames.js";
import { targetDb } from "../speech-level.js";
import { fillMel } from "./mel.js";
import { type Layer, middleLayers } from "./network.js";
import { padding, pooling } from "./pooling.js";
import { type LayerFrames, layerFrameCount, type MelSource, runNetwork } from "./run-network.js";

/** Mel frames at which every layer begins a frame. */
const commonStride = Math.max(...middleLayers.map(({ stride }) => stride));

/** Frames of a layer that are settled, of one run of the network. */
interface Settled {
  readonly frames: LayerFrames;
  readonly from: number;
  readonly to: number;
}

/** What is kept of a layer: its frames from `begin` to `next` (exclusive), which more audio cannot change. */
interface KeptLayer {
  readonly layer: Layer;
  settled: Settled[];
  begin: number;
  next: number;
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
  const kept = middleLayers.map((layer): KeptLayer => ({ layer, settled: [], begin: 0, next: 0 }));
  let gainDb = Number.NaN;

  /** Marks the layer's frames that are active in a window, and lets go of those before. */
  function openLayer(state: KeptLayer, { first, count }: FrameWindow, active: Uint8Array) {
    const { layer } = state;
    const begin = layerFrameOf(layer, first + active.indexOf(1));
    const end = layerFrameOf(layer, first + active.lastIndexOf(1)) + 1;
    if (begin < state.begin || begin >= state.next) Object.assign(state, { settled: [], next: begin });
    state.begin = begin;
    state.settled = state.settled.filter(({ to }) => to > begin);
    const chosen = new Uint8Array(end - begin);
    for (let t = 0; t < count; t++) if (active[t] === 1) chosen[layerFrameOf(layer, first + t) - begin] = 1;
    const sums = pooling(layer, { chosen, first: begin });
    for (const rows of state.settled) sums.add(rows.frames, rows);
    const whole = layerFrameCount(layer, first + count + padding);
    return { state, sums, end, settledTo: Math.max(state.next, Math.min(end, whole)) };
  }

  return {
    async row(window) {
      expectFrames(window, asker);
      const { active, levelDb } = frames.activity(window, asker);
      const ownGainDb = targetDb - levelDb;
      if (!(Math.abs(ownGainDb - gainDb) <= levelToleranceDb)) {
        gainDb = ownGainDb;
        for (const state of kept) state.next = 0;
      }
      const open = kept.map((state) => openLayer(state, window, active));
      // In mel frames with the silence before the audio.
      const missing = open.filter(({ state, end }) => state.next < end);
      const from = Math.min(...missing.map(({ state: { layer, next } }) => next * layer.stride));
      const to = Math.max(
        ...missing.map(({ state: { layer }, end }) => (end - 1) * layer.stride + layer.field),
      );
      if (missing.length > 0)
        await runNetwork(
          session,
          middleLayers,
          { from: from - (from % commonStride), melFrames: to, mel: melOf(window) },
          (run) => {
            const { state, sums, settledTo } = open.find(({ state: { layer } }) => layer === run.layer)!;
            sums.add(run, { from: state.next, to: run.to });
            const settled = { frames: run, from: state.next, to: Math.min(settledTo, run.to) };
            if (!once && settled.to > settled.from) state.settled.push(settled);
          },
        );
      const row = matrix(1, columns);
      let offset = 0;
      for (const { state, sums, settledTo } of open) {
        state.next = settledTo;
        sums.finishInto(row.data, offset);
        offset += 2 * state.layer.channels * state.layer.bands;
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
