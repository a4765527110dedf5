/** Bars of the classes: the scores of a clip, or the shares of a long one's time. */
import { type JSX, useContext } from "react";
import type { Clip } from "./clip.js";
import { capitalized, percent, shade } from "./emotions.js";
import { Dark } from "./use-theme.js";

interface ScoreBarsProps {
  readonly clip: Clip;
  readonly classes: readonly string[];
}

/** A whole clip's scores, folded where the model gives no answer; of a long one the shares, that without an answer last and without colour. */
export function ScoreBars({ clip, classes }: ScoreBarsProps): JSX.Element | null {
  const { whole, summary, label } = clip;
  const dark = useContext(Dark);
  if (classes.length === 0 || (whole ? Object.keys(whole.scores).length : summary.windows) === 0) return null;
  const silent = Object.values(summary.silent).reduce((sum, share) => sum + share, 0);
  const parts = whole ? whole.scores : summary.shares;
  const bars = (
    <table>
      <tbody>
        {classes.map((name) => (
          <Bar
            key={name}
            name={name}
            part={parts[name] ?? 0}
            top={name === label}
            colour={shade(name, classes, dark)}
          />
        ))}
        {!whole && <Bar name="no answer" part={silent} />}
      </tbody>
    </table>
  );
  if (whole && label === null)
    return (
      <details className="scores unsure">
        <summary>What it would have guessed</summary>
        <p className="small">The model gives no answer here; these scores are too weak to be one.</p>
        {bars}
      </details>
    );
  return (
    <section className="scores" aria-label={whole ? "Scores" : "Shares of the time"}>
      <h3>{whole ? "The whole clip" : "Share of the time"}</h3>
      {bars}
    </section>
  );
}

interface BarProps {
  readonly name: string;
  readonly part: number;
  readonly top?: boolean;
  readonly colour?: string;
}

function Bar({ name, part, top, colour }: BarProps): JSX.Element {
  return (
    <tr className={top ? "top" : undefined}>
      <th scope="row">{capitalized(name)}</th>
      <td className="bar" aria-hidden="true">
        <div style={{ width: `${100 * part}%`, background: colour }} />
      </td>
      <td className="number">
        <data value={part}>{percent(part, 1)}</data>
      </td>
    </tr>
  );
}
