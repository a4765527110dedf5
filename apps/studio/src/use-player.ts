/** Plays a clip and tells where it is. */
import { useCallback, useEffect, useMemo, useState } from "react";

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

/** Returns the player of the first of `sources` that this browser plays. */
export function usePlayer(sources: readonly (() => Blob)[], duration: number): Player {
  const audio = useMemo(() => new Audio(), []);
  const [playing, setPlaying] = useState(false);
  const [position, setPosition] = useState(0);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let next = 0;
    let address = "";
    const load = (): void => {
      URL.revokeObjectURL(address);
      const source = sources[next++];
      if (source) audio.src = address = URL.createObjectURL(source());
      else setProblem("This browser cannot play this format");
    };
    const listeners = {
      error: load,
      play: () => setPlaying(true),
      pause: () => setPlaying(false),
      ended: () => setPosition(duration),
    };
    for (const [name, act] of Object.entries(listeners)) audio.addEventListener(name, act);
    load();
    return () => {
      for (const [name, act] of Object.entries(listeners)) audio.removeEventListener(name, act);
      audio.pause();
      audio.removeAttribute("src");
      URL.revokeObjectURL(address);
    };
  }, [audio, sources, duration]);

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const follow = (): void => {
      setPosition(audio.currentTime);
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [audio, playing]);

  const seek = useCallback(
    (seconds: number) => {
      const second = Math.min(duration, Math.max(0, seconds));
      audio.currentTime = second;
      setPosition(second);
    },
    [audio, duration],
  );

  return {
    playing,
    position,
    problem,
    pause: () => audio.pause(),
    toggle() {
      if (playing) audio.pause();
      else {
        if (position >= duration - 0.02) seek(0);
        audio.play().catch(() => undefined); // a format that does not play is said by its error event
      }
    },
    seek,
  };
}
