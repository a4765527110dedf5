/** Which classes of several corpora are learnt together: those that the same corpora have. */

/** Classes that are learnt from the same rows. */
export interface ClassPart {
  readonly outputs: readonly number[];
  /** Absent for all rows. */
  readonly rows?: Int32Array | undefined;
}

/**
 * Returns the classes in parts, each with the rows of the domains that have its classes: one part of all rows where there are no domains, or all have
 * every class. A class of which nothing but its own rows would be left is learnt from all rows, as there is nothing else to tell it from.
 */
export function classParts(
  labels: Int32Array,
  classes: number,
  domains: Int32Array | undefined,
): ClassPart[] {
  const all = Array.from({ length: classes }, (_, k) => k);
  if (!domains) return [{ outputs: all }];
  const having = all.map((k) => new Set(domains.filter((_, i) => labels[i] === k)));
  const parts = new Map<string, number[]>();
  for (const k of all) {
    const alone = labels.every((label, i) => label === k || !having[k].has(domains[i]));
    const key = alone ? "" : [...having[k]].sort((a, b) => a - b).join(" ");
    parts.set(key, [...(parts.get(key) ?? []), k]);
  }
  const everywhere = new Set(domains).size;
  return [...parts].map(([key, outputs]) => {
    const own = having[outputs[0]];
    if (key === "" || own.size === everywhere) return { outputs };
    return { outputs, rows: Int32Array.from(labels.keys()).filter((i) => own.has(domains[i])) };
  });
}
