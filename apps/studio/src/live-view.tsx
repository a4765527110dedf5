/** A recording under way: its level and its timeline so far. */
import { type JSX, useMemo } from "react";
import { Canvas } from "./canvas.js";
import { drawPeaks } from "./drawings.js";
import { emotionColour, heard, percent, seconds } from "./emotions.js";
import { Row, TimeAxis, TimelineRows } from "./figure.js";
import type { Live } from "./use-studio.js";

interface LiveViewProps {
  readonly live: Live;
  readonly classes: readonly string[];
}

export function LiveView({ live, classes }: LiveViewProps): JSX.Element {
  const { elapsed, peaks, timeline } = live;
  const duration = Math.max(elapsed, 0.1);
  const draw = useMemo(() => drawPeaks(peaks), [peaks]);
  const span = useMemo(() => ({ start: 0, end: duration }), [duration]);
  const last = timeline.at(-1);
  return (
    <section className="result" aria-label="Recording">
      <h2 className="headline">
        {last?.label && (
          <span
            className="swatch"
            style={{ "--emotion": emotionColour(last.label, classes) }}
            aria-hidden="true"
          />
        )}
        {last ? heard(last) : "Listening …"}
        {last?.label && <span className="sure">{percent(last.confidence)}</span>}
      </h2>
      <p className="origin">Recording, {seconds(elapsed)}</p>
      <div className="figure">
        <Row kind="waveform" caption="Level">
          <Canvas draw={draw} label="Level of the recording" />
        </Row>
        {timeline.length > 0 && (
          <TimelineRows timeline={timeline} duration={duration} span={span} classes={classes} />
        )}
        <TimeAxis duration={duration} />
      </div>
    </section>
  );
}
