/** What goes between a `TrialPool` and its worker threads. */
import type { ErrorCode, Trial, TrialData, TrialResult } from "@undertone/core";

/** Given to a thread when it starts; the tables' buffers are shared, not copied. */
export interface FitWorkerData {
  readonly data: TrialData;
}

/** One piece of work. */
export type FitJob = Trial;

export type FitReply =
  | { readonly kind: "done"; readonly result: TrialResult }
  | {
      readonly kind: "failed";
      /** Null for an error that is not an `UndertoneError`. */
      readonly code: ErrorCode | null;
      readonly message: string;
    };
