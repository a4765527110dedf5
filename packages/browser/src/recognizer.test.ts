/** What becomes of a recognizer whose worker fails; the worker here answers at once and fails when told to. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRecognizer } from "./recognizer.js";

const given = Object.getOwnPropertyDescriptor(globalThis, "Worker");
const wave = { samples: new Float32Array(1), sampleRate: 16000 };
let workers: AnsweringWorker[] = [];

class AnsweringWorker extends EventTarget {
  ended = 0;
  readonly asked: string[] = [];

  constructor() {
    super();
    workers.push(this);
  }

  postMessage(message: { readonly name?: string }): void {
    this.asked.push(message.name ?? "model");
    const reply = message.name
      ? { kind: "answer", answer: { manifest: {}, runtime: "none" } }
      : { kind: "running" };
    if (message.name !== "decode")
      queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data: reply })));
  }

  fail(message: string): void {
    this.dispatchEvent(Object.assign(new Event("error"), { message }));
  }

  terminate(): void {
    this.ended++;
  }
}

beforeEach(() => {
  workers = [];
  Object.defineProperty(globalThis, "Worker", { value: AnsweringWorker, configurable: true });
});

afterEach(() => {
  if (given) Object.defineProperty(globalThis, "Worker", given);
  else Reflect.deleteProperty(globalThis, "Worker");
});

it("goes on in a new worker, with the model, when one fails between two requests", async () => {
  const recognizer = await createRecognizer({ model: new ArrayBuffer(0) });
  workers[0]!.fail("out of memory");
  expect(workers[0]!.ended).toBe(1);
  await recognizer.recognize(wave);
  expect(workers.map(({ asked }) => asked)).toEqual([
    ["model", "describe"],
    ["model", "recognize"],
  ]);
  recognizer.close();
  await expect(recognizer.recognize(wave)).rejects.toMatchObject({ code: "cancelled" });
});

it("fails the request that its worker crashed on, and answers the next", async () => {
  const recognizer = await createRecognizer({ model: new ArrayBuffer(0) });
  const lost = recognizer.decode(new ArrayBuffer(1));
  const next = recognizer.recognize(wave);
  while (!workers[0]!.asked.includes("decode")) await Promise.resolve();
  workers[0]!.fail("out of memory");
  await expect(lost).rejects.toMatchObject({
    code: "runtime/unavailable",
    message: "The recognizer's worker failed: out of memory",
  });
  await next;
  expect(workers).toHaveLength(2);
});

it("ends a worker that takes too long or cannot be stopped, and answers the next request", async () => {
  const recognizer = await createRecognizer({ model: new ArrayBuffer(0), timeoutSeconds: 0.01 });
  await expect(recognizer.decode(new ArrayBuffer(1))).rejects.toMatchObject({
    code: "audio/timeout",
    message: "The audio took longer than the limit of 0.01 seconds",
  });
  await recognizer.recognize(wave);
  const stop = new AbortController();
  const stopped = recognizer.decode(new ArrayBuffer(1), { signal: stop.signal });
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
  await recognizer.recognize(wave);
  expect(workers.length).toBeGreaterThanOrEqual(2);
  expect(workers[0]!.ended).toBe(1);
});

it("forgets in the worker the stream of a timeline that failed", async () => {
  const recognizer = await createRecognizer({ model: new ArrayBuffer(0) });
  // The answer of this worker has no predictions.
  await expect(recognizer.timeline(wave)).rejects.toThrow(TypeError);
  const stop = new AbortController();
  const stopped = recognizer.timeline(wave, { signal: stop.signal });
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
  await recognizer.recognize(wave);
  expect(workers[0]!.asked).toContain("drop");
  recognizer.close();
});
