/** Plays a clip and tells where it is. */
import { wavFile } from "@undertone/browser";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Clip } from "./clip.js";

/** What the player shows and takes. */
export interface Player {
  readonly playing: boolean;
  /** Seconds from the start. */
  readonly position: number;
  /** Why there is no sound; undefined when there is. */
  readonly problem: string | undefined;
  toggle(): void;
  pause(): void;
  seek(seconds: number): void;
}

/** Returns the player of a clip's file, or of its samples where this browser does not play such files. */
export function usePlayer({ blob, wave, seconds }: Clip): Player {
  const audio = useMemo(() => new Audio(), []);
  const [playing, setPlaying] = useState(false);
  const [position, setPosition] = useState(0);
  const [unplayable, setUnplayable] = useState<Blob>();
  const refused = blob !== undefined && unplayable === blob;
  const source = useMemo(() => (refused ? wave && wavFile(wave) : blob), [refused, blob, wave]);

  useEffect(() => {
    const listeners = {
      error: () => setUnplayable(blob),
      play: () => setPlaying(true),
      pause: () => setPlaying(false),
    };
    for (const [name, act] of Object.entries(listeners)) audio.addEventListener(name, act);
    return () => {
      for (const [name, act] of Object.entries(listeners)) audio.removeEventListener(name, act);
      audio.pause();
    };
  }, [audio, blob]);

  useEffect(() => {
    if (!source) return;
    const address = URL.createObjectURL(source);
    audio.src = address;
    return () => {
      audio.removeAttribute("src");
      URL.revokeObjectURL(address);
    };
  }, [audio, source]);

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const follow = (): void => {
      setPosition(audio.ended ? seconds : Math.min(seconds, audio.currentTime));
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [audio, playing, seconds]);

  const seek = useCallback(
    (to: number) => {
      const second = Math.min(seconds, Math.max(0, to));
      audio.currentTime = second;
      setPosition(second);
    },
    [audio, seconds],
  );

  return {
    playing,
    position,
    problem: refused && !wave ? "This browser does not play this format." : undefined,
    pause: () => audio.pause(),
    toggle() {
      if (playing) audio.pause();
      else {
        if (position >= seconds - 0.02) seek(0);
        audio.play().catch(() => undefined); // a format that does not play is said by its error event
      }
    },
    seek,
  };
}
