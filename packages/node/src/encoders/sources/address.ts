/** An encoder file at any https address. */
import { fetchBytes } from "../fetch-bytes.js";
import type { EncoderSource } from "./encoder-source.js";

export const address: EncoderSource = {
  form: "an https address",
  takes: (source) => /^https?:/.test(source),
  isKept: (asked, kept) => asked === kept,
  async fetch(source, options) {
    const { bytes } = await fetchBytes(source, options);
    return { bytes, name: new URL(source).pathname, licence: "unknown", source };
  },
  byHand: (source) => `save ${source} by other means and give the file's path: undertone encoder add FILE`,
};
