/** The one list of corpora that are recognized by their file names. */
import type { Corpus } from "./corpus.js";
import { cremaD } from "./crema-d.js";
import { emodb } from "./emodb.js";
import { nemo } from "./nemo.js";
import { ravdess } from "./ravdess.js";
import { savee } from "./savee.js";
import { tess } from "./tess.js";

export const corpora: readonly Corpus[] = [ravdess, tess, emodb, cremaD, savee, nemo];

/** Returns what is spoken in the corpora that a model names as its data, such as `acted speech in English and German`; undefined where one is not known. */
export function speechOf(dataset: string): string | undefined {
  const known = dataset.split(" + ").map((id) => corpora.find((corpus) => corpus.id === id));
  if (!known.every((corpus) => corpus !== undefined)) return undefined;
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  const languages = [...new Set(known.map(({ language }) => names.of(language)!))].sort();
  return `acted speech in ${languages.length < 2 ? languages.join("") : `${languages.slice(0, -1).join(", ")} and ${languages.at(-1)}`}`;
}

/** Returns what a corpus is called for short, such as `EMO-DB`; another name than a corpus' id as it is. */
export function corpusName(id: string): string {
  const title = corpora.find((corpus) => corpus.id === id)?.title;
  return title === undefined ? id : (/\(([^()]+)\)$/.exec(title)?.[1] ?? title.split(":")[0]);
}
