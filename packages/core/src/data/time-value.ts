/** Numbers and points in time as other tools write them. */

/** Returns the number of a text, whose decimals may stand behind a comma, as Excel writes them in much of the world; NaN for none. */
export function writtenNumber(text: string): number {
  return Number(text.replace(/^([+-]?\d*),(\d+)$/, "$1.$2"));
}

/**
 * Returns seconds from a number of seconds (`1.5`, `1,5`), a pandas timedelta (`0 days 00:00:01.500000`, `1 days`) or a clock time
 * (`00:00:01.5`, `01:02,5`); null for anything else. `NaT` and the like are null: not a time.
 */
export function parseTime(text: string): number | null {
  const value = text.trim();
  if (/^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?$/i.test(value)) {
    const seconds = writtenNumber(value);
    return Number.isNaN(seconds) ? null : seconds;
  }
  const match = /^(?:(-?\d+) days?)?(?:(?:^| ) ?\+?(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?))?$/.exec(value);
  if (!match || value === "") return null;
  const [, days, hours, minutes, seconds] = match;
  return (
    Number(days ?? 0) * 86400 +
    Number(hours ?? 0) * 3600 +
    Number(minutes ?? 0) * 60 +
    Number((seconds ?? "0").replace(",", "."))
  );
}
