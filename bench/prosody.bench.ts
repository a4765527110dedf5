/** How fast prosody-v1 is, beside Praat when Python has parselmouth: `npx tsx bench/prosody.bench.ts`. */
import { prosodyV1 } from "../packages/core/src/features/prosody-v1.js";
import { timeFeatureSet } from "./time-feature-set.js";

const peer = { name: "Praat", script: "praat_prosody.py", module: "parselmouth", versionKey: "praat" };
await timeFeatureSet(prosodyV1, peer, 5);
