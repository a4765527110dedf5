/** Completes the ids of feature sets from encoder files, as users write them. */
import { readFile } from "node:fs/promises";
import { completeEncoderId, isEncoderId, parseEncoderRequest } from "@undertone/core/features";
import { readEncoderFile } from "@undertone/core/onnx";
import { nodeRuntime } from "../runtime/node-runtime.js";
import { type EncoderRecord, encoderPath, findEncoder, sha256Of } from "./encoder-store.js";

/**
 * Returns the id with each `encoder:NAME…` in it completed from the kept file of that name; others are left as they are.
 * @throws UndertoneError `features/encoder-missing`, `features/encoder-mismatch`, `features/unknown`, `features/mismatch`.
 */
export async function completeFeatures(id: string): Promise<string> {
  const slash = id.lastIndexOf("/");
  const steps = id.slice(0, slash + 1);
  const parts = await Promise.all(
    id
      .slice(slash + 1)
      .split("+")
      .map(completePart),
  );
  return steps + parts.join("+");
}

async function completePart(part: string): Promise<string> {
  if (!isEncoderId(part)) return part;
  const request = parseEncoderRequest(part);
  return request.facts && request.sha256 ? part : completeIdOf(await findEncoder(request), request);
}

/** Returns the complete id of a choice of layers of a kept file. @throws UndertoneError as `completeFeatures`. */
export async function completeIdOf(
  record: EncoderRecord,
  choice: Parameters<typeof completeEncoderId>[1],
): Promise<string> {
  const { name, sha256 } = record;
  const encoderFile = (): Promise<Uint8Array> => readFile(encoderPath(sha256));
  const bytes = await readEncoderFile(record, { encoderFile, sha256: sha256Of });
  return completeEncoderId(bytes, choice, { name, sha256, runtime: nodeRuntime() });
}
