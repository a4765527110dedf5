/** Plays a waveform and tells where it is. */
import type { Waveform } from "@undertone/core/audio";
import { useCallback, useEffect, useRef, useState } from "react";

/** What the player shows and takes. */
export interface Playback {
  readonly playing: boolean;
  /** Seconds from the start. */
  readonly position: number;
  toggle(): void;
  seek(seconds: number): void;
}

interface Playing {
  readonly context: AudioContext;
  readonly source: AudioBufferSourceNode;
}

/** Returns the playback of a waveform: decoded samples, so that every format plays that can be analysed. */
export function usePlayback({ samples, sampleRate }: Waveform): Playback {
  const duration = samples.length / sampleRate;
  const active = useRef<Playing>(undefined);
  const [playing, setPlaying] = useState(false);
  const [position, setPosition] = useState(0);

  const halt = useCallback(() => {
    const stopped = active.current;
    active.current = undefined;
    setPlaying(false);
    if (!stopped) return;
    stopped.source.stop();
    void stopped.context.close();
  }, []);

  const play = useCallback(
    (from: number) => {
      halt();
      const context = new AudioContext();
      const buffer = context.createBuffer(1, samples.length, sampleRate);
      buffer.copyToChannel(Float32Array.from(samples), 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      const started = context.currentTime;
      source.start(0, from);
      const mine: Playing = { context, source };
      active.current = mine;
      setPlaying(true);
      const follow = (): void => {
        if (active.current !== mine) return;
        const now = from + context.currentTime - started;
        setPosition(Math.min(now, duration));
        if (now < duration) requestAnimationFrame(follow);
        else halt();
      };
      follow();
    },
    [samples, sampleRate, duration, halt],
  );

  useEffect(() => halt, [halt]);

  return {
    playing,
    position,
    toggle: () => (playing ? halt() : play(position >= duration - 0.02 ? 0 : position)),
    seek(seconds) {
      setPosition(seconds);
      if (playing) play(seconds);
    },
  };
}
