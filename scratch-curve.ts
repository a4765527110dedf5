import { adaptationCurve } from "/tmp/wt/ridge/scripts/adaptation.js";

const t = Date.now();
const points = await adaptationCurve(process.argv[2]!, process.argv[3]!);
for (const { utterances, uar, draws } of points)
  console.log(utterances, uar.toFixed(4), draws.map((u) => u.toFixed(4)).join(" "));
console.log((Date.now() - t) / 1000);
process.exit(0);
