/** All eight classes of RAVDESS. */
import type { LabelMap } from "../label-map.js";
import { identityLabelMap } from "./identity.js";

export const ravdess8: LabelMap = identityLabelMap("ravdess-8", [
  "neutral",
  "calm",
  "happy",
  "sad",
  "angry",
  "fearful",
  "disgust",
  "surprised",
]);
