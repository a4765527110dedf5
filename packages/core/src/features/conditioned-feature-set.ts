/** A feature set of recordings that are conditioned first: `trim,loudness:lufs=-26/seed-v1`. */
import { conditionFiles, openConditioning, parseConditionSteps } from "../condition/conditioners.js";
import { isEncoderSet } from "./composite-feature-set.js";
import type { EncoderSet, OpenFeatureSet } from "./encoder-set.js";
import type { FeatureSet, FeatureSetFacts } from "./feature-set.js";

/** Returns the steps that an id names before its last `/`, and the id behind it. */
export function conditionedParts(id: string): { steps: string | undefined; rest: string } {
  const slash = id.lastIndexOf("/");
  return slash < 0
    ? { steps: undefined, rest: id }
    : { steps: id.slice(0, slash), rest: id.slice(slash + 1) };
}

/**
 * Returns the set that conditions each waveform, at its own rate of `set.sampleRate`, before `set` extracts. The steps are part of the id, so that
 * caches, artifacts, recognizers and pages all take them along. Sets of frames lose their stream: conditioning looks at the whole recording.
 * @throws UndertoneError `condition/bad-step`
 */
export function conditionedFeatureSet(text: string, set: FeatureSet | EncoderSet): EncoderSet {
  const steps = parseConditionSteps(text);
  const { level, names, sampleRate } = set;
  const facts: FeatureSetFacts = {
    id: `${text}/${set.id}`,
    level,
    names,
    sampleRate,
    levelFree: set.levelFree || steps.some(({ kind }) => kind === "loudness"),
  };
  const files = [...conditionFiles(steps), ...(isEncoderSet(set) ? set.files : [])];
  return {
    ...facts,
    files,
    async open(resources): Promise<OpenFeatureSet> {
      const inner: OpenFeatureSet = isEncoderSet(set) ? await set.open(resources) : set;
      const conditioning = openConditioning(steps, resources);
      return {
        ...facts,
        extract: async (wave) => inner.extract(await conditioning.apply(wave)),
        async close() {
          await conditioning.close();
          await inner.close?.();
        },
      };
    },
  };
}
