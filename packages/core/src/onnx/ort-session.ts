/** A session of ONNX Runtime's JavaScript interface as core's: the same for its native, its WebAssembly and its browser package. */
import type { OnnxSession, Tensor } from "./runtime.js";

type TensorType = "float32" | "int64" | "int32" | "uint8";

/** What is used of an `InferenceSession`. */
interface InferenceSession {
  readonly inputMetadata: readonly {
    readonly name: string;
    readonly isTensor: boolean;
    readonly type?: string;
    readonly shape?: readonly (number | string)[];
  }[];
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: never,
  ): Promise<Readonly<Record<string, { readonly dims: readonly number[]; readonly data: unknown }>>>;
  release(): Promise<void>;
}

/** Returns the session behind core's interface. @param tensor makes a tensor of the runtime that the session is of. */
export function ortSession(
  session: InferenceSession,
  tensor: (type: TensorType, data: Tensor["data"], dims: readonly number[]) => unknown,
): OnnxSession {
  return {
    inputs: session.inputMetadata.map(({ name, isTensor, type, shape }) => ({
      name,
      type: isTensor && type !== undefined ? type : "other",
      dims: isTensor && shape !== undefined ? shape : [],
    })),
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs) {
      const feeds = Object.entries(inputs).map(([key, value]) => [
        key,
        tensor(typeOf(value), value.data, value.dims),
      ]);
      const outputs = await session.run(Object.fromEntries(feeds) as never);
      return Object.fromEntries(
        Object.entries(outputs).map(([key, { dims, data }]) => [key, { dims, data: data as Tensor["data"] }]),
      );
    },
    close: () => session.release(),
  };
}

function typeOf({ data }: Tensor): TensorType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Int32Array ? "int32" : "uint8";
}
