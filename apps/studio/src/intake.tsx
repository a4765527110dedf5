/** The way in: files and folders, chosen or dropped anywhere on the page, and the microphone. */
import { type JSX, useEffect, useState } from "react";

interface IntakeProps {
  readonly recording: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onRecord: () => void;
}

const audioEndings = /\.(wav|mp3|flac|ogg|oga|opus|m4a|mp4|aac|webm|aiff?|au|caf|w64)$/i;

export function Intake({ recording, onFiles, onRecord }: IntakeProps): JSX.Element {
  const dragging = useDrop(onFiles);
  const chooser = (label: string, folder: boolean): JSX.Element => (
    <label className="button">
      {label}
      <input
        type="file"
        multiple
        {...(folder
          ? { webkitdirectory: "" }
          : { accept: "audio/*,video/mp4,video/webm,.flac,.opus,.aiff,.au,.caf,.w64" })}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = "";
          onFiles(folder ? audioOnly(files) : files);
        }}
      />
    </label>
  );
  return (
    <section className={dragging ? "intake dragging" : "intake"} aria-label="Choose audio">
      <p className="invitation">{dragging ? "Let go to hear it" : "Drop clips anywhere on this page, or"}</p>
      <div className="actions">
        {chooser("Choose files", false)}
        {chooser("A folder", true)}
        <button type="button" className="button primary" onClick={onRecord}>
          <span className={recording ? "dot live" : "dot"} aria-hidden="true" />
          {recording ? "Stop" : "Record"}
        </button>
      </div>
    </section>
  );
}

/** Of a folder only what looks like audio is wanted; a file that was chosen by itself is always tried. */
function audioOnly(files: readonly File[]): File[] {
  return files
    .filter(({ name, type }) => type.startsWith("audio/") || audioEndings.test(name))
    .sort((a, b) => a.webkitRelativePath.localeCompare(b.webkitRelativePath, undefined, { numeric: true }));
}

/** Takes what is dropped on the page; returns whether something hangs over it. */
function useDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const listeners: Readonly<Record<string, (event: DragEvent) => void>> = {
      dragover(event) {
        event.preventDefault();
        setDragging(true);
      },
      dragleave({ relatedTarget }) {
        if (relatedTarget === null) setDragging(false);
      },
      drop(event) {
        event.preventDefault();
        setDragging(false);
        if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(onFiles);
      },
    };
    for (const [name, act] of Object.entries(listeners)) addEventListener(name, act as EventListener);
    return () => {
      for (const [name, act] of Object.entries(listeners)) removeEventListener(name, act as EventListener);
    };
  }, [onFiles]);
  return dragging;
}

/** Resolves to the files of a drop, those in dropped folders included. */
async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry());
  if (!entries.some((entry) => entry?.isDirectory)) return [...files];
  const found = await Promise.all(entries.filter((entry) => entry !== null).map(filesBelow));
  return audioOnly(found.flat());
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const below: File[] = [];
  // A reader gives a hundred entries at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return below;
    below.push(...(await Promise.all(some.map(filesBelow))).flat());
  }
}
