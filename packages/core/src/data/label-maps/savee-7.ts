/** All seven classes of SAVEE. */
import type { LabelMap } from "../label-map.js";
import { identityLabelMap } from "./identity.js";

export const savee7: LabelMap = identityLabelMap("savee-7", [
  "anger",
  "disgust",
  "fear",
  "happiness",
  "neutral",
  "sadness",
  "surprise",
]);
