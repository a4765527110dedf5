/** An analysed clip: what was heard, when, and how sure; with playback. */
import { spectrogramHeight } from "@undertone/browser";
import type { Prediction } from "@undertone/core/artifact";
import { sounding, windowsIn } from "@undertone/core/audio";
import { type JSX, useMemo } from "react";
import { Canvas } from "./canvas.js";
import { drawSpectrogram, drawWaveform } from "./drawings.js";
import { capitalized, emotionColour, heard, percent, seconds, valuesText } from "./emotions.js";
import { Row, TimeAxis, TimelineRows } from "./figure.js";
import { usePlayback } from "./use-playback.js";
import type { Clip } from "./use-studio.js";

interface ClipViewProps {
  readonly clip: Clip;
  readonly classes: readonly string[];
}

const frequencyMarks = [500, 2000, 6000];

export function ClipView({ clip, classes }: ClipViewProps): JSX.Element {
  const { name, wave, whole, timeline, picture } = clip;
  const duration = wave.samples.length / wave.sampleRate;
  const { playing, position, toggle, seek } = usePlayback(wave);
  const waveform = useMemo(() => drawWaveform(wave), [wave]);
  const span = useMemo(() => sounding(wave), [wave]);
  const windows = useMemo(() => windowsIn(timeline, span), [timeline, span]);
  const spectrum = useMemo(() => drawSpectrogram(picture, duration), [picture, duration]);
  const seekPart = (part: number): void => seek(part * duration);
  return (
    <>
      <section className="result" aria-labelledby="heard">
        <h2 id="heard" className="headline">
          {whole.label && (
            <span
              className="swatch"
              style={{ "--emotion": emotionColour(whole.label, classes) }}
              aria-hidden="true"
            />
          )}
          {heard(whole)}
          {whole.label && <span className="sure">{percent(whole.confidence)}</span>}
        </h2>
        {whole.dimensions && classes.length > 0 && <p>{valuesText(whole.dimensions)}</p>}
        <p className="origin">
          {name}, {seconds(duration)}
        </p>
        <div className="figure">
          <Row kind="waveform" caption="Waveform" onSeek={seekPart}>
            <Canvas draw={waveform} label="Waveform" />
          </Row>
          <Row
            kind="spectrogram"
            onSeek={seekPart}
            caption={frequencyMarks
              .filter((hz) => hz < 0.9 * picture.highHz)
              .map((hz) => (
                <span key={hz} style={{ bottom: `${100 * spectrogramHeight(hz, picture.highHz)}%` }}>
                  {hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz`}
                </span>
              ))}
          >
            <Canvas draw={spectrum} label="Spectrogram" />
          </Row>
          <TimelineRows
            timeline={windows}
            duration={duration}
            span={span}
            classes={classes}
            onSeek={seekPart}
          />
          <TimeAxis duration={duration} />
          <div className="cursor" aria-hidden="true">
            <div style={{ left: `${(100 * position) / duration}%` }} />
          </div>
        </div>
        {windows.length > 1 && (
          <p className="legend">
            A column is a window of {seconds(windows[0].end - windows[0].start)}, drawn where its middle is;
            the stronger its colour, the higher the score.
          </p>
        )}
        <div className="player">
          <button type="button" className="button" onClick={toggle}>
            {playing ? "Pause" : "Play"}
          </button>
          <input
            type="range"
            aria-label="Position"
            aria-valuetext={seconds(position)}
            min={0}
            max={duration}
            step={0.01}
            value={position}
            onChange={({ currentTarget }) => seek(Number(currentTarget.value))}
          />
          <span className="time">
            {position.toFixed(1)} / {seconds(duration)}
          </span>
        </div>
      </section>
      {Object.keys(whole.scores).length > 0 && <ScoreBars whole={whole} classes={classes} />}
    </>
  );
}

/** The scores of the whole clip, in the classes' order so that two clips compare at a glance. */
function ScoreBars({
  whole,
  classes,
}: {
  readonly whole: Prediction;
  readonly classes: readonly string[];
}): JSX.Element {
  return (
    <section className="scores" aria-labelledby="scores-title">
      <h2 id="scores-title">The whole clip</h2>
      <table>
        <tbody>
          {classes.map((name) => {
            const score = whole.scores[name] ?? 0;
            return (
              <tr key={name} className={name === whole.label ? "top" : undefined}>
                <th scope="row">{capitalized(name)}</th>
                <td className="bar" aria-hidden="true">
                  <div style={{ width: `${100 * score}%`, "--emotion": emotionColour(name, classes) }} />
                </td>
                <td className="number">
                  <data value={score}>{percent(score, 1)}</data>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
