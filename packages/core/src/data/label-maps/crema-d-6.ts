/** All six classes of CREMA-D. */
import type { LabelMap } from "../label-map.js";
import { identityLabelMap } from "./identity.js";

export const cremaD6: LabelMap = identityLabelMap("crema-d-6", [
  "anger",
  "disgust",
  "fear",
  "happy",
  "neutral",
  "sad",
]);
