/** Rows of pictures over one time axis that is zoomed and scrolled, with their captions beside them. */
import { type JSX, memo, type PointerEvent, type RefObject, useEffect, useRef } from "react";
import { Canvas, type Draw, type Span } from "./canvas.js";
import type { Zoom } from "./use-zoom.js";

/** One row of a figure. */
export interface Row {
  readonly title: string;
  /** In pixels. */
  readonly height: number;
  /** What stands left of it, each with its place from the bottom, 0..1. */
  readonly captions: readonly { readonly text: string; readonly at: number }[];
  readonly draw: Draw;
  /** What the picture shows; without one it is decoration. */
  readonly label?: string;
  /** What the picture shows as a list, for those who do not see it. */
  readonly list?: { readonly label: string; readonly items: readonly string[] };
}

interface FigureProps {
  readonly rows: readonly Row[];
  readonly duration: number;
  readonly zoom: Zoom;
  /** Seconds; without it there is no cursor. */
  readonly position?: number;
  /** Called with the second that was pressed, or dragged over by a mouse. */
  readonly onSeek?: (second: number) => void;
}

export function Figure({ rows, duration, zoom, position, onSeek }: FigureProps): JSX.Element {
  const { scroller, factor, view } = zoom;
  const strip = useRef<HTMLDivElement>(null);
  useWheelZoom(strip, duration, zoom);

  const second = (clientX: number): number => {
    const { left, width } = strip.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / width)) * duration;
  };
  const drag = ({ pointerType, buttons, clientX }: PointerEvent): void => {
    if (pointerType === "mouse" && buttons === 1) onSeek?.(second(clientX));
  };

  return (
    <div className="figure">
      <div className="captions" aria-hidden="true">
        {rows.map(({ title, height, captions }) => (
          <div key={title} style={{ height }}>
            {captions.map(({ text, at }) => (
              <span key={text} style={{ bottom: `${100 * at}%` }}>
                {text}
              </span>
            ))}
          </div>
        ))}
      </div>
      <div className="scroller" ref={scroller}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the position's slider and keys do the same */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
        <div
          className={onSeek ? "strip seekable" : "strip"}
          ref={strip}
          style={{ width: `${100 * factor}%` }}
          onClick={({ clientX }) => onSeek?.(second(clientX))}
          onPointerMove={drag}
        >
          <Pictures rows={rows} view={view} />
          {position !== undefined && (
            <div className="cursor" style={{ left: `${(100 * position) / duration}%` }} />
          )}
        </div>
      </div>
    </div>
  );
}

/** Drawn when rows or view change, not when only the cursor moves. */
const Pictures = memo(({ rows, view }: { readonly rows: readonly Row[]; readonly view: Span }) =>
  rows.map(({ title, height, draw, label, list }) => (
    <div key={title} className="row" style={{ height }}>
      <Canvas draw={draw} view={view} label={label} />
      {list && (
        <ol className="unseen" aria-label={list.label}>
          {list.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ol>
      )}
    </div>
  )),
);

/** Zooms by the wheel with Ctrl or ⌘, which is also what two fingers on a touchpad send. */
function useWheelZoom(strip: RefObject<HTMLDivElement | null>, duration: number, { by }: Zoom): void {
  useEffect(() => {
    const element = strip.current!;
    const turn = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault(); // the page itself would grow
      const { left, width } = element.getBoundingClientRect();
      by(1.01 ** -event.deltaY, ((event.clientX - left) / width) * duration);
    };
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [strip, duration, by]);
}
