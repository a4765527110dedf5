/** The example clips, one click away. */
import type { ArtifactManifest } from "@undertone/core/artifact";
import { matchWords } from "@undertone/core/data";
import { type JSX, useEffect, useState } from "react";
import { capitalized } from "./emotions.js";
import type { AudioSource } from "./use-studio.js";

/** A bundled clip: an actor who speaks as if he felt so. */
export interface Example {
  readonly file: string;
  readonly sex: string;
  readonly emotion: string;
  /** `normal` or `strong`. */
  readonly intensity: string;
}

const voices: Readonly<Record<string, string>> = { female: "woman", male: "man" };

/** Returns the examples of this server, empty until they are known and where there are none. */
export function useExamples(): readonly Example[] {
  const [examples, setExamples] = useState<readonly Example[]>([]);
  useEffect(() => {
    fetch("/examples/clips.json")
      .then(async (response) => setExamples(response.ok ? ((await response.json()) as Example[]) : []))
      .catch(() => setExamples([])); // a server without examples shows none
  }, []);
  return examples;
}

/** Returns an example as a source of the page. */
export function exampleSource({ file, sex, emotion }: Example): AudioSource {
  return { name: `Example (${emotion}, ${voices[sex] ?? sex})`, load: () => fetchBlob(file) };
}

interface ExamplesProps {
  readonly examples: readonly Example[];
  readonly onOpen: (example: Example) => void;
  /** Of the model that hears them; absent while it is loaded. */
  readonly manifest: ArtifactManifest | undefined;
}

export function Examples({ examples, onOpen, manifest }: ExamplesProps): JSX.Element | null {
  if (examples.length === 0) return null;
  const emotions = [...new Set(examples.map(({ emotion }) => emotion))];
  return (
    <section className="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">Example clips</h2>
      <ul>
        {emotions.map((emotion) => (
          <li key={emotion}>
            <span>{capitalized(emotion)}</span>
            {examples
              .filter((example) => example.emotion === emotion)
              .sort((a, b) => a.sex.localeCompare(b.sex))
              .map((example) => {
                const voice = voices[example.sex] ?? example.sex;
                return (
                  <button
                    key={example.file}
                    type="button"
                    aria-label={`Example: ${capitalized(emotion)}, ${voice}`}
                    onClick={() => onOpen(example)}
                  >
                    {voice}
                  </button>
                );
              })}
          </li>
        ))}
      </ul>
      <p className="small">
        {[
          "Actors of RAVDESS, speaking as if they felt so (Livingstone and Russo 2018, CC BY-NC-SA 4.0).",
          ...(manifest ? exampleNotes(emotions, manifest) : []),
        ].join(" ")}
      </p>
    </section>
  );
}

/** Returns what the answers on the examples are to be taken with: what the model learnt from, and emotions that it has no class of their own for. */
export function exampleNotes(
  emotions: readonly string[],
  { training, classes, labelMap }: Pick<ArtifactManifest, "training" | "classes" | "labelMap">,
): string[] {
  const learnt = training.dataset.split(" + ").includes("ravdess");
  const { words } = matchWords(emotions, { ...labelMap, classes });
  const missing = emotions.filter((emotion) => words[emotion] === null);
  const shared = emotions.filter(
    (emotion, i) => emotions.findIndex((one) => words[one] === words[emotion]) < i,
  );
  return [
    ...(learnt ? ["The model learnt from these clips too: expect it to be less sure of yours."] : []),
    ...shared
      .filter((emotion) => words[emotion] !== null)
      .map((emotion) => `${capitalized(emotion)} counts as ${words[emotion]} in this model.`),
    ...(classes.length > 0 && missing.length > 0
      ? [`This model has no class for ${missing.join(", ")}.`]
      : []),
  ];
}

async function fetchBlob(file: string): Promise<Blob> {
  const response = await fetch(`/examples/${file}`);
  if (!response.ok) throw new Error(`The example cannot be fetched: the server answered ${response.status}`);
  return response.blob();
}
