/** A clip: what was heard, when, and how sure; with playback, zoom and export. */
import { type ArtifactManifest, predictionWords } from "@undertone/core/artifact";
import { type JSX, type ReactNode, useEffect, useMemo } from "react";
import type { Clip } from "./clip.js";
import { clipRows } from "./clip-rows.js";
import { clock, sentenceWords, windowAt } from "./emotions.js";
import { ExportMenu } from "./export-menu.js";
import { Figure } from "./figure.js";
import { Headline } from "./headline.js";
import { ScoreBars } from "./score-bars.js";
import { useKeys } from "./use-keys.js";
import { usePlayer } from "./use-player.js";
import { useZoom } from "./use-zoom.js";

interface ClipViewProps {
  readonly clip: Clip;
  readonly manifest: ArtifactManifest;
  /** Whether keys and sound are this clip's; of two, the one that was last touched. */
  readonly active: boolean;
  /** What stands between the headline and the figure, such as the work's progress. */
  readonly children?: ReactNode;
}

const zoomStep = 1.6;

export function ClipView({ clip, manifest, active, children }: ClipViewProps): JSX.Element {
  const { seconds, timeline, span, words, label, origin } = clip;
  const { classes } = manifest;
  const rows = useMemo(() => clipRows(clip, classes), [clip, classes]);
  const zoom = useZoom(seconds);
  const { playing, position, problem, toggle, seek, pause } = usePlayer(clip);
  const now = windowAt(timeline, span, position);
  const grow = (): void => zoom.by(zoomStep, position);
  const shrink = (): void => zoom.by(1 / zoomStep, position);
  const step = Math.min(5, (zoom.view.end - zoom.view.start) / 20);

  // biome-ignore lint/correctness/useExhaustiveDependencies: who scrolls away from the cursor may
  useEffect(() => zoom.reveal(position), [position]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the loss of the turn pauses
  useEffect(() => {
    if (!active) pause();
  }, [active]);
  useKeys(
    active
      ? {
          " ": toggle,
          arrowleft: () => seek(position - step),
          arrowright: () => seek(position + step),
          home: () => seek(0),
          end: () => seek(seconds),
          "+": grow,
          "=": grow,
          "-": shrink,
          "0": zoom.fit,
        }
      : {},
  );

  return (
    <>
      <Headline words={words} label={label} classes={classes} origin={origin} />
      {children}
      <Figure rows={rows} duration={seconds} zoom={zoom} position={position} onSeek={seek} />
      <div className="player">
        <button type="button" className="button primary" onClick={toggle} disabled={problem !== undefined}>
          {playing ? "Pause" : "Play"}
        </button>
        <input
          type="range"
          aria-label="Position"
          aria-valuetext={clock(position)}
          min={0}
          max={seconds}
          step="any"
          value={position}
          onChange={({ currentTarget }) => seek(Number(currentTarget.value))}
        />
        <span className="time">
          {clock(position, seconds < 60)} / {clock(seconds)}
        </span>
        <span className="now">{now && sentenceWords(predictionWords(now)).headline}</span>
        <fieldset className="zoom" aria-label="Zoom">
          <button type="button" aria-label="Zoom out" disabled={zoom.factor === 1} onClick={shrink}>
            −
          </button>
          <button type="button" aria-label="Zoom in" onClick={grow}>
            +
          </button>
        </fieldset>
        <ExportMenu clip={clip} manifest={manifest} rows={rows} view={zoom.view} />
      </div>
      {problem && <p className="small">{problem}</p>}
      {timeline.length > 1 && (
        <p className="small keys">
          A column is a window of {(timeline[0].end - timeline[0].start).toFixed(1)} s, drawn where its middle
          is; grey where there is no answer. Space plays, arrows move, + and − zoom.
        </p>
      )}
      <ScoreBars clip={clip} classes={classes} />
    </>
  );
}
