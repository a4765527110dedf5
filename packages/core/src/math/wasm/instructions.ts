/**
 * The instructions that kernels are made of: for each its code, the types that it takes off the stack, the type that it leaves there and what stands
 * behind the code (WebAssembly core specification 2.0, 5.4). Names are the specification's in camel case. To have another one, add its line.
 */

export type ScalarType = "i32" | "i64" | "f32" | "f64";
export type ValueType = ScalarType | "v128";

/** What follows an instruction's code: an offset from an address, a lane of so many, sixteen bytes, a constant, a local, a kind of block, a label. */
export type Immediate = "offset" | "lane2" | "lane4" | "bytes" | ScalarType | "local" | "block" | "label";

/** Code (0xfd_e4 are the prefix 0xfd and the number 0xe4), operands, result, immediates. */
export type InstructionRow = readonly [
  code: number,
  takes: readonly ValueType[],
  gives: ValueType | null,
  immediates?: readonly Immediate[],
];

const [i32, i64, f32, f64, v128] = ["i32", "i64", "f32", "f64", "v128"] as const;
const [i32s, f64s, pair] = [
  [i32, i32],
  [f64, f64],
  [v128, v128],
] as const;
const shift = [v128, i32] as const;
const offset = ["offset"] as const;

export const instructions = {
  // Types of locals are the function's; the assembler knows them.
  "local.get": [0x20, [], null, ["local"]],
  "local.set": [0x21, [], null, ["local"]],
  "local.tee": [0x22, [], null, ["local"]],
  loop: [0x03, [], null, ["block"]],
  if: [0x04, [i32], null, ["block"]],
  end: [0x0b, [], null],
  brIf: [0x0d, [i32], null, ["label"]],

  "i32.const": [0x41, [], i32, ["i32"]],
  "i32.load": [0x28, [i32], i32, offset],
  "i32.load8U": [0x2d, [i32], i32, offset],
  "i32.load16U": [0x2f, [i32], i32, offset],
  "i32.store": [0x36, i32s, null, offset],
  "i32.eqz": [0x45, [i32], i32],
  "i32.eq": [0x46, i32s, i32],
  "i32.ne": [0x47, i32s, i32],
  "i32.add": [0x6a, i32s, i32],
  "i32.sub": [0x6b, i32s, i32],
  "i32.mul": [0x6c, i32s, i32],
  "i32.and": [0x71, i32s, i32],
  "i32.or": [0x72, i32s, i32],
  "i32.shl": [0x74, i32s, i32],
  "i32.shrU": [0x76, i32s, i32],

  "i64.const": [0x42, [], i64, ["i64"]],

  "f32.const": [0x43, [], f32, ["f32"]],
  "f32.load": [0x2a, [i32], f32, offset],
  "f32.store": [0x38, [i32, f32], null, offset],
  "f32.demote": [0xb6, [f64], f32],

  "f64.const": [0x44, [], f64, ["f64"]],
  "f64.load": [0x2b, [i32], f64, offset],
  "f64.store": [0x39, [i32, f64], null, offset],
  "f64.add": [0xa0, f64s, f64],
  "f64.sub": [0xa1, f64s, f64],
  "f64.mul": [0xa2, f64s, f64],
  "f64.div": [0xa3, f64s, f64],
  "f64.promote": [0xbb, [f32], f64],
  "f64.convertI64S": [0xb9, [i64], f64],

  "v128.const": [0xfd_0c, [], v128, ["bytes"]],
  "v128.load": [0xfd_00, [i32], v128, offset],
  "v128.load32Splat": [0xfd_09, [i32], v128, offset],
  "v128.load64Splat": [0xfd_0a, [i32], v128, offset],
  "v128.load64Zero": [0xfd_5d, [i32], v128, offset],
  "v128.store": [0xfd_0b, [i32, v128], null, offset],
  "v128.store64Lane": [0xfd_5b, [i32, v128], null, ["offset", "lane2"]],
  "v128.not": [0xfd_4d, [v128], v128],
  "v128.and": [0xfd_4e, pair, v128],
  "v128.andnot": [0xfd_4f, pair, v128],
  "v128.or": [0xfd_50, pair, v128],
  /** Of the first two, the first one's bits where the third one's are set, elsewhere the second one's. */
  "v128.bitselect": [0xfd_52, [v128, v128, v128], v128],
  "v128.anyTrue": [0xfd_53, [v128], i32],

  "i8x16.shuffle": [0xfd_0d, pair, v128, ["bytes"]],
  "i32x4.splat": [0xfd_11, [i32], v128],
  "i32x4.gtS": [0xfd_3b, pair, v128],
  "i32x4.shl": [0xfd_ab, shift, v128],
  "i32x4.shrU": [0xfd_ad, shift, v128],
  "i32x4.add": [0xfd_ae, pair, v128],
  "i32x4.sub": [0xfd_b1, pair, v128],
  "i32x4.truncSatF32x4S": [0xfd_f8, [v128], v128],
  "i64x2.extractLane": [0xfd_1d, [v128], i64, ["lane2"]],
  "i64x2.shl": [0xfd_cb, shift, v128],
  "i64x2.shrS": [0xfd_cc, shift, v128],
  "i64x2.shrU": [0xfd_cd, shift, v128],
  "i64x2.add": [0xfd_ce, pair, v128],
  "i64x2.sub": [0xfd_d1, pair, v128],

  "f32x4.splat": [0xfd_13, [f32], v128],
  "f32x4.extractLane": [0xfd_1f, [v128], f32, ["lane4"]],
  "f32x4.gt": [0xfd_44, pair, v128],
  "f32x4.le": [0xfd_45, pair, v128],
  "f32x4.ge": [0xfd_46, pair, v128],
  "f32x4.nearest": [0xfd_6a, [v128], v128],
  "f32x4.abs": [0xfd_e0, [v128], v128],
  "f32x4.neg": [0xfd_e1, [v128], v128],
  "f32x4.sqrt": [0xfd_e3, [v128], v128],
  "f32x4.add": [0xfd_e4, pair, v128],
  "f32x4.sub": [0xfd_e5, pair, v128],
  "f32x4.mul": [0xfd_e6, pair, v128],
  "f32x4.div": [0xfd_e7, pair, v128],
  /** The smaller or larger value, the first one where they are equal or not to be compared. */
  "f32x4.pmin": [0xfd_ea, pair, v128],
  "f32x4.pmax": [0xfd_eb, pair, v128],
  /** Two float64 as float32, then two zeros. */
  "f32x4.demoteF64x2Zero": [0xfd_5e, [v128], v128],

  "f64x2.splat": [0xfd_14, [f64], v128],
  "f64x2.extractLane": [0xfd_21, [v128], f64, ["lane2"]],
  "f64x2.lt": [0xfd_49, pair, v128],
  "f64x2.gt": [0xfd_4a, pair, v128],
  "f64x2.le": [0xfd_4b, pair, v128],
  "f64x2.ge": [0xfd_4c, pair, v128],
  /** The first two of four float32 as float64. */
  "f64x2.promoteLowF32x4": [0xfd_5f, [v128], v128],
  "f64x2.abs": [0xfd_ec, [v128], v128],
  "f64x2.sqrt": [0xfd_ef, [v128], v128],
  "f64x2.add": [0xfd_f0, pair, v128],
  "f64x2.sub": [0xfd_f1, pair, v128],
  "f64x2.mul": [0xfd_f2, pair, v128],
  "f64x2.div": [0xfd_f3, pair, v128],
  "f64x2.pmin": [0xfd_f6, pair, v128],
  "f64x2.pmax": [0xfd_f7, pair, v128],
} as const satisfies Readonly<Record<string, InstructionRow>>;

export type InstructionName = keyof typeof instructions;

/** An instruction with its immediates; sixteen bytes are sixteen of them. */
export interface Instruction {
  readonly name: InstructionName;
  readonly immediates: readonly (number | bigint)[];
}
