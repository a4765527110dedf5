/** The menu of what can be saved of a clip. */
import type { ArtifactManifest } from "@undertone/core/artifact";
import { type JSX, useContext, useRef } from "react";
import type { Span } from "./canvas.js";
import type { Clip } from "./clip.js";
import { type ClipDocument, figurePng, said, save, timelineCsv } from "./export-clip.js";
import type { Row } from "./figure.js";
import { Dark } from "./use-theme.js";

interface ExportMenuProps {
  readonly clip: Clip;
  readonly manifest: ArtifactManifest;
  readonly rows: readonly Row[];
  readonly view: Span;
}

export function ExportMenu({ clip, manifest, rows, view }: ExportMenuProps): JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null);
  const dark = useContext(Dark);
  const { name, seconds, complete, timeline, whole, summary, words, origin } = clip;
  const makers: Readonly<Record<string, () => Blob | Promise<Blob>>> = {
    csv: () => new Blob([timelineCsv(timeline, manifest)], { type: "text/csv" }),
    json() {
      const content: ClipDocument = {
        file: name,
        seconds,
        complete,
        model: { name: manifest.name, checksum: manifest.checksum },
        ...(whole ? { whole: said(whole) } : { summary }),
        timeline: timeline.map(said),
      };
      return new Blob([JSON.stringify(content, null, 2)], { type: "application/json" });
    },
    png: () => figurePng(rows, { view, dark, text: { words, origin } }),
  };
  return (
    <details
      className="menu"
      ref={menu}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) currentTarget.open = false;
      }}
    >
      <summary className="button">Export</summary>
      <div>
        {Object.entries(makers).map(([kind, make]) => (
          <button
            key={kind}
            type="button"
            onClick={async () => {
              save(await make(), name, kind);
              menu.current?.removeAttribute("open");
            }}
          >
            {kind.toUpperCase()}
          </button>
        ))}
      </div>
    </details>
  );
}
