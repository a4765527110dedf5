/** Which file is heard when; the ear here hears a second a turn, when the test says so. */
import type { BrowserRecognizer, HeardFile, ListenOptions } from "@undertone/browser";
import { summarizeTimeline } from "@undertone/core/artifact";
import { UndertoneError } from "@undertone/core/errors";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FileList } from "./file-list.js";

interface Hearing {
  readonly options: ListenOptions;
  /** Ends a turn; resolves when the file may go on. */
  turn(): Promise<void>;
  end(): void;
  fail(error: Error): void;
}

const peaks = { stepSeconds: 0.01, levels: new Float32Array(0) };

/** A list, and what is under way by the file's text. */
function listWith(...names: string[]) {
  const hearings = new Map<string, Hearing>();
  const list = new FileList(() => undefined);
  const ear: Pick<BrowserRecognizer, "listen"> = {
    listen: (file, options = {}) =>
      new Promise<HeardFile>((resolve, reject) => {
        let seconds = 0;
        options.signal?.addEventListener("abort", () => reject(new Error("Cancelled")));
        void file.text().then((name) =>
          hearings.set(name, {
            options,
            async turn() {
              const heard = { label: name, scores: {}, confidence: 1, start: seconds, end: ++seconds };
              options.onWindows?.([heard]);
              await options.onProgress?.({ seconds, total: 9, part: seconds / 9, secondsLeft: undefined });
            },
            end: () =>
              resolve({
                seconds,
                timeline: [],
                summary: summarizeTimeline([]),
                peaks,
                span: { start: 0, end: 0 },
                remarks: [],
              }),
            fail: reject,
          }),
        );
      }),
  };
  list.use(ear, undefined);
  const add = (...more: string[]): number =>
    list.add(more.map((name) => ({ name, load: async () => new Blob([name]) })))!;
  add(...names);
  return {
    list,
    ear,
    add,
    /** Resolves to the hearing of a file, once it is under way. */
    begun: (name: string): Promise<Hearing> => vi.waitUntil(() => hearings.get(name), { interval: 1 }),
    states: (): string[] => list.files.map(({ name, state }) => `${name} ${state.kind}`),
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

it("hears files one after the other, and shows what was heard so far", async () => {
  const { list, begun, states } = listWith("a", "b");
  const a = await begun("a");
  await a.turn();
  await a.turn();
  expect(states()).toEqual(["a working", "b waiting"]);
  expect(list.files[0].state).toMatchObject({
    partly: { progress: { seconds: 2 }, timeline: [{ start: 0 }, { start: 1 }] },
  });
  a.end();
  (await begun("b")).fail(new Error("It is no audio"));
  await vi.waitUntil(() => list.files[1].state.kind === "failed");
  expect(list.files.map(({ state }) => state)).toMatchObject([
    { kind: "done", heard: { seconds: 2 } },
    { kind: "failed", message: "It is no audio" },
  ]);
});

it("hears a newer choice first, and goes on with the other where it was", async () => {
  const { list, begun, add, states } = listWith("long");
  const long = await begun("long");
  await long.turn();
  add("clip");
  let on = false;
  const turn = long.turn().then(() => {
    on = true;
  });
  expect(states()).toEqual(["long waiting", "clip working"]);
  const clip = await begun("clip");
  vi.advanceTimersByTime(60_000);
  expect(on).toBe(false);
  clip.end();
  await turn;
  expect(states()).toEqual(["long working", "clip done"]);
  expect(long.options.signal!.aborted).toBe(false);
  list.first(list.files[1].id); // heard already: nothing is interrupted
  expect(states()).toEqual(["long working", "clip done"]);
});

it("ends what does not hand back to a newer choice, and begins it anew afterwards", async () => {
  const { begun, add, states } = listWith("hangs");
  const hangs = await begun("hangs");
  await hangs.turn();
  add("clip");
  vi.advanceTimersByTime(400);
  expect(hangs.options.signal!.aborted).toBe(false);
  vi.advanceTimersByTime(200);
  expect(hangs.options.signal!.aborted).toBe(true);
  (await begun("clip")).end();
  await vi.waitUntil(() => states()[0] === "hangs working");
  const anew = await vi.waitUntil(async () => {
    const now = await begun("hangs");
    return now !== hangs && now;
  });
  anew.end();
  await vi.waitUntil(() => states()[0] === "hangs done");
});

it("begins anew what went with the worker of another file, once", async () => {
  const { list, begun, states } = listWith("a");
  const lost = new UndertoneError("cancelled", "It was lost");
  const a = await begun("a");
  await a.turn();
  a.fail(lost);
  const anew = await vi.waitUntil(async () => {
    const now = await begun("a");
    return now !== a && now;
  });
  expect(states()).toEqual(["a working"]);
  expect(list.files[0].state).toMatchObject({ partly: { timeline: [] } });
  anew.fail(lost);
  await vi.waitUntil(() => states()[0] === "a failed");
});

it("stops, keeps what was heard, and hears again when asked", async () => {
  const { list, begun, states } = listWith("a", "b");
  const a = await begun("a");
  await a.turn();
  list.stop(list.files[0].id);
  expect(a.options.signal!.aborted).toBe(true);
  (await begun("b")).end();
  await vi.waitUntil(() => states()[1] === "b done");
  expect(list.files[0].state).toMatchObject({ kind: "stopped", partly: { timeline: [{ label: "a" }] } });
  list.again(list.files[0].id);
  expect(states()).toEqual(["a working", "b done"]);
  list.remove(list.files[0].id);
  expect(states()).toEqual(["b done"]);
});

it("hears all anew with another model, the chosen file first, and none while held", async () => {
  const { list, ear, begun, states } = listWith("a", "b", "c");
  const a = await begun("a");
  a.end();
  await begun("b");
  list.use({ ...ear }, list.files[2].id);
  expect(states()).toEqual(["a waiting", "b waiting", "c working"]);
  const c = await begun("c");
  list.hold(true);
  const turn = c.turn();
  expect(states()).toEqual(["a waiting", "b waiting", "c waiting"]);
  list.hold(false);
  await turn;
  expect(states()).toEqual(["a waiting", "b waiting", "c working"]);
});
