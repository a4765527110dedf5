/** The six emotions that RAVDESS, TESS, EMO-DB, CREMA-D and SAVEE share, calm counted as neutral; surprise and boredom are left out. */
import type { LabelMap } from "../label-map.js";
import { commonLabelMap } from "./common-words.js";

export const common6: LabelMap = commonLabelMap("common-6", [
  "anger",
  "disgust",
  "fear",
  "happiness",
  "neutral",
  "sadness",
]);
