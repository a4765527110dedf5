/** How fast egemaps-v02 is, beside openSMILE when Python has it: `npx tsx bench/egemaps.bench.ts`. */
import { egemapsV02 } from "../packages/core/src/features/egemaps-v02.js";
import { timeFeatureSet } from "./time-feature-set.js";

const peer = {
  name: "openSMILE",
  script: "opensmile_egemaps.py",
  module: "opensmile",
  versionKey: "opensmile",
};
await timeFeatureSet(egemapsV02, peer, 5);
