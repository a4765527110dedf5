/** Integers as LEB128, seven bits a byte, the lowest first (WebAssembly core specification 2.0, 5.2.2). */

/** Returns the unsigned form of 0 ≤ value < 2^bits. @throws RangeError beyond that, or for what is no integer. */
export function unsignedLeb(value: number | bigint, bits: 32 | 64 = 32): number[] {
  const [least, most] = bits === 32 ? [0, 2 ** 32 - 1] : [0n, 2n ** 64n - 1n];
  return groups("unsignedLeb", value, { least, most, signed: false });
}

/** Returns the signed form of −2^(bits − 1) ≤ value < 2^(bits − 1). @throws RangeError beyond that, or for what is no integer. */
export function signedLeb(value: number | bigint, bits: 32 | 64 = 32): number[] {
  const [least, most] = bits === 32 ? [-(2 ** 31), 2 ** 31 - 1] : [-(2n ** 63n), 2n ** 63n - 1n];
  return groups("signedLeb", value, { least, most, signed: true });
}

function groups(
  name: string,
  value: number | bigint,
  { least, most, signed }: { least: number | bigint; most: number | bigint; signed: boolean },
): number[] {
  const isInteger = typeof value === "bigint" || Number.isInteger(value);
  if (!isInteger || value < least || value > most)
    throw new RangeError(`${name}: got ${value}, expected an integer from ${least} to ${most}`);
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = typeof rest === "bigint" ? Number(rest & 127n) : rest & 127;
    rest = typeof rest === "bigint" ? rest >> 7n : Math.floor(rest / 128);
    // The last group tells the sign by its upper bit.
    const left = Number(rest);
    if (signed ? left === (low < 64 ? 0 : -1) : left === 0) {
      bytes.push(low);
      return bytes;
    }
    bytes.push(low | 128);
  }
}
