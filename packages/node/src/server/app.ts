/** The HTTP app: the studio, the model it runs, the example clips, and recognition by request. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Recognizer } from "@undertone/core/artifact";
import { UndertoneError } from "@undertone/core/errors";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AudioPool } from "../workers/audio-pool.js";
import { errorResponse } from "./error-status.js";
import type { ModelShelf } from "./offered-models.js";
import { securityHeaders } from "./security-headers.js";
import type { StaticFiles } from "./static-files.js";

/** What the app is made of. */
export interface AppParts {
  readonly recognizer: Recognizer;
  /** The artifact's bytes, which the page runs. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** What the page may run instead. */
  readonly shelf: ModelShelf;
  readonly pool: AudioPool;
  readonly version: string;
  /** The built page; absent for the API alone. */
  readonly studio?: StaticFiles;
  readonly examples?: StaticFiles;
  readonly limits?: Partial<AppLimits>;
}

/** Limits of one request and of all together. */
export interface AppLimits {
  /** Largest body, in bytes. */
  readonly maxBodyBytes: number;
  /** Requests that are worked on or wait; more get `server/too-busy`. */
  readonly maxRequests: number;
}

export const defaultAppLimits: AppLimits = { maxBodyBytes: 32 * 2 ** 20, maxRequests: 16 };

const prediction = z
  .object({
    label: z.string().nullable(),
    scores: z.record(z.string(), z.number()),
    confidence: z.number(),
    dimensions: z
      .object({ arousal: z.number(), valence: z.number(), dominance: z.number() })
      .partial()
      .readonly()
      .optional(),
    set: z.array(z.string()).readonly().optional(),
    outOfDistribution: z.number().optional(),
    learnt: z
      .literal(true)
      .optional()
      .openapi({ description: "There for a recording that the model learnt from, whatever it is called" }),
    reason: z.enum(["no-speech", "too-short", "unfamiliar", "uncertain"]).optional(),
    start: z.number(),
    end: z.number(),
  })
  .openapi("Prediction");

const recognized = prediction.extend({ timeline: z.array(prediction).optional() }).openapi("Recognized");

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).openapi("Error");

const recognizeRoute = createRoute({
  method: "post",
  path: "/v1/recognize",
  summary: "What is heard in a recording; the audio is not kept",
  request: {
    query: z.object({
      timeline: z
        .enum(["true", "false"])
        .default("false")
        .openapi({ description: "Whether to add one prediction a window" }),
      windowSeconds: z.coerce.number().min(0.1).max(60).optional(),
      hopSeconds: z.coerce.number().min(0.05).max(60).optional(),
    }),
    body: {
      description: "The bytes of an audio file; multipart/form-data with the field `file` is taken, too",
      content: {
        "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) },
      },
    },
  },
  responses: {
    200: { description: "The prediction", content: { "application/json": { schema: recognized } } },
    default: {
      description: "What is wrong, in one sentence",
      content: { "application/json": { schema: failure } },
    },
  },
});

const healthRoute = createRoute({
  method: "get",
  path: "/v1/health",
  summary: "Whether the server can work, and with which model",
  responses: {
    200: {
      description: "It can",
      content: {
        "application/json": {
          schema: z.object({ status: z.literal("ok"), version: z.string(), model: z.string() }),
        },
      },
    },
  },
});

/** Returns the app; it owns nothing of what it is given. */
export function createApp(parts: AppParts): OpenAPIHono {
  const { recognizer, pool, shelf, studio, examples, version } = parts;
  const limits = { ...defaultAppLimits, ...parts.limits };
  let requests = 0;

  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      throw new UndertoneError(
        "server/bad-request",
        `Bad request: '${issue?.path.join(".")}': ${issue?.message}`,
      );
    },
  });
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value);
  });
  app.onError((error, context) => sendError(error, context));
  app.notFound((context) =>
    context.json(
      { error: { code: "server/not-found", message: `There is nothing at ${context.req.path}` } },
      404,
    ),
  );

  app.openapi(healthRoute, (context) =>
    context.json({ status: "ok" as const, version, model: recognizer.manifest.name }, 200),
  );
  app.use(
    "/v1/recognize",
    bodyLimit({
      maxSize: limits.maxBodyBytes,
      onError: () => {
        throw new UndertoneError(
          "audio/too-large",
          `The request is larger than the limit of ${limits.maxBodyBytes} bytes`,
        );
      },
    }),
  );
  app.openapi(recognizeRoute, async (context) => {
    if (requests >= limits.maxRequests) {
      throw new UndertoneError(
        "server/too-busy",
        `The server works on ${requests} requests already, try again soon`,
      );
    }
    requests++;
    try {
      const { timeline, windowSeconds, hopSeconds } = context.req.valid("query");
      const bytes = await audioBytes(context);
      const { sampleRate } = recognizer.manifest.features;
      const { wave } = await pool.decode(bytes, { sampleRate, signal: context.req.raw.signal });
      const whole = await recognizer.recognize(wave);
      if (timeline === "false") return context.json(whole, 200);
      return context.json(
        { ...whole, timeline: await recognizer.timeline(wave, { windowSeconds, hopSeconds }) },
        200,
      );
    } finally {
      requests--;
    }
  });
  app.doc("/v1/openapi.json", { openapi: "3.0.0", info: { title: "Undertone", version } });

  const sendBytes = (context: Context, bytes: Uint8Array | undefined) => {
    if (!bytes) return context.notFound();
    context.header("cache-control", "no-cache");
    context.header("content-type", "application/octet-stream");
    return context.body(bytes as Uint8Array<ArrayBuffer>);
  };
  app.get("/model", (context) => sendBytes(context, parts.model));
  app.get("/models", async (context) => context.json({ models: await shelf.list() }));
  app.get("/models/:name", async (context) =>
    sendBytes(context, await shelf.model(context.req.param("name"))),
  );
  app.get("/encoders/:sha256", async (context) =>
    sendBytes(context, await shelf.encoder(context.req.param("sha256"))),
  );
  app.get("/examples/*", async (context) => {
    const path = decodeURIComponent(context.req.path.slice("/examples/".length));
    return (await examples?.respond(path, "no-cache")) ?? context.notFound();
  });
  app.get("*", async (context) => {
    const path = context.req.path === "/" ? "index.html" : context.req.path.slice(1);
    // Built files carry a hash of their content in their names; the page that names them does not.
    const cacheControl = path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    return (await studio?.respond(path, cacheControl)) ?? context.notFound();
  });
  return app;
}

async function audioBytes(context: Context): Promise<Uint8Array> {
  const type = context.req.header("content-type") ?? "";
  if (!type.startsWith("multipart/form-data")) return new Uint8Array(await context.req.arrayBuffer());
  const { file } = await context.req.parseBody();
  if (!(file instanceof File))
    throw new UndertoneError(
      "server/bad-request",
      "The form has no file in its field 'file', expected one audio file",
    );
  return new Uint8Array(await file.arrayBuffer());
}

function sendError(error: unknown, context: Context): Response {
  const { status, body } = errorResponse(error);
  return context.json(body, status as ContentfulStatusCode);
}
