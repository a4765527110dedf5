/** The files of the page with their answers adapted to all of them, without hearing any again. */
import type { HeardFile } from "@undertone/browser";
import { type ArtifactManifest, adaptToCollection, summarizeRecording } from "@undertone/core/artifact";
import type { StudioFile } from "./file-list.js";

/** Files as they are shown. */
export interface AdaptedFiles {
  /** Clips that were judged whole and have told of the list. */
  readonly by: number;
  readonly files: readonly StudioFile[];
}

type DoneFile = StudioFile & { readonly state: { readonly kind: "done" } };

/** Returns what adapts the answers of files to all that are heard; it works anew only when one more is heard, or one is gone. */
export function adaptFiles(): (files: readonly StudioFile[], manifest: ArtifactManifest) => AdaptedFiles {
  let known: readonly DoneFile[] = [];
  let by = 0;
  let shown = new Map<StudioFile, StudioFile>();
  return (files, manifest) => {
    const done = files.filter((file): file is DoneFile => file.state.kind === "done");
    if (done.length !== known.length || done.some((file, i) => file !== known[i])) {
      known = done;
      const adapted = adaptToCollection(
        done.map(({ state }) => state.heard),
        manifest,
      );
      by = adapted.by;
      shown = new Map(
        done.map((file, i) => [
          file,
          { ...file, state: { kind: "done", heard: summarized(adapted.recordings[i]) } },
        ]),
      );
    }
    return { by, files: files.map((file) => shown.get(file) ?? file) };
  };
}

function summarized(heard: HeardFile): HeardFile {
  return { ...heard, summary: summarizeRecording(heard.timeline, heard.span) };
}

/** Returns how many clips of a list can tell of it. */
export function tellingClips(files: readonly StudioFile[]): number {
  return files.filter(({ state }) => state.kind === "done" && state.heard.whole?.heard).length;
}
