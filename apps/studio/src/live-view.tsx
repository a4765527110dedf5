/** A recording under way: its level and its timeline so far. */
import { predictionWords } from "@undertone/core/artifact";
import { type JSX, useMemo } from "react";
import { levelRow, timelineRows } from "./clip-rows.js";
import { drawOutline } from "./drawings.js";
import { clock, sentenceWords } from "./emotions.js";
import { Figure } from "./figure.js";
import { Headline } from "./headline.js";
import type { Live } from "./use-studio.js";
import { useZoom } from "./use-zoom.js";

interface LiveViewProps {
  readonly live: Live;
  readonly classes: readonly string[];
}

export function LiveView({ live, classes }: LiveViewProps): JSX.Element {
  const { elapsed, peaks, timeline } = live;
  const duration = Math.max(elapsed, 0.1);
  const zoom = useZoom(duration);
  const rows = useMemo(() => {
    const outline = Float32Array.from(peaks.flatMap((peak) => [-peak, peak]));
    return [
      levelRow("Level", drawOutline(outline, outline.length / duration)),
      ...timelineRows({ timeline, span: { start: 0, end: duration }, classes }),
    ];
  }, [peaks, timeline, duration, classes]);
  const last = timeline.at(-1);
  return (
    <section className="result" aria-label="Recording">
      <Headline
        words={last ? sentenceWords(predictionWords(last)) : { headline: "Listening …" }}
        label={last?.label ?? null}
        classes={classes}
        origin={`Recording, ${clock(elapsed)}`}
      />
      <Figure rows={rows} duration={duration} zoom={zoom} />
    </section>
  );
}
