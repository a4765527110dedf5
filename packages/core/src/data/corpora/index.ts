/** The one list of corpora that are recognized by their file names. */
import type { Corpus } from "./corpus.js";
import { cremaD } from "./crema-d.js";
import { emodb } from "./emodb.js";
import { nemo } from "./nemo.js";
import { ravdess } from "./ravdess.js";
import { savee } from "./savee.js";
import { tess } from "./tess.js";

export const corpora: readonly Corpus[] = [ravdess, tess, emodb, cremaD, savee, nemo];

/** Returns what a corpus is called for short, such as `EMO-DB`; another name than a corpus' id as it is. */
export function corpusName(id: string): string {
  const title = corpora.find((corpus) => corpus.id === id)?.title;
  return title === undefined ? id : (/\(([^()]+)\)$/.exec(title)?.[1] ?? title.split(":")[0]);
}
