/** Part of the utterances of a corpus, by what is known of them: every fourth sentence, some speakers. */
import { expectedOneOf, listChoices, UndertoneError } from "../errors.js";
import type { Dataset, Utterance } from "./utterance.js";

/** Which values of an attribute are taken: these, or every so many of the sorted ones, from the first on. */
export type SubsetRule = readonly string[] | { readonly every: number };

/** Corpus -> attribute, or `speaker` or `label`, -> which of its values are taken; all rules of a corpus hold at once. */
export type Subset = Readonly<Record<string, Readonly<Record<string, SubsetRule>>>>;

/**
 * Returns the dataset without what a subset leaves out, and named so; corpora that the subset does not name, or the dataset lacks, are as they are.
 * @throws UndertoneError `usage/bad-value` for an attribute that a corpus does not have, or a value that none of its utterances has.
 */
export function takeSubset(dataset: Dataset, subset: Subset): Dataset {
  let { utterances } = dataset;
  const said: string[] = [];
  for (const [corpus, rules] of Object.entries(subset)) {
    const own = utterances.filter(({ attributes }) => attributes.corpus === corpus);
    if (own.length === 0) continue;
    const chosen = Object.entries(rules).map(([name, rule]) => ({
      name,
      rule,
      values: chosenValues(own, name, rule),
    }));
    utterances = utterances.filter(
      (utterance) =>
        utterance.attributes.corpus !== corpus ||
        chosen.every(({ name, values }) => values.has(told(utterance, name)!)),
    );
    said.push(...chosen.map(({ name, rule }) => `of ${corpus} ${inWords(name, rule)}`));
  }
  return said.length === 0 ? dataset : { name: [dataset.name, ...said].join(", "), utterances };
}

/** Returns a value as the corpus has it: beside others, names begin with the corpus'. */
function told({ speaker, label, attributes }: Utterance, name: string): string | undefined {
  const value = name === "speaker" ? speaker : name === "label" ? label : attributes[name];
  const prefix = `${attributes.corpus}/`;
  return value?.startsWith(prefix) ? value.slice(prefix.length) : value;
}

function chosenValues(utterances: readonly Utterance[], name: string, rule: SubsetRule): Set<string> {
  const values = [...new Set(utterances.flatMap((utterance) => told(utterance, name) ?? []))].sort(inOrder);
  const { corpus } = utterances[0].attributes;
  if (values.length === 0) {
    const names = new Set([
      "speaker",
      "label",
      ...utterances.flatMap(({ attributes }) => Object.keys(attributes)),
    ]);
    throw new UndertoneError(
      "usage/bad-value",
      `The subset takes '${corpus}' by '${name}', which it does not tell, ${expectedOneOf(name, [...names].sort())}`,
    );
  }
  if (!("length" in rule)) return new Set(values.filter((_, i) => i % rule.every === 0));
  const strange = rule.find((value) => !values.includes(value));
  if (strange === undefined) return new Set(rule);
  throw new UndertoneError(
    "usage/bad-value",
    `The subset takes the ${name} '${strange}' of '${corpus}', expected ${listChoices(values.slice(0, 10))}${values.length > 10 ? `, … (${values.length})` : ""}`,
  );
}

/** Numbers by their size, all else by its letters. */
function inOrder(a: string, b: string): number {
  const [one, other] = [Number(a), Number(b)];
  if (one !== other && !Number.isNaN(one) && !Number.isNaN(other)) return one - other;
  return a < b ? -1 : a > b ? 1 : 0;
}

function inWords(name: string, rule: SubsetRule): string {
  if ("length" in rule) return `the ${name} ${rule.join(" and ")} only`;
  const tail =
    rule.every % 100 >= 11 && rule.every % 100 <= 13
      ? "th"
      : (["th", "st", "nd", "rd"][rule.every % 10] ?? "th");
  return `every ${rule.every}${tail} ${name}`;
}
