/** Keeps the encoder files that `--encoder` names, so that threads and later runs find them too. */
import type { CommandContext } from "./command.js";
import { listFlag } from "./flags.js";

/** @throws UndertoneError as `addEncoder`. */
export async function addGivenEncoders({
  flags,
  signal,
}: Pick<CommandContext, "flags" | "signal">): Promise<void> {
  const sources = listFlag(flags, "encoder");
  if (sources.length === 0) return;
  const { addEncoder } = await import("../encoders/add-encoder.js");
  for (const source of sources) await addEncoder(source, { signal });
}
