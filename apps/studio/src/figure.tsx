/** Rows of pictures over one time axis, with their captions beside them. */
import { type JSX, type PointerEvent, type ReactNode, useMemo } from "react";
import { Canvas } from "./canvas.js";
import { drawHeat, type TimelineData } from "./drawings.js";
import { capitalized, emotionColour, seconds, stretches } from "./emotions.js";

interface RowProps {
  readonly kind: string;
  readonly caption: ReactNode;
  readonly children: ReactNode;
  /** Called with the part of the time axis, 0..1, that was pressed. */
  readonly onSeek?: ((part: number) => void) | undefined;
}

/** One row: a caption and its picture. */
export function Row({ kind, caption, children, onSeek }: RowProps): JSX.Element {
  const seek = ({ currentTarget, clientX }: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    onSeek?.(Math.min(1, Math.max(0, (clientX - left) / width)));
  };
  return (
    <div className={`row ${kind}`}>
      <div className="caption">{caption}</div>
      <div className="track" onPointerDown={seek}>
        {children}
      </div>
    </div>
  );
}

interface TimelineRowsProps extends TimelineData {
  readonly onSeek?: ((part: number) => void) | undefined;
}

/** The emotion timeline: what is heard when, and every class' score in every window. */
export function TimelineRows({ onSeek, ...data }: TimelineRowsProps): JSX.Element {
  const { timeline, duration, span, classes } = data;
  const parts = useMemo(() => stretches(timeline, span), [timeline, span]);
  const draw = useMemo(
    () => drawHeat({ timeline, duration, span, classes }),
    [timeline, duration, span, classes],
  );
  return (
    <>
      <Row kind="labels" caption="Emotion" onSeek={onSeek}>
        <ol aria-label="Emotion timeline">
          {parts.map(({ text, label, start, end }) => (
            <li
              key={start}
              className={label === null ? "none" : undefined}
              title={`${text}, ${seconds(start)} to ${seconds(end)}`}
              style={{
                left: `${(100 * start) / duration}%`,
                width: `${(100 * (end - start)) / duration}%`,
                ...(label === null ? {} : { "--emotion": emotionColour(label, classes) }),
              }}
            >
              <span>{text}</span>
              <span className="unseen">
                , {seconds(start)} to {seconds(end)}
              </span>
            </li>
          ))}
        </ol>
      </Row>
      <Row
        kind="heat"
        onSeek={onSeek}
        caption={classes.map((name) => <span key={name}>{capitalized(name)}</span>)}
      >
        <Canvas draw={draw} label="Scores of each emotion over time: the stronger the colour, the higher" />
      </Row>
    </>
  );
}

/** Marks of whole seconds, or wider steps for longer audio. */
export function TimeAxis({ duration }: { readonly duration: number }): JSX.Element {
  const step = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600].find((width) => duration / width <= 8) ?? 1200;
  const marks = Array.from({ length: Math.floor((0.96 * duration) / step) + 1 }, (_, i) => i * step);
  return (
    <div className="row axis" aria-hidden="true">
      <div className="caption" />
      <div className="track">
        {marks.map((mark) => (
          <span key={mark} style={{ left: `${(100 * mark) / duration}%` }}>
            {step < 1 ? mark.toFixed(1) : mark}
            {mark === 0 ? " s" : ""}
          </span>
        ))}
      </div>
    </div>
  );
}
