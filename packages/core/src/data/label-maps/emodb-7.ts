/** All seven classes of EMO-DB. */
import type { LabelMap } from "../label-map.js";
import { identityLabelMap } from "./identity.js";

export const emodb7: LabelMap = identityLabelMap("emodb-7", [
  "anger",
  "boredom",
  "disgust",
  "fear",
  "happiness",
  "neutral",
  "sadness",
]);
