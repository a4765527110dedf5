/** How much a decoder may read, produce and take. */

/** The limits of one decode; each is checked before memory is taken, never after. */
export interface DecodeLimits {
  /** Largest encoded file, in bytes. */
  readonly maxBytes: number;
  /** Most decoded samples, counted over all channels. */
  readonly maxSamples: number;
  /** Longest audio, in seconds. */
  readonly maxSeconds: number;
  /** Longest time that one decode (and extraction) may take, in seconds; held by whoever owns the worker. */
  readonly timeoutSeconds: number;
}

/** One hour, 1 GiB of file, 2^29 samples (an hour of 48 kHz in three channels), two minutes of work. */
export const defaultDecodeLimits: DecodeLimits = {
  maxBytes: 2 ** 30,
  maxSamples: 2 ** 29,
  maxSeconds: 3600,
  timeoutSeconds: 120,
};
