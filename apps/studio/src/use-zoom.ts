/** Which part of the time axis is seen: the pictures lie in a strip that is wider than its scroller by the zoom. */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import type { Span } from "./canvas.js";

/** Least time in seconds that fills the width. */
const closestSeconds = 0.5;
/** Browsers lay out no element much wider than this, in pixels. */
const widestStrip = 12e6;

/** The zoom of one figure. */
export interface Zoom {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** How many times the strip is as wide as what is seen of it. */
  readonly factor: number;
  readonly view: Span;
  /** Widens or narrows the strip; the second `around` stays where it is seen. */
  by(change: number, around: number): void;
  fit(): void;
  /** Scrolls a second into view when it is not. */
  reveal(second: number): void;
}

/** Returns the zoom of a figure over `duration` seconds, which may grow. */
export function useZoom(duration: number): Zoom {
  const scroller = useRef<HTMLDivElement>(null);
  const [factor, setFactor] = useState(1);
  const [view, setView] = useState<Span>({ start: 0, end: duration });
  const anchor = useRef<{ readonly second: number; readonly part: number }>(undefined);

  const look = useCallback(() => {
    const { scrollLeft, clientWidth, scrollWidth } = scroller.current!;
    const start = (scrollLeft / scrollWidth) * duration;
    const end = start + (clientWidth / scrollWidth) * duration;
    setView((seen) => (seen.start === start && seen.end === end ? seen : { start, end }));
  }, [duration]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the strip's width follows the factor
  useLayoutEffect(() => {
    const element = scroller.current!;
    if (anchor.current) {
      const { second, part } = anchor.current;
      element.scrollLeft = (second / duration) * element.scrollWidth - part * element.clientWidth;
      anchor.current = undefined;
    }
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [factor, duration, look]);

  const by = useCallback(
    (change: number, around: number) => {
      const most = Math.min(duration / closestSeconds, widestStrip / scroller.current!.clientWidth);
      const seen = around >= view.start && around <= view.end ? around : (view.start + view.end) / 2;
      anchor.current = { second: seen, part: (seen - view.start) / (view.end - view.start) };
      setFactor((now) => Math.max(1, Math.min(now * change, most)));
    },
    [duration, view],
  );

  const reveal = useCallback(
    (second: number) => {
      const element = scroller.current!;
      const { scrollLeft, clientWidth, scrollWidth } = element; // the view is told of a scroll only later
      const at = (second / duration) * scrollWidth;
      if (at < scrollLeft || at > scrollLeft + clientWidth) element.scrollLeft = at - 0.1 * clientWidth;
    },
    [duration],
  );

  return { scroller, factor, view, by, fit: useCallback(() => setFactor(1), []), reveal };
}
