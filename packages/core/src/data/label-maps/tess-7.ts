/** All seven classes of TESS. */
import type { LabelMap } from "../label-map.js";
import { identityLabelMap } from "./identity.js";

export const tess7: LabelMap = identityLabelMap("tess-7", [
  "angry",
  "disgust",
  "fear",
  "happy",
  "neutral",
  "pleasant_surprise",
  "sad",
]);
