/** Several feature sets side by side as one: `seed-v1+speech-embedding-v1`. */
import { UndertoneError } from "../errors.js";
import { type Matrix, matrix } from "../math/matrix.js";
import type { EncoderFile } from "../onnx/encoder-file.js";
import { int } from "../onnx/graph-builder.js";
import type { EncoderSet, OpenFeatureSet } from "./encoder-set.js";
import type { FeatureSet, FeatureSetFacts } from "./feature-set.js";

/** Returns the ids that a composite id names, or the one id itself. */
export function compositeParts(id: string): string[] {
  return id.split("+");
}

/** Returns whether a set has to be opened before it can extract. */
export function isEncoderSet(set: FeatureSet | EncoderSet): set is EncoderSet {
  return "open" in set;
}

/** @throws UndertoneError `onnx/unsupported` naming the sets that no graph computes. */
export function refuseWithoutGraph(sets: readonly (FeatureSet | EncoderSet)[]): void {
  const without = sets.filter((set) => !isEncoderSet(set) || !set.emit).map(({ id }) => `'${id}'`);
  if (without.length === 0) return;
  throw new UndertoneError(
    "onnx/unsupported",
    `The features ${without.join(" and ")} are computed by Undertone's code and have no ONNX form, expected sets of networks only: speech-embedding-v1 or encoder:NAME with a pool, without conditioning before them`,
    { details: { without } },
  );
}

/**
 * Returns the set whose row is the parts' rows one after the other, each name preceded by its part's id (`seed-v1:lm.m.00`).
 * @throws UndertoneError `features/mismatch` for a part that gives a row per frame, parts with different sample rates, or one part twice.
 */
export function compositeFeatureSet(parts: readonly (FeatureSet | EncoderSet)[]): EncoderSet {
  const id = parts.map((part) => part.id).join("+");
  const refuse = (why: string): never => {
    throw new UndertoneError(
      "features/mismatch",
      `Feature sets do not go together in '${id}': ${why}, expected different sets of one row per recording and one sample rate`,
      { details: { id } },
    );
  };
  const { sampleRate } = parts[0];
  for (const part of parts) {
    if (part.level !== "functionals") refuse(`'${part.id}' gives a row per frame`);
    if (part.sampleRate !== sampleRate)
      refuse(`'${part.id}' takes ${part.sampleRate} Hz and '${parts[0].id}' ${sampleRate} Hz`);
  }
  if (new Set(parts.map((part) => part.id)).size < parts.length) refuse("one is named twice");
  const facts: FeatureSetFacts = {
    id,
    level: "functionals",
    names: parts.flatMap((part) => part.names.map((name) => `${part.shortId ?? part.id}:${name}`)),
    sampleRate,
    levelFree: parts.every((part) => part.levelFree),
  };
  if (new Set(facts.names).size < facts.names.length) refuse("two have columns of one name");
  const files = new Map<string, EncoderFile>();
  for (const part of parts)
    if (isEncoderSet(part)) for (const file of part.files) files.set(file.sha256, file);
  return {
    ...facts,
    files: [...files.values()],
    async emit(graph, waves, resources) {
      refuseWithoutGraph(parts);
      const rows: string[][] = [];
      for (const part of parts) rows.push(await (part as EncoderSet).emit!(graph, waves, resources));
      return waves.map((_, i) =>
        graph.node(
          "Concat",
          rows.map((own) => own[i]),
          { attributes: { axis: int(1) } },
        ),
      );
    },
    async open(resources): Promise<OpenFeatureSet> {
      const opened: OpenFeatureSet[] = [];
      const close = async (): Promise<void> => {
        await Promise.all(opened.map((set) => set.close?.()));
      };
      try {
        for (const part of parts) opened.push(isEncoderSet(part) ? await part.open(resources) : part);
      } catch (error) {
        await close();
        throw error;
      }
      const beside = async (rows: readonly (() => Matrix | Promise<Matrix>)[]): Promise<Matrix> => {
        const result = matrix(1, facts.names.length);
        let offset = 0;
        for (const row of rows) {
          const { data } = await row();
          result.data.set(data, offset);
          offset += data.length;
        }
        return result;
      };
      return {
        ...facts,
        extract: (wave) => beside(opened.map((set) => () => set.extract(wave))),
        ...(opened.every((set) => set.openWindows) && {
          openWindows(frames, options) {
            const parts = opened.map((set) => set.openWindows!(frames, options));
            return { row: (window) => beside(parts.map((part) => () => part.row(window))) };
          },
        }),
        close,
      };
    },
  };
}
