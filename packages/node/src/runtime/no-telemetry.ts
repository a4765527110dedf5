/** Keeps ONNX Runtime from telling its makers what it runs. */

/**
 * Turns off the telemetry that the native runtime has had since 1.30: without this, every process leaves a log in the temporary folder, a device id and a database in
 * the user's cache, and sends events. Whoever wants it sets ORT_DISABLE_TELEMETRY=0. It is a matter of the process: a thread's own environment does not
 * reach native code, so this is called before threads start, too.
 */
export function refuseTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
}
