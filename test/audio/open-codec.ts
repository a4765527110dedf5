/** The decoders of Node, for tests that decode in their own thread. */
import type { Codec, CodecName } from "@undertone/core/audio";
import decodeLibrary from "audio-decode";

export const openCodec = (name: CodecName): Promise<Codec> => decodeLibrary[name]();
