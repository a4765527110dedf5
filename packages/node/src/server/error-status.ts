/** The one table from error codes to HTTP statuses. */
import { type ErrorCode, isUndertoneError } from "@undertone/core/errors";

/** Codes whose status differs from the one of their area. */
const statusOfCode: Partial<Record<ErrorCode, number>> = {
  "audio/too-large": 413,
  "audio/too-long": 413,
  "audio/not-audio": 415,
  "audio/unsupported": 415,
  "audio/timeout": 504,
  "server/too-busy": 503,
  cancelled: 503,
};

/** Status of an area's other codes; an area that is not here is the server's own fault. */
const statusOfArea: Record<string, number> = { audio: 422, server: 400, usage: 400 };

/** An error as clients see it. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}

/** Returns the status and body for an error; what is not an `UndertoneError` gives 500 and tells nothing of the inside. */
export function errorResponse(error: unknown): { readonly status: number; readonly body: ErrorBody } {
  if (!isUndertoneError(error))
    return {
      status: 500,
      body: { error: { code: "internal", message: "The server failed on this request" } },
    };
  const { code, message } = error;
  const status = statusOfCode[code] ?? statusOfArea[code.split("/")[0]] ?? 500;
  return { status, body: { error: { code, message } } };
}
