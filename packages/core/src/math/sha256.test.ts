/** Tests of SHA-256 against Node's own. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "./sha256.js";

const reference = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("sha256", () => {
  it("gives the published digest of 'abc' (FIPS 180-4 example)", () => {
    expect(sha256(new TextEncoder().encode("abc"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  it("agrees with Node at every length around the block size", () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
      expect(sha256(bytes)).toBe(reference(bytes));
    }
  });

  it("agrees with Node on any bytes, views into larger buffers included", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), fc.nat(20), (bytes, offset) => {
        const view = bytes.subarray(Math.min(offset, bytes.length));
        expect(sha256(view)).toBe(reference(view));
      }),
      { numRuns: 50 },
    );
  });
});
