/** The inner loops of float32 products: WebAssembly with SIMD, and the same loops in plain code. Places and distances are in bytes. */
import { advance, f32x4, i32, repeat, set, v128, when, zeros } from "./wasm/expressions.js";
import { kernel, loop, named, several } from "./wasm/kernel.js";

export const productKernel = kernel("products", {
  /**
   * For each of `quads` groups of four rows writes C[r][s] = Σₚ A[p][r] · B[p][s], r < 4, s < 8, p < depth, summed in float32.
   * A's step p begins at a + p·aStep, B's at b + p·bStep; C's rows are cStride apart. From group to group a advances by aNext, c by four rows.
   */
  strip: loop({
    parameters: named("i32", "a", "aStep", "aNext", "b", "bStep", "c", "cStride", "depth", "quads"),
    // Eight vectors of four sums in registers.
    locals: {
      ...named("i32", "atA", "atB", "left"),
      ...named("v128", "b0", "b1", "splat"),
      sums: several("v128", 8),
    },
    body: (locals) => {
      const { a, aStep, aNext, b, bStep, c, cStride, depth, quads } = locals;
      const { atA, atB, left, b0, b1, splat, sums } = locals;
      const rows = [0, 1, 2, 3];
      return repeat(quads, [
        [set(atA, a), set(atB, b), set(left, depth)],
        sums.map((sum) => set(sum, zeros)),
        repeat(left, [
          [set(b0, v128.load(atB)), set(b1, v128.load(atB, 16))],
          rows.map((r) => [
            set(splat, v128.load32Splat(atA, 4 * r)),
            [b0, b1].map((vector, k) => {
              const sum = sums[2 * r + k];
              return set(sum, f32x4.add(sum, f32x4.mul(splat, vector)));
            }),
          ]),
          [advance(atA, aStep), advance(atB, bStep)],
        ]),
        rows.map((r) => [
          [v128.store(c, sums[2 * r]), v128.store(c, sums[2 * r + 1], 16)],
          advance(c, cStride),
        ]),
        advance(a, aNext),
      ]);
    },
    plain({ f32 }, a, aStep, aNext, b, bStep, c, cStride, depth, quads) {
      // Rounded to float32 at each step, as the vectors are.
      const sums = new Float32Array(8);
      for (let q = 0; q < quads; q++) {
        for (let r = 0; r < 4; r++) {
          sums.fill(0);
          let atA = (a + q * aNext) / 4 + r;
          let atB = b / 4;
          for (let p = 0; p < depth; p++) {
            const value = f32[atA];
            for (let s = 0; s < 8; s++) sums[s] += Math.fround(value * f32[atB + s]);
            atA += aStep / 4;
            atB += bStep / 4;
          }
          f32.set(sums, (c + (4 * q + r) * cStride) / 4);
        }
      }
    },
  }),

  /** Writes eight values less those at `centre` from each of `rows` rows, `stride` apart, side by side to `to`. */
  panel: loop({
    parameters: named("i32", "source", "stride", "centre", "to", "rows"),
    locals: { centres: several("v128", 2) },
    body: ({ source, stride, centre, to, rows, centres }) => [
      centres.map((values, k) => set(values, v128.load(centre, 16 * k))),
      repeat(rows, [
        centres.map((values, k) => v128.store(to, f32x4.sub(v128.load(source, 16 * k), values), 16 * k)),
        [advance(source, stride), advance(to, 32)],
      ]),
    ],
    plain({ f32 }, source, stride, centre, to, rows) {
      for (let i = 0; i < rows; i++)
        for (let s = 0; s < 8; s++)
          f32[to / 4 + 8 * i + s] = f32[(source + i * stride) / 4 + s] - f32[centre / 4 + s];
    },
  }),

  /**
   * Finds the groups of four of `quads` groups in which a value is at least `own` plus the one at the same place from `least` on: writes, for each
   * in turn, how many groups are left with it to the integers after `to`, and to `to` itself where the last of them is.
   */
  atLeast: loop({
    parameters: { ...named("i32", "values", "least", "quads", "to"), own: "f32" },
    locals: { last: "i32", owns: "v128" },
    body: ({ values, least, quads, to, own, last, owns }) => [
      [set(owns, f32x4.splat(own)), set(last, to)],
      repeat(quads, [
        when(v128.anyTrue(f32x4.ge(v128.load(values), f32x4.add(owns, v128.load(least)))), [
          [advance(last, 4), i32.store(last, quads)],
        ]),
        [advance(values, 16), advance(least, 16)],
      ]),
      i32.store(to, last),
    ],
    plain({ f32, i32 }, values, least, quads, to, own) {
      let last = to;
      for (let q = 0; q < quads; q++) {
        for (let s = 4 * q; s < 4 * q + 4; s++) {
          if (f32[values / 4 + s] < Math.fround(Math.fround(own) + f32[least / 4 + s])) continue;
          last += 4;
          i32[last / 4] = quads - q;
          break;
        }
      }
      i32[to / 4] = last;
    },
  }),
});
