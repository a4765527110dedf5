/** The flags that every command takes. */
import type { Flag } from "./command.js";

export const globalFlags: readonly Flag[] = [
  {
    name: "json",
    type: "boolean",
    summary: "print one JSON document on stdout; remarks and progress stay on stderr",
  },
  { name: "quiet", type: "boolean", summary: "no progress and no remarks on stderr" },
  { name: "help", type: "boolean", summary: "print this help" },
  { name: "version", type: "boolean", summary: "print the version" },
];
