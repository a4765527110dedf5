/** Prints how far seed-v1 is from its independent implementation, per family: `npx tsx bench/seed-parity.ts`. */
import { seedParity } from "../test/golden/seed-parity.js";

const rows = await seedParity();
console.log("set            family                     greatest error  value and signal");
for (const set of new Set(rows.map((row) => row.set))) {
  for (const family of new Set(rows.map((row) => row.family))) {
    const worst = rows
      .filter((row) => row.family === family && row.set === set)
      .reduce((a, b) => (b.error > a.error ? b : a));
    console.log(
      `${set.padEnd(15)}${family.padEnd(27)}${worst.error.toExponential(1).padStart(14)}  ${worst.name} of ${worst.signal}`,
    );
  }
}
