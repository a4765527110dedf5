/** What becomes of a recognizer whose worker fails; the worker here answers at once and fails when told to. */
import { afterEach, expect, it } from "vitest";
import { createRecognizer } from "./recognizer.js";

const given = Object.getOwnPropertyDescriptor(globalThis, "Worker");
const workers: AnsweringWorker[] = [];

class AnsweringWorker extends EventTarget {
  ended = 0;

  constructor() {
    super();
    workers.push(this);
  }

  postMessage(): void {
    const answer = { manifest: {}, runtime: "none" };
    queueMicrotask(() =>
      this.dispatchEvent(new MessageEvent("message", { data: { kind: "answer", answer } })),
    );
  }

  fail(message: string): void {
    this.dispatchEvent(Object.assign(new Event("error"), { message }));
  }

  terminate(): void {
    this.ended++;
  }
}

afterEach(() => {
  if (given) Object.defineProperty(globalThis, "Worker", given);
  else Reflect.deleteProperty(globalThis, "Worker");
});

it("ends with its worker, when that fails between two requests too", async () => {
  Object.defineProperty(globalThis, "Worker", { value: AnsweringWorker, configurable: true });
  const recognizer = await createRecognizer({ model: new ArrayBuffer(0) });
  const [worker] = workers;
  worker!.fail("out of memory");
  expect(worker!.ended).toBe(1);
  await expect(
    recognizer.recognize({ samples: new Float32Array(1), sampleRate: 16000 }),
  ).rejects.toMatchObject({
    code: "runtime/unavailable",
    message: "The recognizer's worker failed: out of memory",
  });
  recognizer.close();
  expect(workers).toHaveLength(1);
});
