/** The assembler: writes a kernel's expressions down as instructions, with the types on the stack in view. */
import { type Code, type Local, localOf } from "./expressions.js";
import {
  type Immediate,
  type Instruction,
  type InstructionRow,
  instructions,
  type ScalarType,
  type ValueType,
} from "./instructions.js";

/** Named locals, alone or several under one name. */
export type Declarations<T extends ValueType = ValueType> = Readonly<Record<string, T | readonly T[]>>;

/** Each declared local. */
export type Locals<D extends Declarations> = {
  readonly [N in keyof D]: D[N] extends ValueType
    ? Local<D[N]>
    : D[N] extends readonly (infer T extends ValueType)[]
      ? readonly Local<T>[]
      : never;
};

/** A function without result as the assembler takes it: its parameters, in their order, its other locals, zeros at first, and its statements. */
export interface Source<P extends Declarations<ScalarType>, L extends Declarations> {
  readonly parameters: P;
  readonly locals?: L;
  body(locals: Locals<P & L>): Code;
}

/** A function that has been checked. */
export interface AssembledFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly code: readonly Instruction[];
}

/**
 * Returns a function's instructions.
 * @throws TypeError that names the kernel, the function and the instruction whose operands have other types than it takes, or that leaves a value nobody
 * takes, or whose immediates are out of range.
 */
export function assemble(
  kernel: string,
  name: string,
  source: Source<Declarations<ScalarType>, Declarations>,
): AssembledFunction {
  const types: ValueType[] = [];
  const names: string[] = [];
  const declare = (declarations: Declarations) =>
    Object.entries(declarations).map(([label, type]) => {
      const all = typeof type === "string" ? [type] : type;
      const locals = all.map((one, i) => {
        names.push(typeof type === "string" ? label : `${label}[${i}]`);
        return localOf(one, types.push(one) - 1);
      });
      return [label, typeof type === "string" ? locals[0] : locals] as const;
    });
  const parameters = declare(source.parameters);
  const parameterCount = types.length;
  const locals = Object.fromEntries([...parameters, ...declare(source.locals ?? {})]);

  const code: Instruction[] = [];
  const stack: ValueType[] = [];
  const fail = ({ name: instruction, immediates }: Instruction, what: string): never => {
    const of = instruction.startsWith("local.") ? ` ${names[Number(immediates[0])]}` : "";
    throw new TypeError(
      `kernel ${kernel}, ${name}, instruction ${code.length} (${instruction}${of}): ${what}`,
    );
  };
  const write = (instruction: Instruction): void => {
    const [, takes, gives]: InstructionRow = instructions[instruction.name];
    const wrong = immediateError(instruction, types.length);
    if (wrong) fail(instruction, wrong);
    const local = isLocal(instruction) ? types[Number(instruction.immediates[0])] : undefined;
    if (local === undefined) take(instruction, takes);
    else if (instruction.name !== "local.get") take(instruction, [local]);
    const left = instruction.name === "local.set" ? undefined : (local ?? gives);
    if (left) stack.push(left);
    code.push(instruction);
  };
  const take = (instruction: Instruction, wanted: readonly ValueType[]): void => {
    const base = stack.length - wanted.length;
    for (let i = 0; i < wanted.length; i++) {
      if (stack[base + i] === wanted[i]) continue;
      const got = stack.slice(Math.max(0, base)).join(", ") || "nothing";
      fail(instruction, `got ${got} on the stack, expected ${wanted.join(", ")}`);
    }
    for (let i = 0; i < wanted.length; i++) stack.pop();
  };
  const statement = (node: Code): void => {
    if (isList(node)) {
      for (const one of node) statement(one);
      return;
    }
    expression(node);
    if (stack.length > 0) fail(node, `leaves ${stack.join(", ")} that nobody takes`);
  };
  const expression = (node: Exclude<Code, readonly Code[]>): void => {
    for (const one of node.operands) expression(one);
    write(node);
    if (node.body === undefined) return;
    if (stack.length > 0) fail(node, `stands where ${stack.join(", ")} wait on the stack`);
    statement(node.body);
    write({ name: "end", immediates: [] });
  };
  statement(source.body(locals as Locals<Declarations>));
  return { name, parameters: types.slice(0, parameterCount), locals: types.slice(parameterCount), code };
}

function isList(code: Code): code is readonly Code[] {
  return Array.isArray(code);
}

function isLocal({ name }: Instruction): boolean {
  return name === "local.get" || name === "local.set" || name === "local.tee";
}

const ranges: Partial<Readonly<Record<Immediate, readonly [least: number | bigint, most: number | bigint]>>> =
  {
    offset: [0, 2 ** 32 - 1],
    label: [0, 2 ** 32 - 1],
    lane2: [0, 1],
    lane4: [0, 3],
    bytes: [0, 255],
    i32: [-(2 ** 31), 2 ** 31 - 1],
    i64: [-(2n ** 63n), 2n ** 63n - 1n],
  };
const none: readonly Immediate[] = [];

/** Says which immediate is missing, too many or out of range. */
function immediateError({ name, immediates }: Instruction, locals: number): string | undefined {
  const [, , , wanted = none]: InstructionRow = instructions[name];
  let at = 0;
  for (const kind of wanted) {
    const count = kind === "bytes" ? 16 : kind === "block" ? 0 : 1;
    const range = kind === "local" ? [0, locals - 1] : name === "i8x16.shuffle" ? [0, 31] : ranges[kind];
    for (const end = at + count; at < end; at++) {
      const value = immediates[at];
      const fits = range
        ? value >= range[0] && value <= range[1] && (typeof value === "bigint" || Number.isInteger(value))
        : typeof value === "number";
      if (!fits)
        return `got ${kind} ${value}, expected ${range ? `an integer from ${range.join(" to ")}` : "a number"}`;
    }
  }
  return immediates.length === at ? undefined : `got ${immediates.length} immediates, expected ${at}`;
}
