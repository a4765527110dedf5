/** Prints how far our frame-level features are from librosa's on the 24 golden signals: `npx tsx bench/librosa-parity.ts`. */
import { librosaParity } from "../test/golden/librosa-parity.js";

const rows = await librosaParity();
const features = [...new Set(rows.map((row) => row.feature))];
console.log("feature               greatest error  on");
for (const feature of features) {
  const worst = rows.filter((row) => row.feature === feature).reduce((a, b) => (b.error > a.error ? b : a));
  console.log(`${feature.padEnd(22)}${worst.error.toExponential(1).padStart(13)}   ${worst.signal}`);
}
