/** The first page: drop a clip or press record, and see how it was said. */
import { type JSX, useEffect, useState } from "react";
import { ClipView } from "./clip-view.js";
import { heard, percent, seconds } from "./emotions.js";
import { Examples } from "./examples.js";
import { LiveView } from "./live-view.js";
import { ModelCardPanel } from "./model-card-panel.js";
import { type Stage, useStudio } from "./use-studio.js";

export function App(): JSX.Element {
  const { recognizer, stage, error, open, openFile, record, stop } = useStudio();
  const [dragging, setDragging] = useState(false);

  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setDragging(false);
      const file = event.dataTransfer?.files[0];
      if (file) void openFile(file);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [openFile]);

  const live = stage.kind === "live";
  return (
    <div className="page">
      <header>
        <h1>Undertone</h1>
        <p className="tagline">hears how something was said</p>
        <p className="privacy">Audio never leaves this page.</p>
      </header>
      <main>
        <section
          className={`intake${stage.kind === "empty" ? "" : " compact"}${dragging ? " dragging" : ""}`}
          aria-label="Choose audio"
        >
          <p className="invitation">
            {dragging ? "Let go to hear it" : "Drop a clip anywhere on this page, or"}
          </p>
          <div className="actions">
            <label className="button">
              Choose a file
              <input
                type="file"
                accept="audio/*,video/mp4,video/webm,.flac,.opus,.aiff"
                onChange={({ currentTarget }) => {
                  const [file] = currentTarget.files ?? [];
                  currentTarget.value = "";
                  if (file) void openFile(file);
                }}
              />
            </label>
            <button type="button" className="button primary" onClick={() => void (live ? stop() : record())}>
              <span className={live ? "dot live" : "dot"} aria-hidden="true" />
              {live ? "Stop" : "Record"}
            </button>
          </div>
        </section>
        {error !== undefined && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <p className="unseen" role="status">
          {announcement(stage)}
        </p>
        {stage.kind === "busy" && (
          <p className="busy" aria-hidden="true">
            Listening to {stage.name} …
          </p>
        )}
        {recognizer && live && <LiveView live={stage.live} classes={recognizer.manifest.classes} />}
        {recognizer && stage.kind === "clip" && (
          <ClipView key={stage.clip.name} clip={stage.clip} classes={recognizer.manifest.classes} />
        )}
        <Examples onOpen={open} />
        {recognizer && <ModelCardPanel manifest={recognizer.manifest} runtime={recognizer.runtime} />}
      </main>
    </div>
  );
}

/** Returns what a screen reader should hear of the page's state. */
function announcement(stage: Stage): string {
  if (stage.kind === "busy") return `Listening to ${stage.name}`;
  if (stage.kind === "live") {
    const last = stage.live.timeline.at(-1);
    return last ? `Recording: ${heard(last)}` : "Recording";
  }
  if (stage.kind === "empty") return "";
  const { name, whole } = stage.clip;
  const sure = whole.label === null ? "" : `, ${percent(whole.confidence)}`;
  return `${name}, ${seconds(whole.end)}: ${heard(whole)}${sure}`;
}
