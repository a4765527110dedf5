/** The inner loop of float32 products: a few hundred bytes of WebAssembly with SIMD, assembled here, and the same loop in plain code. */

/** Computes tiles of products in a memory of its own; all arguments are in bytes except `depth` and `quads`. */
export interface Kernel {
  readonly name: "simd" | "plain";
  /** The memory as float32, at least `floats` long; a view taken earlier may be of no use after a call that grows it. */
  memory(floats: number): Float32Array;
  /**
   * For each of `quads` groups of four rows writes C[r][s] = Σₚ A[p][r] · B[p][s], r < 4, s < 8, p < depth, summed in float32.
   * A's step p begins at a + p·aStep, B's at b + p·bStep; C's rows are cStride apart. From group to group a advances by aNext, c by four rows.
   */
  strip(
    a: number,
    aStep: number,
    aNext: number,
    b: number,
    bStep: number,
    c: number,
    cStride: number,
    depth: number,
    quads: number,
  ): void;
}

const pageBytes = 65536;

let compiled: WebAssembly.Module | null | undefined;

/** Returns the quickest kernel that this runtime has, with an empty memory. */
export function createKernel(): Kernel {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(kernelModule());
    } catch {
      // No SIMD, no WebAssembly, or a policy that forbids compiling: the plain loop gives the same sums, only slower.
      compiled = null;
    }
  }
  return compiled ? simdKernel(compiled) : plainKernel();
}

function simdKernel(module: WebAssembly.Module): Kernel {
  const { memory, strip } = new WebAssembly.Instance(module).exports as {
    memory: WebAssembly.Memory;
    strip: Kernel["strip"];
  };
  let view = new Float32Array(memory.buffer);
  return {
    name: "simd",
    memory(floats) {
      if (floats > view.length) {
        memory.grow(Math.ceil((4 * floats) / pageBytes) - memory.buffer.byteLength / pageBytes);
        view = new Float32Array(memory.buffer);
      }
      return view;
    },
    strip,
  };
}

/** Returns the kernel without WebAssembly: sums are rounded to float32 at each step, so that its values are the other's. */
export function plainKernel(): Kernel {
  let m = new Float32Array(0);
  const sums = new Float32Array(8);
  return {
    name: "plain",
    memory(floats) {
      if (floats > m.length) {
        const larger = new Float32Array(floats);
        larger.set(m);
        m = larger;
      }
      return m;
    },
    strip(a, aStep, aNext, b, bStep, c, cStride, depth, quads) {
      for (let q = 0; q < quads; q++) {
        for (let r = 0; r < 4; r++) {
          sums.fill(0);
          let atA = (a + q * aNext) / 4 + r;
          let atB = b / 4;
          for (let p = 0; p < depth; p++) {
            const value = m[atA]!;
            for (let s = 0; s < 8; s++) sums[s]! += Math.fround(value * m[atB + s]!);
            atA += aStep / 4;
            atB += bStep / 4;
          }
          m.set(sums, (c + (4 * q + r) * cStride) / 4);
        }
      }
    },
  };
}

/** Returns the module: one memory and `strip`, with eight vectors of four sums in registers (WebAssembly core specification 2.0, 5). */
function kernelModule(): Uint8Array {
  const [i32, v128] = [0x7f, 0x7b];
  const [a, aStep, aNext, b, bStep, c, cStride, depth, quads] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const [atA, atB, left, b0, b1, splat, sums] = [9, 10, 11, 12, 13, 14, 15] as const;
  const get = (local: number): number[] => [0x20, local];
  const set = (local: number): number[] => [0x21, local];
  const advance = (local: number, by: number[]): number[] => [...get(local), ...by, 0x6a, ...set(local)];
  const minusOne = [0x41, 0x7f];
  const load = (local: number, offset: number): number[] => [...get(local), 0xfd, 0x00, 0x02, offset];
  const loadSplat = (local: number, offset: number): number[] => [...get(local), 0xfd, 0x09, 0x02, offset];
  const multiply = [0xfd, 0xe6, 0x01];
  const add = [0xfd, 0xe4, 0x01];
  const zero = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
  const store = [0xfd, 0x0b, 0x02];
  const loop = [0x03, 0x40];
  const again = (local: number): number[] => [...advance(local, minusOne), ...get(local), 0x0d, 0x00, 0x0b];
  const rows = [0, 1, 2, 3];
  const multiplyAdd = (sum: number, vector: number): number[] => [
    ...get(sum),
    ...get(splat),
    ...get(vector),
    ...multiply,
    ...add,
    ...set(sum),
  ];
  const body = [
    ...[2, 3, i32, 11, v128], // locals: three integers; b0, b1, splat and eight sums
    ...loop,
    ...[...get(a), ...set(atA), ...get(b), ...set(atB), ...get(depth), ...set(left)],
    ...Array.from({ length: 8 }, (_, i) => [...zero, ...set(sums + i)]).flat(),
    ...loop,
    ...[...load(atB, 0), ...set(b0), ...load(atB, 16), ...set(b1)],
    ...rows.flatMap((r) => [
      ...[...loadSplat(atA, 4 * r), ...set(splat)],
      ...[...multiplyAdd(sums + 2 * r, b0), ...multiplyAdd(sums + 2 * r + 1, b1)],
    ]),
    ...[...advance(atA, get(aStep)), ...advance(atB, get(bStep)), ...again(left)],
    ...rows.flatMap((r) => [
      ...[...get(c), ...get(sums + 2 * r), ...store, 0, ...get(c), ...get(sums + 2 * r + 1), ...store, 16],
      ...advance(c, get(cStride)),
    ]),
    ...[...advance(a, get(aNext)), ...again(quads)],
    0x0b,
  ];
  const text = (name: string): number[] => [name.length, ...Array.from(name, (char) => char.charCodeAt(0))];
  const section = (id: number, content: number[]): number[] => [id, ...leb(content.length), ...content];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 9, ...new Array<number>(9).fill(i32), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...text("memory"), 2, 0, ...text("strip"), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** Returns an unsigned LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
