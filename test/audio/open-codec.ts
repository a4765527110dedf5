/** The decoders of Node, for tests that decode in their own thread. */
export { openCodec } from "../../packages/node/src/io/open-codec.js";
