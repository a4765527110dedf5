/** The package index and the registry: a real server, archives made here, everything that can be wrong with them. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { knownEncoders } from "@undertone/core/onnx";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mayMount, onTinyDisk } from "../../../../../test/tiny-disk.js";
import { tinyEncoder } from "../../../../../test/tiny-encoder.js";
import { addEncoder } from "../add-encoder.js";
import { completeFeatures } from "../complete-features.js";
import { encoderRecords } from "../encoder-store.js";
import { encoderSources } from "./index.js";
import { wheel } from "./wheel.js";

const hashOf = (bytes: Uint8Array, kind = "sha256", as: "hex" | "base64" = "hex"): string =>
  createHash(kind).update(bytes).digest(as);
const model = tinyEncoder();
const sha256 = hashOf(model);

/** Returns a zip archive (APPNOTE 6.3); each second entry is stored as it is. */
function zip(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [i, [name, content]] of Object.entries(files).entries()) {
    const packed = i % 2 ? content : deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(i % 2 ? 0 : 8, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const extra = Buffer.from([0xfe, 0xca, 1, 0, 7]); // which the directory does not repeat
    const local = Buffer.from(fields);
    local.writeUInt16LE(extra.length, 24);
    const entry = [Buffer.from("PK\x03\x04"), local, Buffer.from(name), extra, packed];
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), fields, place, Buffer.from(name));
    parts.push(...entry);
    at += Buffer.concat(entry).length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from("PK\x05\x06"), end]);
}

const filename = "Acme_Voice-1.0-py3-none-manylinux_2_34_x86_64.whl";
const source = "pypi:acme.voice==1.0/voice/tiny.onnx";
const metadata = "Metadata-Version: 2.4\nName: acme-voice\nLicense-Expression: Apache-2.0\n\nLicense: none\n";
const archive = zip({
  "voice/noise.bin": Uint8Array.from({ length: 300_000 }, (_, i) => (i * i * 7919) >> 5),
  "voice/tiny.onnx": model,
  "voice/packed.onnx": model,
  "Acme_Voice-1.0.dist-info/METADATA": Buffer.from(metadata),
});

/** How the server behaves, set by each test. */
let behaviour: {
  html?: boolean;
  parts?: boolean;
  sha?: string;
  cut?: boolean | "held";
  body?: Buffer;
  user?: string;
};
let asked: string[];
let server: Server;
let work: string;
let tarball: Buffer;
const before = { ...process.env };

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "undertone-sources-"));
  const long = `package/${"deep/".repeat(30)}`;
  for (const folder of ["package", long]) mkdirSync(join(work, folder), { recursive: true });
  for (const name of ["package/tiny.onnx", `${long}tiny.onnx`]) writeFileSync(join(work, name), model);
  tarball = execFileSync("tar", ["-cz", "--format=pax", "-C", work, "package"]);
  server = createServer((request, response) => {
    const { url = "", headers } = request;
    asked.push(`${url}${headers.range ? ` ${headers.range}` : ""}`);
    const { html, parts, sha = hashOf(archive), cut, body = archive, user } = behaviour;
    if (user && headers.authorization !== `Basic ${btoa(user)}`) return response.writeHead(401).end();
    if (url === "/simple/acme-voice/" && html) {
      response.writeHead(200, { "content-type": "text/html" });
      return response.end(`<a href="old">Acme_Voice-0.9-py3-none-any.whl</a>
        <a data-requires-python="&gt;=3.8" href='../../files/wheel?a=1&amp;b=2#sha256=${sha}'>${filename}</a>`);
    }
    if (url === "/simple/acme-voice/" || url === "/simple/moonshine-voice/") {
      response.writeHead(200, { "content-type": "application/vnd.pypi.simple.v1+json" });
      const names = [filename.replace("manylinux_2_34_x86_64", "win_amd64"), filename];
      const files = names.map((one) => ({
        filename: url.includes("moonshine") ? "moonshine_voice-0.1.0-py3-none-any.whl" : one,
        url: one === filename ? "/files/wheel" : "/nothing",
        hashes: { sha256: sha },
      }));
      return response.end(JSON.stringify({ files: url.includes("moonshine") ? files.slice(1) : files }));
    }
    if (url.startsWith("/files/wheel")) {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec((parts && headers.range) || "") ?? [];
      const last = from === undefined ? body.length - 1 : Math.min(Number(to), body.length - 1);
      const content = body.subarray(Number(from ?? 0), last + 1);
      const range = from !== undefined && { "content-range": `bytes ${from}-${last}/${body.length}` };
      response.writeHead(range ? 206 : 200, { "content-length": content.length, ...range });
      if (!cut) return response.end(content);
      response.write(content.subarray(0, content.length - 1));
      return cut !== "held" && setTimeout(() => response.destroy(), 20);
    }
    const dist = {
      tarball: `${origin()}/files/tiny.tgz`,
      integrity: `sha512-${hashOf(tarball, "sha512", "base64")}`,
    };
    const manifest = {
      version: "2.0.0",
      license: "MIT",
      dist: { ...dist, ...(behaviour.sha && { integrity: "sha512-other" }) },
    };
    if (/^\/@acme%2Ftiny\/(latest|2\.0\.0)$/.test(url)) return response.end(JSON.stringify(manifest));
    if (url === "/files/tiny.tgz") return response.end(behaviour.body ?? tarball);
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
const origin = (user = ""): string => `http://${user}127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeEach(() => {
  process.env.UNDERTONE_CACHE = join(work, "cache");
  process.env.PIP_INDEX_URL = `${origin()}/simple/`;
  process.env.npm_config_registry = origin();
  behaviour = {};
  asked = [];
});
afterEach(() => rmSync(join(work, "cache"), { recursive: true, force: true }));
afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(work, { recursive: true, force: true });
});

/** Expects a refusal in one sentence, and nothing kept. */
async function refused(from: string, code: string, ...words: string[]): Promise<void> {
  const error = await addEncoder(from, { download: true }).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code });
  for (const word of words) expect((error as Error).message).toContain(word);
  expect(readdirSync(work)).not.toContain("cache");
}

describe("a wheel of the package index", () => {
  it.each([{}, { html: true }])("is fetched whole where its hash is all that is known: %o", async (how) => {
    behaviour = { ...how, parts: true };
    await expect(addEncoder(source)).rejects.toThrow(/pip download --no-deps acme-voice==1.0/);
    expect(asked).toEqual([]);
    const record = await addEncoder(source, { download: true });
    expect(record).toEqual({ name: "tiny", sha256, bytes: model.length, licence: "Apache-2.0", source });
    expect(asked).toEqual(["/simple/acme-voice/", how.html ? "/files/wheel?a=1&b=2" : "/files/wheel"]);
    expect(await addEncoder(source)).toEqual(record);
    expect(asked).toHaveLength(2);
  });

  it.each([true, false])(
    "gives the one file alone where its hash is known, and the server has parts: %s",
    async (parts) => {
      behaviour = { parts };
      const found = await wheel.fetch(source.replace("tiny", "packed"), { sha256 });
      expect(hashOf(found.bytes)).toBe(sha256);
      expect(asked).toHaveLength(parts ? 4 : 2);
      if (parts) expect(asked.at(-1)).not.toMatch(/bytes=0-/);
    },
  );

  it("is asked for with the name and password of the index, which no message and no record tells", async () => {
    behaviour = { user: "me:s3cret@x" };
    process.env.PIP_INDEX_URL = `${origin("me:s3cret%40x@")}/simple`;
    expect(await addEncoder(source, { download: true })).toMatchObject({ source });
    behaviour = { user: "other:one" };
    const error = await addEncoder(source.replace("tiny", "x"), { download: true }).catch(
      (cause: unknown) => cause,
    );
    expect(JSON.stringify([error, (error as Error).message])).not.toContain("s3cret");
    expect((error as Error).message).toContain("401");
  });

  it.each([
    [
      "pypi:acme-voice==2.0/voice/tiny.onnx",
      {},
      "features/encoder-missing",
      "lists no wheel of acme-voice 2.0",
    ],
    ["pypi:nobody==1.0/x.onnx", {}, "features/encoder-missing", "404"],
    ["pypi:acme-voice==1.0/../x.onnx", {}, "usage/bad-value", "pypi:PACKAGE==VERSION/PATH"],
    ["pypi:acme-voice/x.onnx", {}, "usage/bad-value", "pypi:PACKAGE==VERSION/PATH"],
    [source, { sha: "0".repeat(64) }, "features/encoder-mismatch", "PIP_INDEX_URL"],
    [source, { cut: true }, "features/encoder-missing", "pip download"],
    [
      source,
      { body: archive.subarray(0, -30), sha: hashOf(archive.subarray(0, -30)) },
      "features/encoder-missing",
      "zip",
    ],
    ["moonshine-tiny", { parts: true, cut: true }, "features/encoder-missing", "pip download"],
    [
      "moonshine-tiny",
      { parts: true },
      "features/encoder-missing",
      "no file 'moonshine_voice/assets/tiny-en",
    ],
  ])("refuses %s (%#)", (from, how, code, word) => {
    behaviour = how;
    return refused(from, code, word);
  });

  it("says how a proxy is used where nothing answers", async () => {
    const gone = createServer().listen(0);
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    process.env.PIP_INDEX_URL = `http://127.0.0.1:${port}/simple`;
    process.env.https_proxy = "http://127.0.0.1:9";
    await refused(source, "features/encoder-missing", "ECONNREFUSED", "NODE_USE_ENV_PROXY=1", "pip download");
    delete process.env.https_proxy;
    process.env.PIP_INDEX_URL = "http://example.org/simple";
    await refused(source, "usage/bad-value", "https://");
  });

  it("leaves nothing when it is stopped", async () => {
    behaviour = { cut: "held" };
    const stop = new AbortController();
    const adding = addEncoder(source, {
      download: true,
      signal: stop.signal,
      onProgress: () => setTimeout(() => stop.abort(), 10),
    });
    await expect(adding).rejects.toMatchObject({ code: "cancelled" });
    expect(readdirSync(work)).not.toContain("cache");
  });
});

describe("a package of the registry", () => {
  const asTold = { sha256, licence: "MIT", bytes: model.length };

  it.each(["tiny.onnx", `${"deep/".repeat(30)}tiny.onnx`])("brings %s, checked by its hash", async (path) => {
    await expect(addEncoder(`npm:@acme/tiny/${path}`)).rejects.toThrow(/--download.*npm install @acme\/tiny/);
    const record = await addEncoder(`npm:@acme/tiny/${path}`, { download: true });
    expect(record).toMatchObject({ ...asTold, name: "tiny", source: `npm:@acme/tiny@2.0.0/${path}` });
    expect(await addEncoder(`npm:@acme/tiny@2.0.0/${path}`)).toEqual(record);
    expect(asked).toEqual(["/@acme%2Ftiny/latest", "/files/tiny.tgz"]);
  });

  it.each([
    ["npm:@acme/tiny/none.onnx", {}, "features/encoder-missing", "no file 'none.onnx'"],
    ["npm:@acme/tiny@3.0.0/tiny.onnx", {}, "features/encoder-missing", "404"],
    ["npm:@acme/tiny/tiny.onnx", { sha: "other" }, "features/encoder-mismatch", "registry"],
    ["npm:@acme/tiny/tiny.onnx", { body: Buffer.from("no archive") }, "features/encoder-mismatch", "sha512-"],
  ])("refuses %s (%#)", (from, how, code, word) => {
    behaviour = how;
    return refused(from, code, word);
  });
});

describe("known encoders", () => {
  it("have what a user needs to know, and a source that is understood", () => {
    for (const { name, sha256: hash, licence, summary, source: from, bytes } of knownEncoders) {
      expect(name).toMatch(/^[a-z0-9._-]+$/);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(licence).toMatch(/^[A-Z][\w.-]+$/);
      expect(summary).toMatch(/^[a-z].*[^.]$/);
      expect(bytes).toBeGreaterThan(1000);
      expect(encoderSources.filter((one) => one.takes(from))).toHaveLength(1);
    }
    expect(new Set(knownEncoders.map(({ name }) => name)).size).toBe(knownEncoders.length);
  });

  it("are fetched by one command that every refusal names, and another file is refused", async () => {
    const command = "'undertone encoder add moonshine-tiny --download' fetches it (13 MB, licence MIT)";
    await expect(addEncoder("moonshine-tiny")).rejects.toThrow(command);
    await expect(completeFeatures("seed-v1+encoder:moonshine-tiny:layer=all")).rejects.toThrow(command);
    await expect(addEncoder("moonshine-tyni")).rejects.toThrow(/did you mean 'moonshine-tiny'.*13 MB.*pypi:/);
    expect(asked).toEqual([]);
    const path = "moonshine_voice/assets/tiny-en/encoder_model.ort";
    behaviour = { parts: true, body: zip({ [path]: model }) };
    await refused("moonshine-tiny", "features/encoder-mismatch", sha256, knownEncoders[0].sha256);
    expect(await encoderRecords()).toEqual([]);
  });
});

describe.skipIf(!(await mayMount()))("a full disk (needs the right to mount a tmpfs)", () => {
  it("is said, and nothing half-written stays", () =>
    onTinyDisk(join(work, "cache"), 8, async () => {
      await expect(addEncoder(source, { download: true })).rejects.toMatchObject({ code: "file/disk-full" });
      expect(readdirSync(join(work, "cache/encoders"))).toEqual([]);
    }));
});
