/** The one list of label maps. */
import { expectedOneOf, UndertoneError } from "../../errors.js";
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
    `Unknown label map '${id}', ${expectedOneOf(
      id,
      labelMaps.map((map) => map.id),
    )}`,
  );
}

/**
 * Returns the label maps by which results of a map are looked at too: each has some of its classes, of those that are there, and leaves the others out.
 * @throws UndertoneError `label-map/unknown`, `label-map/bad-view`.
 */
export function viewsOf(map: Pick<LabelMap, "id" | "classes">, ids: readonly string[]): LabelMap[] {
  // A run's map has the classes that its data have.
  const { classes } = labelMaps.find(({ id }) => id === map.id) ?? map;
  return ids.map((id) => {
    const view = labelMap(id);
    const strange = view.classes.find((name) => !classes.includes(name));
    if (strange === undefined)
      return { ...view, classes: view.classes.filter((name) => map.classes.includes(name)) };
    throw new UndertoneError(
      "label-map/bad-view",
      `The view '${id}' has the class '${strange}', which the label map '${map.id}' lacks; expected a map of some of ${classes.join(", ")}`,
    );
  });
}
