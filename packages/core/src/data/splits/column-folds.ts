/** Folds that a list tells: a column of splits or folds, or the lists themselves. */
import { expectedOneOf, UndertoneError } from "../../errors.js";
import { plainColumn } from "../manifest-columns.js";
import type { Split } from "../split.js";
import type { Dataset, Utterance } from "../utterance.js";

/** The attribute of utterances that says which of several lists they are from. */
const listAttribute = "list";

/** Words for the parts of a published split, alone or in a name such as `meld_train`. */
const parts = {
  train: /(^|[^a-z])train(ing)?([^a-z]|$)/i,
  dev: /(^|[^a-z])(dev(elopment)?|val(id(ation)?)?)([^a-z]|$)/i,
  test: /(^|[^a-z])(test(ing)?|eval(uation)?)\d*([^a-z]|$)/i,
};
type Part = keyof typeof parts;

function partOf(value: string): Part | undefined {
  return (Object.keys(parts) as Part[]).find((part) => parts[part].test(value));
}

/**
 * Returns the splits that an attribute tells: one split where its values are train, test and perhaps dev (without a test part, dev is tested); else a
 * split for each value, which tests on it and trains on the others. `only` names the one value that is tested.
 * @throws UndertoneError `split/invalid` for an attribute that not every utterance has, or with one value.
 */
function columnFolds(dataset: Dataset, column: string, only?: string): Split[] {
  const { name, utterances } = dataset;
  const known = [...new Set(utterances.flatMap(({ attributes }) => Object.keys(attributes)))];
  const key =
    known.find((one) => one === column) ?? known.find((one) => plainColumn(one) === plainColumn(column));
  const bad = (text: string): UndertoneError =>
    new UndertoneError("split/invalid", `Cannot split '${name}' by the column '${column}': ${text}`);
  if (key === undefined)
    throw bad(
      `no utterance has it, ${known.length > 0 ? expectedOneOf(column, known) : "expected a list with such a column"}`,
    );
  const told = ({ attributes }: Utterance): string | undefined => attributes[key];
  const without = utterances.find((one) => told(one) === undefined);
  if (without) throw bad(`'${without.id}' has no value, expected one for each utterance`);
  const values = [...new Set(utterances.map((one) => told(one)!))].sort();
  if (values.length < 2) throw bad(`all have the value '${values[0]}', expected two or more`);
  if (only !== undefined && !values.includes(only))
    throw bad(`none has the value '${only}', ${expectedOneOf(only, values)}`);
  const ids = (has: (value: string) => boolean): string[] =>
    utterances.filter((one) => has(told(one)!)).map(({ id }) => id);
  const ofPart = (part: Part): string[] => ids((value) => partOf(value) === part);
  const found = values.map(partOf);
  const tested = (["test", "dev"] as const).find((part) => found.includes(part));
  if (only === undefined && tested && found.includes("train") && found.every((part) => part !== undefined)) {
    const dev = tested === "dev" ? [] : ofPart("dev");
    return [{ name: tested, train: ofPart("train"), dev, test: ofPart(tested) }];
  }
  return (only === undefined ? values : [only]).map((value) => ({
    name: `${column === listAttribute ? "" : `${column}-`}${value}`,
    train: ids((other) => other !== value),
    dev: [],
    test: ids((other) => other === value),
  }));
}

/**
 * Returns the splits of a spec that the data's lists tell: `column:NAME`, or `list` for train and test given as two lists or folders that are called
 * so, or each tested by a model of the others, `list:NAME` for that one only; undefined for another spec.
 * @throws UndertoneError `split/invalid`.
 */
export function toldFolds(spec: string, dataset: Dataset): Split[] | undefined {
  const [, word, name] = /^(column|list)(?::(.+))?$/.exec(spec) ?? [];
  if (word === undefined) return undefined;
  const bad = (text: string): UndertoneError => new UndertoneError("split/invalid", text);
  if (word === "column") {
    if (name !== undefined) return columnFolds(dataset, name);
    throw bad("The folds 'column' name no column, expected one such as column:split");
  }
  if (dataset.utterances.some(({ attributes }) => attributes[listAttribute] !== undefined))
    return columnFolds(dataset, listAttribute, name);
  throw bad(`'${dataset.name}' is one list, expected two or more, such as --data train.csv --data test.csv`);
}
