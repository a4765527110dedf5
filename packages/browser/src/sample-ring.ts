/** A ring buffer of the newest samples of a stream. */

/** Keeps the newest `capacity` samples. */
export interface SampleRing {
  /** How many samples came in so far. */
  readonly total: number;
  push(block: Float32Array): void;
  /** Returns a copy of the newest `count` samples, fewer when fewer came in or fit. */
  newest(count: number): Float32Array<ArrayBuffer>;
}

/** Returns an empty ring. */
export function sampleRing(capacity: number): SampleRing {
  const buffer = new Float32Array(capacity);
  let total = 0;
  return {
    get total() {
      return total;
    },
    push(block) {
      const kept = block.length > capacity ? block.subarray(block.length - capacity) : block;
      const at = (total + block.length - kept.length) % capacity;
      const head = Math.min(kept.length, capacity - at);
      buffer.set(kept.subarray(0, head), at);
      buffer.set(kept.subarray(head), 0);
      total += block.length;
    },
    newest(count) {
      const length = Math.min(count, total, capacity);
      const result = new Float32Array(length);
      const from = (((total - length) % capacity) + capacity) % capacity;
      const head = Math.min(length, capacity - from);
      result.set(buffer.subarray(from, from + head));
      result.set(buffer.subarray(0, length - head), head);
      return result;
    },
  };
}
