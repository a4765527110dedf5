/** The files of the page with their answers: one is shown, another may stand beside it. */
import type { ArtifactManifest } from "@undertone/core/artifact";
import { fewestOfCollection } from "@undertone/core/learn";
import { type JSX, useMemo } from "react";
import { tellingClips } from "./adapted-files.js";
import { Canvas } from "./canvas.js";
import { clipOf } from "./clip.js";
import { drawLane } from "./drawings.js";
import { clock, percent, stretches } from "./emotions.js";
import { filesCsv, save } from "./export-clip.js";
import type { Studio, StudioFile } from "./use-studio.js";

interface FileTableProps {
  readonly studio: Studio;
  readonly manifest: ArtifactManifest;
}

export function FileTable({ studio, manifest }: FileTableProps): JSX.Element {
  const { files, adapting, adapt } = studio;
  const clips = tellingClips(files);
  const unchanged =
    adapting && !files.some(({ state }) => state.kind === "done" && state.heard.whole?.adapted);
  const heard = files.filter(({ state }) => state.kind === "done" || state.kind === "failed").length;
  const saveAnswers = (): void => {
    save(new Blob([filesCsv(files, manifest)], { type: "text/csv" }), "answers", "csv");
  };
  return (
    <section className="files" aria-labelledby="files-title">
      <header>
        <h2 id="files-title">Files</h2>
        {heard < files.length && (
          <span className="small">
            {heard} of {files.length} heard
          </span>
        )}
        {manifest.collections && clips >= fewestOfCollection && (
          <label>
            <input
              type="checkbox"
              checked={adapting}
              onChange={({ currentTarget }) => adapt(currentTarget.checked)}
            />
            Adapt to these {clips} clips
          </label>
        )}
        {manifest.collections && clips >= fewestOfCollection && unchanged && (
          <span className="small">Nothing adapted: they vary as little as those of one emotion do</span>
        )}
        <button type="button" onClick={saveAnswers}>
          Answers as CSV
        </button>
      </header>
      <ul>
        {files.map((file) => (
          <FileRow key={file.id} file={file} studio={studio} classes={manifest.classes} />
        ))}
      </ul>
    </section>
  );
}

interface FileRowProps {
  readonly file: StudioFile;
  readonly studio: Studio;
  readonly classes: readonly string[];
}

function FileRow({ file, studio, classes }: FileRowProps): JSX.Element {
  const { selected, compared, select, compare, remove } = studio;
  const { id, name, state } = file;
  const clip = useMemo(() => clipOf(file), [file]);
  const view = useMemo(() => ({ start: 0, end: clip?.seconds ?? 1 }), [clip?.seconds]);
  const draw = useMemo(() => clip && drawLane(stretches(clip.timeline, clip.span), classes), [clip, classes]);
  const shown = selected?.id === id;
  const beside = compared?.id === id;
  return (
    <li className={shown || beside ? "shown" : undefined}>
      <button type="button" className="name" aria-current={shown} onClick={() => select(id)}>
        {name}
      </button>
      <span className="lane">{draw && <Canvas draw={draw} view={view} />}</span>
      <span className="time">{clip && clock(clip.seconds)}</span>
      <span className="answer">{answer(state, clip?.words.headline)}</span>
      <button
        type="button"
        aria-label={`Compare with ${name}`}
        aria-pressed={beside}
        disabled={shown || !clip}
        onClick={() => compare(beside ? undefined : id)}
      >
        Compare
      </button>
      <button type="button" aria-label={`Remove ${name}`} onClick={() => remove(id)}>
        ×
      </button>
    </li>
  );
}

function answer(state: StudioFile["state"], headline: string | undefined): string {
  if (state.kind === "done") return headline ?? "";
  if (state.kind === "failed") return state.message;
  const { progress } = state.partly;
  if (state.kind === "stopped") return "Stopped";
  if (!progress) return state.kind === "waiting" ? "Waits" : "Listening …";
  return `${percent(progress.part)} heard`;
}
