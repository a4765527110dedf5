/** Where long fits stop and breathe. */
import { stopIfAborted } from "../errors.js";
import type { FitContext } from "./estimator.js";

/**
 * Returns after the host's event loop has run, when the context says how; called between pieces of work.
 * @throws UndertoneError `cancelled` when the context's signal is aborted.
 */
export async function checkpoint(context: FitContext, part?: number): Promise<void> {
  await context.pause?.();
  stopIfAborted(context.signal, "The fit was cancelled");
  if (part !== undefined) context.onProgress?.(part);
}
