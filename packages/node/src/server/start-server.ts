/** Starts the HTTP server with everything it needs, and stops it again. */

import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { openRecognizer } from "@undertone/core/artifact";
import { UndertoneError } from "@undertone/core/errors";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import { packageVersion, shippedPath } from "../io/places.js";
import { readModelFile } from "../runs/open-model.js";
import { defaultModel } from "../runs/shipped.js";
import { openAudioPool } from "../workers/audio-pool.js";
import { type AppLimits, createApp } from "./app.js";
import { modelShelf } from "./offered-models.js";
import { staticFiles } from "./static-files.js";
import { studioFolder } from "./studio-folder.js";

/** Options of `startServer`. */
export interface StartServerOptions {
  /** The artifact to serve: a path, or its bytes; default: the shipped model. */
  readonly model?: string | Uint8Array | undefined;
  /** Default 127.0.0.1, which only this machine reaches. */
  readonly host?: string | undefined;
  /** The wanted port, 0 for any free one; default 4173. */
  readonly port?: number | undefined;
  /** Whether a taken port may be replaced by a free one; default true. */
  readonly anyPort?: boolean | undefined;
  /** Whether to serve the studio; default true. */
  readonly studio?: boolean | undefined;
  readonly limits?: Partial<AppLimits> | undefined;
  /** Told in one sentence of what the user should know: a port that was taken, a page that is built first. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/** A server that runs. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:4173`. */
  readonly url: string;
  /** Answers what is under way, then stops everything. */
  close(): Promise<void>;
}

/** How long running requests may take to end when the server closes, in milliseconds. */
const graceMs = 3000;

export const defaultPort = 4173;

/** Returns a running server. @throws UndertoneError `file/*`, `artifact/*`, `file/busy` when the port is taken and must not be replaced. */
export async function startServer(options: StartServerOptions = {}): Promise<RunningServer> {
  const {
    model,
    host = "127.0.0.1",
    port = defaultPort,
    anyPort = true,
    studio = true,
    onNotice = () => {},
  } = options;
  const open = async (bytes: Uint8Array, path?: string) => ({
    ...{ bytes, path },
    recognizer: await openRecognizer(bytes, nodeEncoderResources(path && dirname(path))),
  });
  const { bytes, path, recognizer } = await (typeof model === "object"
    ? open(model)
    : readModelFile(model ?? defaultModel, open));
  const pool = openAudioPool({ limits: { maxSeconds: 600, timeoutSeconds: 30 } });
  try {
    const folder = studio ? await studioFolder(() => onNotice("building the page (once)")) : undefined;
    const clips = shippedPath("examples/clips");
    const app = createApp({
      recognizer,
      model: Uint8Array.from(bytes),
      shelf: modelShelf(bytes, path),
      pool,
      version: packageVersion(),
      ...(folder ? { studio: await staticFiles(folder) } : {}),
      ...(existsSync(clips) ? { examples: await staticFiles(clips) } : {}),
      ...(options.limits ? { limits: options.limits } : {}),
    });
    const server = createServer({ requestTimeout: 60_000 }, getRequestListener(app.fetch));
    const bound = await listen(server, host, port, anyPort);
    if (port !== 0 && bound !== port) onNotice(`port ${port} is taken, using ${bound}`);
    return {
      url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
      async close() {
        await closeServer(server);
        await pool.close();
        await recognizer.close();
      },
    };
  } catch (error) {
    await pool.close();
    await recognizer.close();
    throw error;
  }
}

async function listen(server: Server, host: string, port: number, anyPort: boolean): Promise<number> {
  const attempt = (wanted: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(wanted, host, () => {
        server.removeListener("error", reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  try {
    return await attempt(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code === "EADDRINUSE" || code === "EACCES") && anyPort && port !== 0) return attempt(0);
    const known =
      code === "EADDRINUSE" || code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND";
    if (!known) throw error;
    throw new UndertoneError(
      "file/busy",
      `Cannot listen on ${host}:${port} (${code}), expected a free port of this machine`,
      {
        cause: error,
      },
    );
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
