/** Captures the microphone: every block as it comes, and the whole recording in the end. */
import { joinSamples, resample, type Waveform } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";

/** Options of `openMicrophone`. */
export interface MicrophoneOptions {
  /** The rate in Hz of the recording that `stop` returns, by core's resampler. */
  readonly sampleRate: number;
  /** Recording ends by itself after so many seconds. */
  readonly maxSeconds?: number;
  /** Gets every block of samples, at the device's own rate in Hz, which is the same for all. */
  readonly onBlock: (samples: Float32Array, sampleRate: number) => void;
  /** Called when `maxSeconds` have passed or the device went away; `stop` then returns what was recorded. */
  readonly onEnd?: () => void;
}

/** A microphone that records. */
export interface Microphone {
  /** Stops and returns the whole recording; releases the device. */
  stop(): Promise<Waveform>;
}

/**
 * Returns a recording microphone, once the user allows it. Echo cancellation, noise suppression and gain control are asked to be
 * off: they change the voice that the model listens to.
 * @throws UndertoneError `audio/unsupported` when there is no microphone, or the user does not allow it.
 */
export async function openMicrophone(options: MicrophoneOptions): Promise<Microphone> {
  const { sampleRate, maxSeconds = 300, onBlock, onEnd } = options;
  const stream = await openStream();
  const context = new AudioContext();
  const release = async (): Promise<void> => {
    for (const track of stream.getTracks()) track.stop();
    if (context.state !== "closed") await context.close();
  };
  try {
    await context.audioWorklet.addModule(new URL("./capture-worklet.js", import.meta.url).href);
  } catch (cause) {
    await release();
    throw new UndertoneError(
      "audio/unsupported",
      "This browser cannot record: its audio worklet does not start",
      {
        cause,
      },
    );
  }
  const rate = context.sampleRate;
  const blocks: Float32Array[] = [];
  let total = 0;
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    onEnd?.();
  };
  const source = context.createMediaStreamSource(stream);
  const capture = new AudioWorkletNode(context, "undertone-capture", { numberOfOutputs: 0 });
  capture.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
    if (ended) return;
    total += data.length;
    blocks.push(data);
    onBlock(data, rate);
    if (total >= maxSeconds * rate) end();
  };
  stream.getAudioTracks()[0]?.addEventListener("ended", end);
  source.connect(capture);
  return {
    async stop() {
      ended = true;
      capture.port.onmessage = null;
      source.disconnect();
      await release();
      return resample({ samples: joinSamples(blocks), sampleRate: rate }, sampleRate);
    },
  };
}

async function openStream(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch (cause) {
    const denied = cause instanceof DOMException && cause.name === "NotAllowedError";
    throw new UndertoneError(
      "audio/unsupported",
      denied
        ? "The microphone is not allowed on this page; the browser's address bar can allow it"
        : "No microphone was found on this device",
      { cause },
    );
  }
}
