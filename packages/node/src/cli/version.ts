/** The version of the package. */
import { readFileSync } from "node:fs";
import { packageFolder } from "../runs/places.js";

/** Returns the version in package.json, such as `0.1.0`. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL("package.json", packageFolder()), "utf8")) as { version: string })
    .version;
}
