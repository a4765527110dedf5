/** Rows that are numbered from the first that ever was, of which the latest are held in one piece. */

/** A queue of rows of numbers. Views that it gives hold until it is next changed. */
export interface RowQueue<Numbers> {
  /** Number of the first row that is held, and of the next one to come. */
  readonly begin: number;
  readonly end: number;
  /** Returns the numbers of the rows `from` to `to` (exclusive), which must be held. */
  view(from: number, to: number): Numbers;
  /** Appends rows and returns their numbers, 0 until they are filled. */
  append(count: number): Numbers;
  /** Lets go of the rows before `begin`. */
  drop(begin: number): void;
  /** Lets go of all rows; the next one is number `begin`. */
  restart(begin: number): void;
}

/** What a queue may be made of. */
type NumberArray = Float32Array | Float64Array | Uint8Array;

/** Returns an empty queue of rows of `cols` numbers in arrays that `make` gives; it is at most twice as long as the most that was ever in it. */
export function rowQueue<Numbers extends NumberArray>(
  cols: number,
  make: (length: number) => Numbers,
): RowQueue<Numbers> {
  let buffer = make(0);
  /** Number of the row at the buffer's beginning. */
  let origin = 0;
  let begin = 0;
  let end = 0;
  const view = (from: number, to: number): Numbers =>
    buffer.subarray((from - origin) * cols, (to - origin) * cols) as Numbers;
  return {
    get begin() {
      return begin;
    },
    get end() {
      return end;
    },
    view(from, to) {
      if (from >= begin && to <= end && from <= to) return view(from, to);
      throw new RangeError(`rowQueue: got rows ${from} to ${to}, expected some of ${begin} to ${end}`);
    },
    append(count) {
      if ((end + count - origin) * cols > buffer.length) {
        const needed = (end + count - begin) * cols;
        const held = view(begin, end);
        // Half as much again: a queue that has found its length is moved once in so many rows, not with each.
        if (needed * 1.25 > buffer.length) {
          buffer = make(begin === end ? needed : Math.ceil(needed * 1.5));
          buffer.set(held);
        } else buffer.copyWithin(0, (begin - origin) * cols, (end - origin) * cols);
        origin = begin;
      }
      end += count;
      return view(end - count, end).fill(0) as Numbers;
    },
    drop(before) {
      begin = Math.min(end, Math.max(begin, before));
    },
    restart(at) {
      origin = at;
      begin = at;
      end = at;
    },
  };
}
