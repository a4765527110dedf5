/** Who is served how well: the scores of speakers, sexes and corpora, with intervals, and how far apart they are. */
import type { Dataset, Utterance } from "../data/utterance.js";
import { random } from "../math/random.js";
import { percentileInterval, uarDraws } from "./bootstrap.js";
import type { EvaluationResult, GroupGap, GroupResult, ScoredUtterance } from "./evaluation-result.js";
import { accuracyOf } from "./metrics/accuracy.js";
import { unweightedAverageRecall } from "./metrics/uar.js";
import { scoreTable } from "./score-table.js";

/** What a corpus tells of a speaker rather than of an utterance. */
const speakerAttributes = ["sex", "age", "language", "accent", "corpus"] as const;

type Attributes = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A group with the draws that its interval comes from. */
interface DrawnGroup {
  readonly result: GroupResult;
  readonly draws: readonly number[];
}

/** Returns the tables of an evaluation by speaker, sex and corpus. */
export function groupTables(
  predictions: readonly ScoredUtterance[],
  about: { classes: readonly string[]; dataset: Dataset | undefined; seed: number; samples: number },
): Pick<EvaluationResult, "perSpeaker" | "perSex" | "perCorpus" | "fairness"> {
  const { classes, dataset, seed, samples } = about;
  const known = attributesOfSpeakers(dataset, new Set(predictions.map(({ id }) => id)));
  const score = (kind: string, key: (speaker: string) => string): DrawnGroup[] =>
    [...groupBy(predictions, ({ speaker }) => key(speaker))]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, group]) => {
        const scored = scoreTable(group, classes);
        const speakers = group.map(({ speaker }) => speaker);
        const stream = random(seed).fork(`group-${kind}-${name}`);
        const draws = uarDraws(scored, speakers, { random: stream, samples });
        const attributes =
          kind === "speaker" ? (known.get(name) ?? {}) : { speakers: String(new Set(speakers).size) };
        return {
          draws,
          result: {
            name,
            attributes,
            utterances: group.length,
            uar: unweightedAverageRecall(scored.confusion),
            ci: percentileInterval(draws),
            accuracy: accuracyOf(scored.confusion),
          },
        };
      });
  const perSex = told(predictions, known, "sex") ? score("sex", attributeOf(known, "sex")) : [];
  const byCorpus = told(predictions, known, "corpus") ? score("corpus", attributeOf(known, "corpus")) : [];
  const perCorpus = byCorpus.length > 1 ? byCorpus : [];
  return {
    perSpeaker: score("speaker", (speaker) => speaker).map(({ result }) => result),
    perSex: perSex.map(({ result }) => result),
    perCorpus: perCorpus.map(({ result }) => result),
    fairness: [...gapOf("sex", perSex), ...gapOf("corpus", perCorpus)],
  };
}

/** Returns the items by key, in the order of their first. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** Returns the attribute of a speaker, `unknown` where the corpus does not tell. */
function attributeOf(known: Attributes, name: string): (speaker: string) => string {
  return (speaker) => known.get(speaker)?.[name] ?? "unknown";
}

/** Whether the attribute is told of any speaker. */
function told(predictions: readonly ScoredUtterance[], known: Attributes, name: string): boolean {
  return predictions.some(({ speaker }) => known.get(speaker)?.[name] !== undefined);
}

/** Returns the difference between the best and the worst of the groups that are known, where there are two. */
function gapOf(by: GroupGap["by"], groups: readonly DrawnGroup[]): GroupGap[] {
  const sorted = groups
    .filter(({ result }) => result.name !== "unknown")
    .sort((a, b) => b.result.uar - a.result.uar);
  const [best, worst] = [sorted[0], sorted.at(-1)];
  if (!best || !worst || best === worst) return [];
  return [
    {
      by,
      best: best.result.name,
      worst: worst.result.name,
      gap: best.result.uar - worst.result.uar,
      ci: percentileInterval(best.draws.map((uar, i) => uar - worst.draws[i])),
    },
  ];
}

/** Returns what holds for all evaluated utterances of a speaker: speaker -> attribute -> value. */
function attributesOfSpeakers(dataset: Dataset | undefined, ids: ReadonlySet<string>): Attributes {
  const utterances = (dataset?.utterances ?? []).filter(({ id }) => ids.has(id));
  const result = new Map<string, Record<string, string>>();
  for (const [speaker, group] of groupBy<Utterance>(utterances, (utterance) => utterance.speaker)) {
    const known: Record<string, string> = {};
    for (const name of speakerAttributes) {
      const value = group[0].attributes[name];
      if (value !== undefined && group.every(({ attributes }) => attributes[name] === value))
        known[name] = value;
    }
    result.set(speaker, known);
  }
  return result;
}
