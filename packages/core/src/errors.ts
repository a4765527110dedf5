/** The one error class and the list of its codes. */

/** Every code an `UndertoneError` can carry: `area/what`. `docs/errors.md` explains each. */
export const errorCodes = [
  "audio/empty",
  "audio/silent",
  "audio/too-short",
  "audio/too-long",
  "audio/too-large",
  "audio/not-audio",
  "audio/unsupported",
  "audio/truncated",
  "audio/not-finite",
  "audio/bad-sample-rate",
  "audio/bad-channel-count",
  "audio/timeout",
  "file/not-found",
  "file/unreadable",
  "file/exists",
  "file/disk-full",
  "file/busy",
  "usage/unknown-command",
  "usage/unknown-flag",
  "usage/bad-value",
  "usage/missing",
  "corpus/empty",
  "corpus/unknown",
  "corpus/missing",
  "corpus/one-class",
  "corpus/ambiguous",
  "corpus/broken-files",
  "manifest/invalid",
  "label-map/unknown",
  "label-map/unmapped",
  "label-map/bad-view",
  "recipe/invalid",
  "recipe/result-missed",
  "condition/bad-step",
  "features/unknown",
  "features/mismatch",
  "features/encoder-missing",
  "features/encoder-mismatch",
  "features/not-finite",
  "learn/unknown-model",
  "learn/bad-parameter",
  "learn/single-class",
  "learn/too-few-rows",
  "learn/not-finite",
  "learn/no-convergence",
  "learn/risk-out-of-reach",
  "evaluate/not-comparable",
  "split/unknown",
  "split/leak",
  "split/too-few-speakers",
  "split/invalid",
  "onnx/invalid",
  "onnx/unsupported",
  "artifact/not-an-artifact",
  "artifact/newer-version",
  "artifact/invalid",
  "artifact/too-large",
  "artifact/not-adaptable",
  "runtime/unavailable",
  "server/bad-request",
  "server/too-busy",
  "cancelled",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What went wrong, as one sentence (what, got, expected) with a code from `errorCodes`. */
export class UndertoneError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "UndertoneError";
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Whether `error` is an `UndertoneError` (with that code, when one is given). */
export function isUndertoneError(error: unknown, code?: ErrorCode): error is UndertoneError {
  return error instanceof UndertoneError && (code === undefined || error.code === code);
}

/** An error as plain data, for another thread or a file. */
export interface PlainError {
  /** Null for an error that is not an `UndertoneError`. */
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Returns the error, or whatever was thrown, as plain data; its cause and stack stay behind. */
export function errorToPlain(error: unknown): PlainError {
  if (error instanceof UndertoneError)
    return { code: error.code, message: error.message, details: error.details };
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}

/** Returns the error that `errorToPlain` made plain. */
export function errorFromPlain({ code, message, details }: PlainError): Error {
  return code === null ? new Error(message) : new UndertoneError(code, message, { details: { ...details } });
}

/** A way to stop work; any `AbortSignal` fits. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** Throws the signal's reason where that is an error of ours, else `cancelled`, when the signal is aborted. */
export function stopIfAborted(
  signal: StopSignal | undefined,
  what = "The work was stopped on request",
): void {
  if (!signal?.aborted) return;
  throw signal.reason instanceof UndertoneError ? signal.reason : new UndertoneError("cancelled", what);
}

/** Returns "a, b or c" for messages that list what was expected. */
export function listChoices(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join("") : `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
}

/** Returns the optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(substitution, last[j] + 1, current[j - 1] + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2] + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length];
}

/** Returns the choice nearest to `word`, or undefined when none is near enough to be meant: `limit` letters, about a third of them. */
export function closest(
  word: string,
  choices: readonly string[],
  limit = word.length < 2 ? 0 : Math.ceil(word.length / 3),
): string | undefined {
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const choice of choices) {
    const distance = editDistance(word.toLowerCase(), choice.toLowerCase());
    if (distance < bestDistance) {
      best = choice;
      bestDistance = distance;
    }
  }
  return best ?? choices.find((choice) => word.length >= 3 && choice.startsWith(word));
}

/** Returns what follows a word that is none of the choices: the one that was meant where it can be guessed, and all there are. */
export function expectedOneOf(word: string, choices: readonly string[]): string {
  const meant = closest(word, choices);
  return meant === undefined
    ? `expected ${listChoices(choices)}`
    : `did you mean '${meant}'? Choices: ${choices.join(", ")}`;
}
