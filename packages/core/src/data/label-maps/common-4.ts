/** The four emotions that nearly every corpus has, calm counted as neutral. */
import type { LabelMap } from "../label-map.js";
import { commonLabelMap } from "./common-words.js";

export const common4: LabelMap = commonLabelMap("common-4", ["anger", "happiness", "neutral", "sadness"]);
