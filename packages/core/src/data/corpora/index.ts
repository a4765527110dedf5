/** The one list of corpora that are recognized by their file names. */
import type { Corpus } from "./corpus.js";
import { cremaD } from "./crema-d.js";
import { emodb } from "./emodb.js";
import { nemo } from "./nemo.js";
import { ravdess } from "./ravdess.js";
import { savee } from "./savee.js";
import { tess } from "./tess.js";

export const corpora: readonly Corpus[] = [ravdess, tess, emodb, cremaD, savee, nemo];
