/** What raters heard, in a feature table's file: columns `arousal`, `valence`, `dominance` and `votes:WORD` beside the features. */
import { dimensionNames, type Utterance } from "@undertone/core/data";

const votesPrefix = "votes:";

/** Whether a column tells what raters heard, and is no feature. */
export function isRating(name: string): boolean {
  return name.startsWith(votesPrefix) || dimensionNames.some((dimension) => dimension === name);
}

/** Returns the columns of ratings that the utterances may fill, and what each of them puts there. */
export function ratingFields(
  utterances: readonly Utterance[],
): [name: string, get: (utterance: Utterance) => string | undefined][] {
  const words = [...new Set(utterances.flatMap(({ votes = {} }) => Object.keys(votes)))];
  return [
    ...dimensionNames.map((name): [string, (utterance: Utterance) => string | undefined] => [
      name,
      ({ dimensions }) => dimensions?.[name]?.toString(),
    ]),
    ...words.map((word): [string, (utterance: Utterance) => string | undefined] => [
      `${votesPrefix}${word}`,
      ({ votes }) => votes?.[word]?.toString(),
    ]),
  ];
}

/** Returns a number as a cell tells it, NaN for one that is missing. @throws Error for what is neither. */
export function cellNumber(cell: unknown, row: number, name: string): number {
  if (cell === null || cell === undefined || cell === "" || /^nan$/i.test(String(cell))) return Number.NaN;
  const value = Number(cell);
  if (Number.isFinite(value)) return value;
  throw new Error(`row ${row + 1} of column '${name}' is not a finite number`);
}

/** What raters heard in one row. */
type Ratings = Pick<Utterance, "dimensions" | "votes">;

/** Returns the ratings of the rows that have some. @throws Error for a cell that is no number, or a negative count. */
export function readRatings(
  columns: readonly (readonly [name: string, cells: ArrayLike<unknown>])[],
  rows: number,
): ReadonlyMap<number, Ratings> {
  const found = new Map<number, Ratings>();
  for (const [name, cells] of columns) {
    if (!isRating(name)) continue;
    for (let r = 0; r < rows; r++) {
      const value = cellNumber(cells[r], r, name);
      if (Number.isNaN(value)) continue;
      const { dimensions, votes } = found.get(r) ?? {};
      if (!name.startsWith(votesPrefix))
        found.set(r, { votes, dimensions: { ...dimensions, [name]: value } });
      else if (value >= 0)
        found.set(r, {
          dimensions,
          votes: { ...votes, [name.slice(votesPrefix.length)]: value },
        });
      else throw new Error(`row ${r + 1} of column '${name}' is ${value}, expected a number of votes`);
    }
  }
  return found;
}
