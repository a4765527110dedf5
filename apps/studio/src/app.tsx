/** The first page: an example that is heard already; drop a clip or press record, and see how it was said. */
import { predictionWords } from "@undertone/core/artifact";
import { type JSX, useCallback, useEffect, useRef } from "react";
import { ClipView } from "./clip-view.js";
import { clock, sentenceWords } from "./emotions.js";
import { Examples, exampleSource, useExamples } from "./examples.js";
import { Intake } from "./intake.js";
import { LiveView } from "./live-view.js";
import { ModelCardPanel } from "./model-card-panel.js";
import { ThemeSwitch } from "./theme-switch.js";
import { type Stage, useStudio } from "./use-studio.js";
import { Dark, useTheme } from "./use-theme.js";

export function App(): JSX.Element {
  const { recognizer, stage, error, open, openFile, record, stop } = useStudio();
  const { theme, dark, choose } = useTheme();
  const examples = useExamples();
  const touched = useRef(false);

  const openFiles = useCallback(
    (files: readonly File[]) => {
      touched.current = true;
      if (files[0]) void openFile(files[0]);
    },
    [openFile],
  );

  useEffect(() => {
    const first = examples.find(({ emotion, sex }) => emotion === "angry" && sex === "female") ?? examples[0];
    if (!first || touched.current) return;
    touched.current = true;
    void open(...exampleSource(first));
  }, [examples, open]);

  const live = stage.kind === "live";
  return (
    <Dark value={dark}>
      <div className="page">
        <header>
          <h1>Undertone</h1>
          <p className="tagline">hears how something was said</p>
          <p className="privacy">Audio never leaves this page.</p>
          <ThemeSwitch theme={theme} onChoose={choose} />
        </header>
        <main>
          <Intake
            recording={live}
            onFiles={openFiles}
            onRecord={() => {
              touched.current = true;
              void (live ? stop() : record());
            }}
          />
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
            <section className="result" aria-label={stage.clip.name}>
              <ClipView key={stage.clip.name} clip={stage.clip} manifest={recognizer.manifest} active />
            </section>
          )}
          <Examples examples={examples} onOpen={(example) => void open(...exampleSource(example))} />
          {recognizer && <ModelCardPanel manifest={recognizer.manifest} runtime={recognizer.runtime} />}
        </main>
      </div>
    </Dark>
  );
}

/** Returns what a screen reader should hear of the page's state. */
function announcement(stage: Stage): string {
  if (stage.kind === "busy") return `Listening to ${stage.name}`;
  if (stage.kind === "live") {
    const last = stage.live.timeline.at(-1);
    return last ? `Recording: ${predictionWords(last).headline}` : "Recording";
  }
  if (stage.kind === "empty") return "";
  const { name, whole } = stage.clip;
  return `${name}, ${clock(whole.end)}: ${sentenceWords(predictionWords(whole)).headline}`;
}
