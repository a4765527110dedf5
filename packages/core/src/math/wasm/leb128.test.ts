/** LEB128 against a reader, at both ends of each range and where a byte more is needed. */
import { describe, expect, it } from "vitest";
import { signedLeb, unsignedLeb } from "./leb128.js";

/** Reads as the specification says: seven bits a byte; the last byte's bit 6 is the sign. */
function read(bytes: readonly number[], signed: boolean): bigint {
  let value = 0n;
  bytes.forEach((byte, i) => {
    expect(byte >= 128).toBe(i < bytes.length - 1);
    value |= BigInt(byte & 127) << BigInt(7 * i);
  });
  const sign = signed && (bytes.at(-1)! & 64) !== 0;
  return sign ? value - (1n << BigInt(7 * bytes.length)) : value;
}

const around = (values: readonly bigint[]): bigint[] =>
  values.flatMap((value) => [value - 1n, value, value + 1n]);
const steps = [6n, 7n, 13n, 14n, 20n, 27n, 31n, 32n, 34n, 48n, 62n, 63n, 64n].map((bits) => 1n << bits);

describe.each([32, 64] as const)("%i bits", (bits) => {
  const end = 1n << BigInt(bits);

  it("come back, unsigned and signed, in as few bytes as there are", () => {
    for (const value of around([1n, ...steps]).filter((value) => value < end)) {
      expect(read(unsignedLeb(value, bits), false)).toBe(value);
      expect(unsignedLeb(value, bits)).toHaveLength(Math.max(1, Math.ceil(value.toString(2).length / 7)));
    }
    for (const value of around([0n, ...steps, ...steps.map((step) => -step)])) {
      if (value < -end / 2n || value >= end / 2n) continue;
      expect(read(signedLeb(value, bits), true)).toBe(value);
      const magnitude = value < 0n ? -value - 1n : value;
      const needed = magnitude === 0n ? 1 : magnitude.toString(2).length + 1;
      expect(signedLeb(value, bits)).toHaveLength(Math.ceil(needed / 7));
    }
  });

  it("say what is out of range", () => {
    for (const value of [-1n, end, 0.5, Number.NaN])
      expect(() => unsignedLeb(value, bits)).toThrow(`unsignedLeb: got ${value}, expected an integer from 0`);
    for (const value of [-end / 2n - 1n, end / 2n, Number.POSITIVE_INFINITY])
      expect(() => signedLeb(value, bits)).toThrow(`signedLeb: got ${value}, expected an integer from -`);
  });
});

it("writes what a first assembler got wrong", () => {
  expect(signedLeb(64)).toEqual([0xc0, 0x00]);
  expect(signedLeb(-64)).toEqual([0x40]);
  expect(unsignedLeb(128)).toEqual([0x80, 0x01]);
  // The specification's and Wikipedia's example.
  expect(unsignedLeb(624485)).toEqual([0xe5, 0x8e, 0x26]);
  expect(signedLeb(-123456)).toEqual([0xc0, 0xbb, 0x78]);
});
