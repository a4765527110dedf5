/** What was heard, in large letters. */
import type { Words } from "@undertone/core/artifact";
import { type JSX, useContext } from "react";
import { shade } from "./emotions.js";
import { Dark } from "./use-theme.js";

interface HeadlineProps {
  readonly words: Words;
  readonly label: string | null;
  readonly classes: readonly string[];
  /** Which clip, how long. */
  readonly origin: string;
}

export function Headline({ words, label, classes, origin }: HeadlineProps): JSX.Element {
  const dark = useContext(Dark);
  return (
    <>
      <h2 className="headline">
        {label !== null && (
          <span className="swatch" style={{ background: shade(label, classes, dark) }} aria-hidden="true" />
        )}
        {words.headline}
      </h2>
      {words.detail && <p className="detail">{words.detail}</p>}
      <p className="origin">{origin}</p>
    </>
  );
}
