/** `npm start`: the first minute. The timeline of a bundled clip, the studio, the HTTP interface, and an end without a trace. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultModel, pathOf, shippedModels } from "../../packages/node/src/runs/shipped.js";
import { root } from "../corpora.js";
import { keyPaths } from "../net/key-paths.js";
import { errorCode, runUndertone, temporaryFolder } from "./run-undertone.js";

const model = join(root, "models/ravdess.onnx");
const clip = readFileSync(join(root, "examples/clips/03-01-05-02-01-01-16.flac"));

/** What the server gave while it ran. */
interface Visited {
  readonly page: Response;
  readonly html: string;
  readonly script: Response;
  readonly model: Uint8Array;
  readonly prediction: { label: string; timeline: unknown[] };
  readonly health: unknown;
  /** Status and code of requests that must be refused. */
  readonly refused: Record<string, string>;
}

async function visit(url: string): Promise<Visited> {
  const page = await fetch(url);
  const html = await page.text();
  const refusal = async (path: string, init?: RequestInit): Promise<string> => {
    const response = await fetch(url + path, init);
    return `${response.status} ${((await response.json()) as { error: { code: string } }).error.code}`;
  };
  const recognized = await fetch(`${url}/v1/recognize?timeline=true`, { method: "POST", body: clip });
  return {
    page,
    html,
    script: await fetch(url + /src="([^"]+\.js)"/.exec(html)![1]),
    model: new Uint8Array(await (await fetch(`${url}/model`)).arrayBuffer()),
    prediction: (await recognized.json()) as Visited["prediction"],
    health: await (await fetch(`${url}/v1/health`)).json(),
    refused: {
      outside: await refusal("/examples/..%2f..%2fpackage.json"),
      nothing: await refusal("/no-such-page"),
      letter: await refusal("/v1/recognize", {
        method: "POST",
        body: "Dear reader, this is not a sound. ".repeat(9),
      }),
      question: await refusal("/v1/recognize?timeline=perhaps", { method: "POST", body: clip }),
    },
  };
}

describe("undertone start", () => {
  it("shows a clip's timeline, serves page, model and recognition, and ends on Ctrl-C with nothing left", async () => {
    const cwd = temporaryFolder();
    let visiting: Promise<Visited> | undefined;
    let done = false;
    const deadline = performance.now() + 500_000; // a server that never answers is stopped, too
    const { code, stdout, stderr } = await runUndertone(["start", "--port", "0"], {
      cwd,
      interrupt(printed) {
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
        if (url !== undefined && !visiting) {
          visiting = visit(url);
          visiting.then(
            () => {
              done = true;
            },
            () => {
              done = true;
            },
          );
        }
        return done || performance.now() > deadline;
      },
    });
    const { page, html, script, model, prediction, health, refused } = await visiting!;

    expect(stdout).toContain("window by window");
    expect(stdout).toMatch(/The whole clip {2}4\.0 s {2}ang(ry|er), (\d\d|over 99|100) %/);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(html).toContain('<div id="root">');
    expect(script.headers.get("cache-control")).toContain("immutable");
    expect(model).toEqual(new Uint8Array(readFileSync(pathOf(shippedModels, defaultModel))));
    expect(prediction.label).toMatch(/^ang(ry|er)$/);
    expect(prediction.timeline.length).toBeGreaterThan(3);
    expect(health).toMatchObject({ status: "ok" });
    expect(refused).toEqual({
      outside: "404 server/not-found",
      nothing: "404 server/not-found",
      letter: "415 audio/not-audio",
      question: "400 server/bad-request",
    });
    expect(code).toBe(0);
    expect(stderr.replace("undertone: building the page (once)\n", "")).toBe("");
    expect(readdirSync(cwd)).toEqual([]);
    await expect(fetch(page.url)).rejects.toThrow("fetch failed");
  });

  it("ends on a Ctrl-C that comes before the studio is up", async () => {
    const { code, stdout } = await runUndertone(["start", "--port", "0"], {
      cwd: temporaryFolder(),
      interrupt: (printed) => printed.includes("window by window"),
    });
    expect(stdout).toContain("window by window");
    expect(code).toBe(0);
  });

  it("gives scripts one document with the address, as serve does, and ends on Ctrl-C", async () => {
    const [started, served] = await Promise.all(
      ["start", "serve"].map(async (command) => {
        const { code, stdout } = await runUndertone([command, "--port", "0", "--model", model, "--json"], {
          interrupt: (printed) => printed.endsWith("\n}\n"),
        });
        expect(code).toBe(0);
        return keyPaths(JSON.parse(stdout));
      }),
    );
    expect(served).toEqual({ url: "string" });
    const scored = Object.fromEntries(
      ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"].map((name) => [
        `scores.${name}`,
        "number",
      ]),
    );
    const heard = {
      label: "string",
      confidence: "number",
      ...scored,
      "set[]": "string",
      start: "number",
      end: "number",
    };
    const below = (path: string) => Object.entries(heard).map(([key, type]) => [`${path}.${key}`, type]);
    expect(started).toEqual({
      url: "string",
      "clip.file": "string",
      "clip.outOfDistribution": "number",
      ...Object.fromEntries([...below("clip"), ...below("clip.timeline[]")]),
    });
  });

  it("refuses a port that cannot be, before it works", async () => {
    const outcome = await runUndertone(["start", "--port", "99999"]);
    expect([outcome.code, errorCode(outcome)]).toEqual([2, "usage/bad-value"]);
  });
});
