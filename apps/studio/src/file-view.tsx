/** One file of the page: what is heard in it, how far the work has come, or why nothing is heard. */
import type { ListenProgress } from "@undertone/browser";
import type { ArtifactManifest } from "@undertone/core/artifact";
import { type JSX, useMemo } from "react";
import { clipOf } from "./clip.js";
import { ClipView } from "./clip-view.js";
import { clock } from "./emotions.js";
import type { Studio, StudioFile } from "./use-studio.js";

interface FileViewProps {
  readonly file: StudioFile;
  readonly studio: Pick<Studio, "stopFile" | "hearAgain">;
  readonly manifest: ArtifactManifest;
  readonly active: boolean;
  readonly onTouch: () => void;
}

export function FileView({ file, studio, manifest, active, onTouch }: FileViewProps): JSX.Element {
  const clip = useMemo(() => clipOf(file, manifest), [file, manifest]);
  const work = <Work file={file} studio={studio} />;
  return (
    <section
      className={clip ? "result" : "pending"}
      aria-label={file.name}
      onPointerDownCapture={onTouch}
      onFocusCapture={onTouch}
    >
      {clip ? (
        <ClipView clip={clip} manifest={manifest} active={active}>
          {work}
        </ClipView>
      ) : (
        work
      )}
    </section>
  );
}

/** The state of the work, with what can be done about it; nothing once it is done. */
function Work({ file, studio }: Pick<FileViewProps, "file" | "studio">): JSX.Element | null {
  const { id, state } = file;
  if (state.kind === "done") return null;
  const progress = state.partly.progress;
  const again = (
    <button type="button" onClick={() => studio.hearAgain(id)}>
      Hear it again
    </button>
  );
  if (state.kind === "failed")
    return (
      <div className="error work" role="alert">
        <p>{state.message}</p>
        {again}
      </div>
    );
  return (
    <div className="work">
      <p>
        {workWords(file)}
        {progress &&
          ` · ${progressWords(state.kind === "stopped" ? { ...progress, secondsLeft: undefined } : progress)}`}
      </p>
      {state.kind === "stopped" ? (
        again
      ) : (
        <>
          <progress aria-label="Heard" {...(progress && { value: progress.part })} />
          <button type="button" onClick={() => studio.stopFile(id)}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}

/** Returns what is done with a file that was not heard to its end. */
export function workWords({ name, state }: StudioFile): string {
  if (state.kind === "stopped") return "Stopped";
  return state.kind === "working" ? `Listening to ${name}` : `${name} waits`;
}

/** Returns how far the hearing has come, such as "2:10 of 59:59 heard, about 3:20 left". */
function progressWords({ seconds, total, secondsLeft }: ListenProgress): string {
  const heard =
    total === undefined ? clock(seconds, false) : `${clock(seconds, false)} of ${clock(total, false)}`;
  return `${heard} heard${secondsLeft === undefined ? "" : `, about ${clock(Math.ceil(secondsLeft), false)} left`}`;
}
