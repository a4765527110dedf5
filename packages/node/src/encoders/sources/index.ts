/** The places from which encoder files come. */
import { address } from "./address.js";
import type { EncoderSource } from "./encoder-source.js";
import { hub } from "./hub.js";
import { npmPackage } from "./npm-package.js";
import { wheel } from "./wheel.js";

export const encoderSources: readonly EncoderSource[] = [npmPackage, wheel, hub, address];
