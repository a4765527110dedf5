/** Typed expressions and statements of a kernel: records that say what is to be computed, which `assemble.ts` checks and writes down. */
import {
  type Immediate,
  type Instruction,
  type InstructionName,
  type InstructionRow,
  instructions,
  type ScalarType,
  type ValueType,
} from "./instructions.js";

/** An instruction after the operands that it takes off the stack. */
export interface Node extends Instruction {
  readonly operands: readonly Node[];
  /** What a loop or a condition encloses. */
  readonly body?: Code;
}

/** What leaves a value of the type on the stack. The type is there for the compiler only; the assembler works it out for itself. */
export interface Value<T extends ValueType = ValueType> extends Node {
  readonly type: T;
}

/** A parameter or a variable; where a value is wanted, its value. */
export interface Local<T extends ValueType = ValueType> extends Value<T> {
  readonly index: number;
}

/** Statements, in lists of lists as it is convenient. */
export type Code = Node | readonly Code[];

/** A value, or a number that becomes a constant of the type that is wanted. */
export type Operand<T extends ValueType> = Value<T> | (T extends "v128" ? never : number);

type Rows = typeof instructions;
type NameIn<F extends string> = {
  [N in keyof Rows]: N extends `${F}.${infer Rest}` ? Rest : never;
}[keyof Rows];
type Operands<T> = { [I in keyof T]: T[I] extends ValueType ? Operand<T[I]> : never };
type ImmediateValue<I> = I extends "bytes" ? readonly number[] : I extends "i64" ? number | bigint : number;
type Immediates<T> = T extends readonly ["offset"]
  ? [offset?: number]
  : T extends readonly Immediate[]
    ? { [I in keyof T]: ImmediateValue<T[I]> }
    : [];
type Maker<R extends InstructionRow> = (
  ...values: [...Operands<R[1]>, ...Immediates<R[3]>]
) => Value<R[2] extends ValueType ? R[2] : never>;
type Family<F extends string> = {
  readonly [Rest in NameIn<F>]: Maker<Extract<Rows[`${F}.${Rest}` & keyof Rows], InstructionRow>>;
};

/** Returns what makes each instruction of the table whose name begins with `name`: operands first, then immediates, of which a lone offset may be left out. */
function family<F extends string>(name: F): Family<F> {
  const makers: Record<string, (...values: readonly unknown[]) => Node> = {};
  for (const full of Object.keys(instructions) as InstructionName[])
    if (full.startsWith(`${name}.`)) makers[full.slice(name.length + 1)] = makerOf(full);
  return makers as unknown as Family<F>;
}

function makerOf(name: InstructionName): (...values: readonly unknown[]) => Node {
  const [, takes, , wanted = []]: InstructionRow = instructions[name];
  const hasBytes = wanted[0] === "bytes";
  const hasOffsetOnly = wanted[0] === "offset" && wanted.length === 1;
  return (...values) => {
    const operands: Node[] = [];
    for (let i = 0; i < takes.length; i++) operands.push(operand(values[i] as Node | number, takes[i]));
    if (hasBytes) return node(name, values[takes.length] as readonly number[], operands);
    if (hasOffsetOnly) return node(name, [(values[takes.length] as number | undefined) ?? 0], operands);
    return node(name, wanted.length === 0 ? none : (values.slice(takes.length) as number[]), operands);
  };
}

const none: Instruction["immediates"] = [];

function node(
  name: InstructionName,
  immediates: Instruction["immediates"] = none,
  operands: readonly Node[] = [],
): Node {
  return { name, immediates, operands };
}

function operand(value: Node | number, type: ValueType): Node {
  return typeof value === "number" ? node(`${type as ScalarType}.const`, [value]) : value;
}

export const i32 = family("i32");
export const f32 = family("f32");
export const f64 = family("f64");
const i8x16 = family("i8x16");

/** Sixteen bytes of a vector, as constants of `of` have them: one value for all lanes, or one each. */
function vector(lanes: ArrayLike<number | bigint> & { readonly buffer: ArrayBufferLike }): Value<"v128"> {
  return v128.const([...new Uint8Array(lanes.buffer)]);
}

function all<T>(lanes: number, values: readonly T[]): T[] {
  return Array.from({ length: lanes }, (_, lane) => values[values.length === 1 ? 0 : lane]);
}

/** The lanes that are named, 0 to n − 1 of `a`, from n on of `b`, in a vector of n lanes. */
function shuffle(a: Value<"v128">, b: Value<"v128">, lanes: readonly number[]): Value<"v128"> {
  const width = 16 / lanes.length;
  return i8x16.shuffle(
    a,
    b,
    lanes.flatMap((lane) => Array.from({ length: width }, (_, byte) => width * lane + byte)),
  );
}

export const v128 = family("v128");
export const zeros: Value<"v128"> = v128.const(new Array<number>(16).fill(0));
export const i32x4 = {
  ...family("i32x4"),
  of: (...values: number[]): Value<"v128"> => vector(Int32Array.from(all(4, values))),
};
export const i64x2 = {
  ...family("i64x2"),
  of: (...values: bigint[]): Value<"v128"> => vector(BigInt64Array.from(all(2, values))),
};
export const f32x4 = {
  ...family("f32x4"),
  of: (...values: number[]): Value<"v128"> => vector(Float32Array.from(all(4, values))),
  shuffle,
};
export const f64x2 = {
  ...family("f64x2"),
  of: (...values: number[]): Value<"v128"> => vector(Float64Array.from(all(2, values))),
  /** The first lanes of two vectors, and their second ones. */
  firsts: (a: Value<"v128">, b: Value<"v128">): Value<"v128"> => shuffle(a, b, [0, 2]),
  seconds: (a: Value<"v128">, b: Value<"v128">): Value<"v128"> => shuffle(a, b, [1, 3]),
  /** The second lane, then the first. What is given is computed twice: let it be a local. */
  swapped: (a: Value<"v128">): Value<"v128"> => shuffle(a, a, [1, 2]),
  /** Two neighbouring float32 as float64. */
  loadSingles: (address: Operand<"i32">, offset = 0): Value<"v128"> =>
    f64x2.promoteLowF32x4(v128.load64Zero(address, offset)),
};

/** Returns the local with the index, and its value. */
export function localOf<T extends ValueType>(type: T, index: number): Local<T> {
  return { ...node("local.get", [index]), type, index };
}

/** Gives a local another value. */
export function set<T extends ValueType>(local: Local<T>, value: Operand<T>): Node {
  return node("local.set", [local.index], [operand(value, local.type)]);
}

/** Gives a local another value, which is the expression's, too. */
export function tee<T extends ValueType>(local: Local<T>, value: Operand<T>): Value<T> {
  return { ...node("local.tee", [local.index], [operand(value, local.type)]), type: local.type };
}

/** Adds to an integer. */
export function advance(local: Local<"i32">, by: Operand<"i32">): Node {
  return set(local, i32.add(local, by));
}

/** Runs the body once, and again until `left`, less one each time, is 0. */
export function repeat(left: Local<"i32">, body: Code): Node {
  return doWhile(body, tee(left, i32.add(left, -1)));
}

/** Runs the body once, and again until the pointer, which the body advances, is at `end`. */
export function until(pointer: Local<"i32">, end: Operand<"i32">, body: Code): Node {
  return doWhile(body, i32.ne(pointer, end));
}

function doWhile(body: Code, condition: Value<"i32">): Node {
  return { ...node("loop"), body: [body, node("brIf", [0], [condition])] };
}

/** Runs the body where the condition is not 0. */
export function when(condition: Value<"i32">, body: Code): Node {
  return { ...node("if", [], [condition]), body };
}
