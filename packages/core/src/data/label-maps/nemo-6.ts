/** All six classes of nEMO. */
import type { LabelMap } from "../label-map.js";
import { identityLabelMap } from "./identity.js";

export const nemo6: LabelMap = identityLabelMap("nemo-6", [
  "anger",
  "fear",
  "happiness",
  "neutral",
  "sadness",
  "surprised",
]);
