/** An encoder file of a model hub, with the hash and the licence that the hub tells. */
import { UndertoneError } from "@undertone/core/errors";
import { z } from "zod";
import { sha256Of } from "../encoder-store.js";
import { fetchBytes, notFetched } from "../fetch-bytes.js";
import type { EncoderSource } from "./encoder-source.js";
import { parseJson } from "./parse-json.js";

/** The hub that `hf:` means, unless told. */
export const defaultHub = "https://huggingface.co";

/** `hf:ORG/MODEL[@REVISION]/PATH`. */
interface HubFile {
  readonly model: string;
  readonly revision: string | undefined;
  readonly path: string;
}

/** Returns what an `hf:` source names. @throws UndertoneError `usage/bad-value`. */
function parseHubFile(source: string): HubFile {
  const found = /^hf:([\w.-]+\/[\w.-]+)(?:@([\w./-]+?))?\/((?:[\w.-]+\/)*[\w.-]+\.(?:onnx|ort))$/.exec(
    source,
  );
  if (!found || found[3].split("/").includes("..")) {
    throw new UndertoneError(
      "usage/bad-value",
      `Bad encoder source '${source}', expected hf:ORG/MODEL/PATH.onnx or hf:ORG/MODEL@REVISION/PATH.onnx`,
    );
  }
  return { model: found[1], revision: found[2], path: found[3] };
}

/** Returns the address at which a browser would find the file. */
function hubAddress({ model, revision = "main", path }: HubFile, base: string): string {
  return `${base}/${model}/resolve/${encodeURIComponent(revision)}/${path}`;
}

const modelInfo = z.object({
  sha: z.string().regex(/^[0-9a-f]{7,64}$/),
  cardData: z.object({ license: z.union([z.string(), z.array(z.string())]).optional() }).nullish(),
  tags: z.array(z.string()).optional(),
  siblings: z
    .array(z.object({ rfilename: z.string(), lfs: z.object({ sha256: z.string() }).nullish() }))
    .optional(),
});

export const hub: EncoderSource = {
  form: "hf:ORG/MODEL[@REVISION]/PATH.onnx",
  takes: (source) => source.startsWith("hf:"),
  isKept(asked, kept) {
    const [file, before] = [parseHubFile(asked), parseHubFile(kept)];
    const same = file.model === before.model && file.path === before.path;
    return same && (file.revision === undefined || before.revision!.startsWith(file.revision));
  },
  /** Fetches the file at the commit that its revision is now. */
  async fetch(source, options) {
    const { hub: base = defaultHub, onProgress: _, ...quiet } = options;
    const { model, revision = "main", path } = parseHubFile(source);
    const asked = `${base}/api/models/${model}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const told = await fetchBytes(asked, { ...quiet, mostBytes: 16 * 2 ** 20 });
    const parsed = modelInfo.safeParse(parseJson(told.bytes));
    if (!parsed.success) throw notFetched(asked, "its answer does not describe a model", options);
    const { sha, cardData, tags = [], siblings = [] } = parsed.data;
    const { bytes } = await fetchBytes(hubAddress({ model, revision: sha, path }, base), options);
    const expected = siblings.find(({ rfilename }) => rfilename === path)?.lfs?.sha256;
    const found = sha256Of(bytes);
    if (expected !== undefined && expected !== found) {
      throw new UndertoneError(
        "features/encoder-mismatch",
        `The file 'hf:${model}@${sha}/${path}' came with the SHA-256 ${found}, expected ${expected} as the hub says; nothing was kept, and another try may bring it whole`,
        { details: { found, expected } },
      );
    }
    const tagged = tags.find((tag) => tag.startsWith("license:"))?.slice("license:".length);
    const licence = [cardData?.license ?? tagged ?? "unknown"].flat().join(" AND ");
    return { bytes, name: model.split("/")[1], licence, source: `hf:${model}@${sha}/${path}` };
  },
  byHand: (source, { hub: base = defaultHub }) =>
    `save ${hubAddress(parseHubFile(source), base)} by other means and give the file's path: undertone encoder add FILE`,
};
