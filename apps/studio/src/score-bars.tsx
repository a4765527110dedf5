/** Bars of the classes: the scores of a clip, or the shares of a long one's time. */
import type { Prediction, TimelineSummary } from "@undertone/core/artifact";
import { emotionColour } from "@undertone/core/data";
import { type JSX, useContext } from "react";
import { capitalized, percent } from "./emotions.js";
import { Dark } from "./use-theme.js";

/** The scores of a whole clip; where the model gives no answer they stand back, folded. */
export function ScoreBars({
  whole,
  classes,
}: {
  readonly whole: Prediction;
  readonly classes: readonly string[];
}): JSX.Element | null {
  const { label, scores } = whole;
  if (Object.keys(scores).length === 0) return null;
  const bars = (
    <Bars
      classes={classes}
      entries={classes.map((name) => ({ name, part: scores[name] ?? 0, top: name === label }))}
    />
  );
  if (label !== null)
    return (
      <section className="scores" aria-label="Scores">
        <h3>The whole clip</h3>
        {bars}
      </section>
    );
  return (
    <details className="scores unsure">
      <summary>What it would have guessed</summary>
      <p className="small">The model gives no answer here; these scores are too weak to be one.</p>
      {bars}
    </details>
  );
}

/** The shares of a long recording's time, those without an answer last and without colour. */
export function ShareBars({
  summary,
  classes,
}: {
  readonly summary: TimelineSummary;
  readonly classes: readonly string[];
}): JSX.Element | null {
  if (summary.windows === 0 || classes.length === 0) return null;
  const silent = Object.values(summary.silent).reduce((sum, share) => sum + share, 0);
  return (
    <section className="scores" aria-label="Shares of the time">
      <h3>Share of the time</h3>
      <Bars
        classes={classes}
        entries={[
          ...classes.map((name) => ({ name, part: summary.shares[name] ?? 0, top: name === summary.label })),
          { name: "no answer", part: silent, top: false },
        ]}
      />
    </section>
  );
}

interface BarsProps {
  readonly entries: readonly { readonly name: string; readonly part: number; readonly top: boolean }[];
  readonly classes: readonly string[];
}

function Bars({ entries, classes }: BarsProps): JSX.Element {
  const dark = useContext(Dark);
  return (
    <table>
      <tbody>
        {entries.map(({ name, part, top }) => (
          <tr key={name} className={top ? "top" : undefined}>
            <th scope="row">{capitalized(name)}</th>
            <td className="bar" aria-hidden="true">
              <div
                style={{
                  width: `${100 * part}%`,
                  ...(classes.includes(name) && {
                    background: emotionColour(name, classes)[dark ? "dark" : "light"],
                  }),
                }}
              />
            </td>
            <td className="number">
              <data value={part}>{percent(part, 1)}</data>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
