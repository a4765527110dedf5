/** Integers as LEB128, seven bits a byte, the lowest first (WebAssembly core specification 2.0, 5.2.2). */

/** Returns the unsigned form of 0 ≤ value < 2^bits. @throws RangeError beyond that, or for what is no integer. */
export function unsignedLeb(value: number | bigint, bits: 32 | 64 = 32): number[] {
  let rest = inRange("unsignedLeb", value, { from: 0n, to: 1n << BigInt(bits) });
  const bytes: number[] = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** Returns the signed form of −2^(bits − 1) ≤ value < 2^(bits − 1). @throws RangeError beyond that, or for what is no integer. */
export function signedLeb(value: number | bigint, bits: 32 | 64 = 32): number[] {
  const half = 1n << BigInt(bits - 1);
  let rest = inRange("signedLeb", value, { from: -half, to: half });
  const bytes: number[] = [];
  for (; rest < -64n || rest >= 64n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest & 127n)];
}

function inRange(
  name: string,
  value: number | bigint,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): bigint {
  const integer = typeof value === "bigint" || Number.isInteger(value) ? BigInt(value) : undefined;
  if (integer === undefined || integer < from || integer >= to)
    throw new RangeError(`${name}: got ${value}, expected an integer from ${from} to ${to - 1n}`);
  return integer;
}
