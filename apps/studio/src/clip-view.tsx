/** An analysed clip: what was heard, when, and how sure; with playback, zoom and export. */
import {
  type ArtifactManifest,
  type Prediction,
  predictionWords,
  summarizeTimeline,
  summaryWords,
  wholeClipSeconds,
} from "@undertone/core/artifact";
import { type Sounding, sounding, windowsIn } from "@undertone/core/audio";
import { type JSX, type ReactNode, useEffect, useMemo } from "react";
import { levelRow, spectrogramRow, timelineRows } from "./clip-rows.js";
import { drawWaveform } from "./drawings.js";
import { clock, sentenceWords, windowAt } from "./emotions.js";
import { ExportMenu } from "./export-menu.js";
import { Figure } from "./figure.js";
import { Headline } from "./headline.js";
import { ScoreBars, ShareBars } from "./score-bars.js";
import { useKeys } from "./use-keys.js";
import { usePlayer } from "./use-player.js";
import type { Clip } from "./use-studio.js";
import { useZoom } from "./use-zoom.js";
import { wavFile } from "./wav-file.js";

interface ClipViewProps {
  readonly clip: Clip;
  readonly manifest: ArtifactManifest;
  /** Whether the keys are this clip's; of two, the one that was last touched. */
  readonly active: boolean;
  /** More buttons. */
  readonly children?: ReactNode;
}

const zoomStep = 1.6;

/** Returns the windows in which something sounds; none says more than the clip that was judged whole. */
function drawnWindows({ timeline, whole, wave }: Clip, span: Sounding): readonly Prediction[] {
  const inside = windowsIn(timeline, span);
  const { label, reason } = whole;
  if (label !== null || reason === undefined || wave.samples.length > wholeClipSeconds * wave.sampleRate)
    return inside;
  return inside.map((window) => (window.label === null ? window : { ...window, label, reason }));
}

export function ClipView({ clip, manifest, active, children }: ClipViewProps): JSX.Element {
  const { name, wave, whole, timeline, picture } = clip;
  const { classes } = manifest;
  const duration = wave.samples.length / wave.sampleRate;
  const span = useMemo(() => sounding(wave), [wave]);
  const windows = useMemo(() => drawnWindows(clip, span), [clip, span]);
  const summary = useMemo(
    () => (duration > wholeClipSeconds ? summarizeTimeline(timeline) : undefined),
    [timeline, duration],
  );
  const words = sentenceWords(summary ? summaryWords(summary) : predictionWords(whole));
  const rows = useMemo(
    () => [
      levelRow("Waveform", drawWaveform(wave)),
      spectrogramRow(picture),
      ...timelineRows({ timeline: windows, span, classes }),
    ],
    [wave, picture, windows, span, classes],
  );
  const zoom = useZoom(duration);
  const player = usePlayer(
    useMemo(() => [() => wavFile(wave)], [wave]),
    duration,
  );
  const { playing, position, toggle, seek, pause } = player;
  const now = windowAt(windows, span, position);

  useEffect(() => zoom.reveal(position), [zoom.reveal, position]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the loss of the turn pauses
  useEffect(() => {
    if (!active) pause();
  }, [active]);
  const step = Math.min(5, (zoom.view.end - zoom.view.start) / 20);
  const grow = (): void => zoom.by(zoomStep, position);
  const shrink = (): void => zoom.by(1 / zoomStep, position);
  useKeys(
    active
      ? {
          " ": toggle,
          arrowleft: () => seek(position - step),
          arrowright: () => seek(position + step),
          home: () => seek(0),
          end: () => seek(duration),
          "+": grow,
          "=": grow,
          "-": shrink,
          "0": zoom.fit,
        }
      : {},
  );

  return (
    <>
      <Headline
        words={words}
        label={summary ? summary.label : whole.label}
        classes={classes}
        origin={`${name}, ${clock(duration)}`}
      />
      <Figure rows={rows} duration={duration} zoom={zoom} position={position} onSeek={seek} />
      <div className="player">
        <button type="button" className="button primary" onClick={toggle}>
          {playing ? "Pause" : "Play"}
        </button>
        <input
          type="range"
          aria-label="Position"
          aria-valuetext={clock(position)}
          min={0}
          max={duration}
          step={0.01}
          value={position}
          onChange={({ currentTarget }) => seek(Number(currentTarget.value))}
        />
        <span className="time">
          {clock(position, duration < 60)} / {clock(duration)}
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
        <ExportMenu
          clip={clip}
          summary={summary}
          words={words}
          manifest={manifest}
          rows={rows}
          view={zoom.view}
        />
        {children}
      </div>
      {player.problem && <p className="small">{player.problem}</p>}
      {windows.length > 1 && (
        <p className="small keys">
          A column is a window of {(windows[0].end - windows[0].start).toFixed(1)} s, drawn where its middle
          is; grey where there is no answer. Space plays, arrows move, + and − zoom.
        </p>
      )}
      {summary ? (
        <ShareBars summary={summary} classes={classes} />
      ) : (
        <ScoreBars whole={whole} classes={classes} />
      )}
    </>
  );
}
