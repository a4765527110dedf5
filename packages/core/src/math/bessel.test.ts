/** I₀ beside its tables. */
import { expect, it } from "vitest";
import { besselI0 } from "./bessel.js";

it("besselI0 has the values of Abramowitz and Stegun, table 9.8", () => {
  expect([0, 1, 5, 20].map(besselI0)).toBeAllClose(
    [1, 1.2660658777520084, 27.239871823604442, 43558282.559553534],
    {
      rtol: 1e-14,
    },
  );
});
