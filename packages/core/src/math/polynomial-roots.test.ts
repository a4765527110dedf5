/** Roots of polynomials built from known roots. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rootFinder } from "./polynomial-roots.js";

describe("rootFinder", () => {
  it("finds the roots of a product of pairs r e^(±iφ)", () => {
    const finder = rootFinder(8);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.3, max: 0.99, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (radii) => {
          let polynomial = [1];
          radii.forEach((r, i) => {
            const factor = [1, -2 * r * Math.cos(0.4 + 0.7 * i), r * r];
            const product = new Array<number>(polynomial.length + 2).fill(0);
            polynomial.forEach((a, j) => {
              factor.forEach((b, k) => {
                product[j + k] += a * b;
              });
            });
            polynomial = product;
          });
          finder.find(Float64Array.from(polynomial));
          const found = [...finder.im].flatMap((im, i) =>
            im > 0 ? [{ angle: Math.atan2(im, finder.re[i]), radius: Math.hypot(im, finder.re[i]) }] : [],
          );
          found.sort((a, b) => a.angle - b.angle);
          expect(found.map(({ radius }) => radius)).toBeAllClose(radii, { atol: 1e-8 });
          expect(found.map(({ angle }) => angle)).toBeAllClose([0.4, 1.1, 1.8, 2.5], { atol: 1e-8 });
        },
      ),
    );
  });

  it("finds real roots and refuses a polynomial of another degree", () => {
    const finder = rootFinder(3);
    finder.find(Float64Array.of(1, -6, 11, -6));
    expect([...finder.re].sort()).toBeAllClose([1, 2, 3], { atol: 1e-9 });
    expect(() => finder.find(Float64Array.of(1, 2))).toThrow(RangeError);
    expect(() => rootFinder(0)).toThrow(RangeError);
  });
});
