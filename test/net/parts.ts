/** The parts of the net: what each computes anew, and where its golden document is. Tests compare, `scripts/record-net.ts` records. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { corpora, root } from "../corpora.js";
import { exampleClipNames } from "../golden/signals.js";
import { chooseClips } from "./choose-clips.js";
import { type Allowed, folder, readGolden } from "./golden.js";
import { type Frozen, frozen, type HeardClips, heardClips, heardSpeaker, heardStream } from "./hearing.js";
import { jsonDocuments } from "./json-documents.js";
import { longRecipes, recipeNames, recipeResult } from "./recipes.js";
import { standaloneOutputs } from "./standalone.js";
import { binTolerance, profileTolerance, recipeTolerance } from "./tolerance.js";

/** A part of the net. */
export interface Part {
  /** What `scripts/record-net.ts` calls it. */
  readonly name: string;
  /** The golden document, below test/net. */
  readonly golden: string;
  /** Down to which depth the golden file has a line for each entry. */
  readonly depth: number;
  readonly needsCorpora?: boolean;
  /** Whether it takes many minutes. */
  readonly long?: boolean;
  /** How far its numbers may lie from the golden ones; default the tolerance of all. */
  readonly allowed?: Allowed | ((path: string) => Allowed);
  /** Resolves to the document as today's code makes it. */
  compute(): Promise<unknown>;
}

const examples = join(root, "examples/clips");
const adaptable: Frozen = "ravdess-best-format-1";

/** The recordings of the stream: loud and soft, with silence that is longer than a window. */
const joined = {
  clips: ["03-01-05-02-01-01-16.flac", "03-01-04-01-01-01-06.flac"],
  silenceSeconds: 2,
  pieces: [1, 7919, 16000, 311, 40000],
};

async function ofBoth<T>(hear: (name: Frozen) => Promise<T>): Promise<Record<string, T>> {
  const found: Record<string, T> = {};
  for (const name of frozen) found[name] = await hear(name);
  return found;
}

/** Returns the recordings that the golden file lists, or draws them where there is none yet. */
function corporaClips(path: string): string[] {
  if (existsSync(join(folder, path)))
    return Object.keys(Object.values(readGolden<Record<Frozen, HeardClips>>(path))[0].clips);
  return ["ravdess", "tess", "emodb", "nemo"].flatMap((corpus) => chooseClips(corpora!, corpus, 15));
}

export const parts: readonly Part[] = [
  {
    name: "examples",
    golden: "golden/examples.json",
    depth: 3,
    compute: async () => {
      const names = await exampleClipNames();
      return ofBoth((name) => heardClips(name, examples, names));
    },
  },
  {
    name: "stream",
    golden: "golden/stream.json",
    depth: 2,
    compute: () => ofBoth((name) => heardStream(name, examples, joined)),
  },
  {
    name: "speaker",
    golden: "golden/speaker.json",
    depth: 3,
    allowed: { relative: profileTolerance },
    compute: async () => {
      // No example has a second one of its speaker; the arithmetic does not know.
      const names = (await exampleClipNames()).filter((_, i) => i % 5 === 0);
      return heardSpeaker(adaptable, examples, names);
    },
  },
  {
    name: "standalone",
    golden: "golden/standalone.json",
    depth: 1,
    compute: standaloneOutputs,
  },
  {
    name: "json-keys",
    golden: "golden/json-keys.json",
    depth: 2,
    compute: jsonDocuments,
  },
  {
    name: "predictions",
    golden: "golden/predictions.json",
    depth: 3,
    needsCorpora: true,
    compute: () => {
      const paths = corporaClips("golden/predictions.json");
      return ofBoth((name) => heardClips(name, corpora!, paths));
    },
  },
  {
    name: "speaker-of-corpus",
    golden: "golden/speaker-of-corpus.json",
    depth: 3,
    needsCorpora: true,
    allowed: { relative: profileTolerance },
    compute: () =>
      heardSpeaker(
        adaptable,
        join(corpora!, "emodb"),
        ["a01Wa", "a01Na", "a02Tb", "a01Fd", "a02La", "b10Aa"].map((take) => `08${take}.flac`),
      ),
  },
  ...recipeNames.map(
    (name): Part => ({
      name: `recipes/${name}`,
      golden: `recipes/${name}.json`,
      depth: 2,
      needsCorpora: true,
      long: longRecipes.includes(name),
      allowed: (path) => (path.startsWith("reliability.") ? binTolerance : recipeTolerance),
      compute: () => recipeResult(name),
    }),
  ),
];

/** Returns the parts that need the corpora or not, and take many minutes or not, by name. */
export function partsWhere({ needsCorpora = false, long = false }): [name: string, part: Part][] {
  return parts
    .filter((part) => (part.needsCorpora ?? false) === needsCorpora && (part.long ?? false) === long)
    .map((part) => [part.name, part]);
}
