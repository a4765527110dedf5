declare module "@echogarden/rnnoise-wasm" {
  import type { RnnoiseModule } from "@undertone/core/condition";
  export default function createRnnoise(options: { wasmBinary: Uint8Array }): Promise<RnnoiseModule>;
}
