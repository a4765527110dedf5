/** The page: an example that is heard already; drop clips or press record, and see how it was said. */
import { briefWords } from "@undertone/core/artifact";
import { type JSX, useCallback, useEffect, useRef, useState } from "react";
import { clipOf } from "./clip.js";
import { clock } from "./emotions.js";
import { type Example, Examples, exampleSource, useExamples } from "./examples.js";
import { FileTable } from "./file-table.js";
import { FileView, workWords } from "./file-view.js";
import { Intake } from "./intake.js";
import { LiveView } from "./live-view.js";
import { ModelCardPanel } from "./model-card-panel.js";
import { ModelChooser } from "./model-choice.js";
import { ThemeSwitch } from "./theme-switch.js";
import { type Studio, useStudio } from "./use-studio.js";
import { Dark, useTheme } from "./use-theme.js";

export function App(): JSX.Element {
  const studio = useStudio();
  const { recognizer, loading, files, selected, compared, live, error } = studio;
  const { theme, dark, choose } = useTheme();
  const examples = useExamples();
  const leaveExample = useFirstExample(studio, examples);
  const [touched, setTouched] = useState<number>();

  const { addFiles, record, stopRecording, select } = studio;
  const openFiles = useCallback(
    (chosen: readonly File[]) => {
      leaveExample();
      addFiles(
        chosen.map((file) => ({ name: file.webkitRelativePath || file.name, load: async () => file })),
      );
    },
    [leaveExample, addFiles],
  );
  const openExample = (example: Example): void => {
    const source = exampleSource(example);
    const open = files.find(({ name }) => name === source.name);
    if (open && !live) select(open.id);
    else addFiles([source]);
  };

  const shown = [selected, compared].filter((file) => file !== undefined);
  const active = shown.find(({ id }) => id === touched) ?? selected;
  return (
    <Dark value={dark}>
      <div className={compared ? "page wide" : "page"}>
        <header>
          <h1>Undertone</h1>
          <p className="tagline">hears how something was said</p>
          <p className="privacy">Audio never leaves this page.</p>
          <ThemeSwitch theme={theme} onChoose={choose} />
        </header>
        <main>
          <Intake
            recording={live !== undefined}
            onFiles={openFiles}
            onRecord={() => {
              if (live) stopRecording();
              else {
                leaveExample();
                record();
              }
            }}
          />
          {error !== undefined && (
            <p className="error" role="alert">
              {error}
            </p>
          )}
          <p className="unseen" role="status">
            {announcement(studio)}
          </p>
          {loading && <p className="small">The model loads …</p>}
          {recognizer && (
            <>
              {live ? (
                <LiveView live={live} classes={recognizer.manifest.classes} />
              ) : (
                <div className={compared ? "pair" : undefined}>
                  {shown.map((file) => (
                    <FileView
                      key={file.id}
                      file={file}
                      studio={studio}
                      manifest={recognizer.manifest}
                      active={file === active}
                      onTouch={() => setTouched(file.id)}
                    />
                  ))}
                </div>
              )}
              {files.length > 1 && <FileTable studio={studio} manifest={recognizer.manifest} />}
            </>
          )}
          <Examples examples={examples} onOpen={openExample} manifest={recognizer?.manifest} />
          {recognizer && (
            <ModelCardPanel manifest={recognizer.manifest} runtime={recognizer.runtime}>
              <ModelChooser studio={studio} />
            </ModelCardPanel>
          )}
        </main>
      </div>
    </Dark>
  );
}

/** Opens an example on a page that has nothing to show; returns what takes it away when something of the user's own comes. */
function useFirstExample({ files, addFiles, remove }: Studio, examples: readonly Example[]): () => void {
  const first = useRef<string>(undefined);
  const left = useRef(false);
  useEffect(() => {
    // What is said strongly shows best what the page does.
    const example =
      examples.find(({ emotion, intensity }) => emotion === "angry" && intensity === "strong") ?? examples[0];
    if (!example || left.current || first.current !== undefined) return;
    const source = exampleSource(example);
    first.current = source.name;
    addFiles([source]);
  }, [examples, addFiles]);
  const latest = useRef(files);
  latest.current = files;
  return useCallback(() => {
    const opened = latest.current.find(({ name }) => name === first.current);
    if (opened && !left.current) remove(opened.id);
    left.current = true;
  }, [remove]);
}

/** Returns what a screen reader should hear of the page's state. */
function announcement({ live, selected }: Studio): string {
  if (live) {
    const last = live.timeline.at(-1);
    return last ? `Recording: ${briefWords(last)}` : "Recording";
  }
  if (!selected) return "";
  const { name, state } = selected;
  if (state.kind === "failed") return ""; // the alert says it
  if (state.kind !== "done") return workWords(selected);
  const { seconds, words } = clipOf(selected)!;
  return `${name}, ${clock(seconds)}: ${words.headline}`;
}
