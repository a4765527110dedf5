/** The one list of label maps. */
import { listChoices, UndertoneError } from "../../errors.js";
import type { LabelMap } from "../label-map.js";
import { common4 } from "./common-4.js";
import { common6 } from "./common-6.js";
import { common7 } from "./common-7.js";
import { cremaD6 } from "./crema-d-6.js";
import { emodb7 } from "./emodb-7.js";
import { nemo6 } from "./nemo-6.js";
import { ravdess8 } from "./ravdess-8.js";
import { savee7 } from "./savee-7.js";
import { tess7 } from "./tess-7.js";

export const labelMaps: readonly LabelMap[] = [
  ravdess8,
  tess7,
  emodb7,
  cremaD6,
  savee7,
  nemo6,
  common4,
  common6,
  common7,
];

/**
 * Returns the label map with this id.
 * @throws UndertoneError `label-map/unknown`, naming the known ones.
 */
export function labelMap(id: string): LabelMap {
  const found = labelMaps.find((map) => map.id === id);
  if (found) return found;
  throw new UndertoneError(
    "label-map/unknown",
    `Unknown label map '${id}', expected ${listChoices(labelMaps.map((map) => map.id))}`,
  );
}
