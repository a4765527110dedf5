/** The seven emotions that RAVDESS, TESS and SAVEE share, calm counted as neutral; boredom is left out. */
import type { LabelMap } from "../label-map.js";
import { commonLabelMap } from "./common-words.js";

export const common7: LabelMap = commonLabelMap("common-7", [
  "anger",
  "disgust",
  "fear",
  "happiness",
  "neutral",
  "sadness",
  "surprise",
]);
