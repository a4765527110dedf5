/** The flags that every command takes. */
import { flag } from "../runs/plan/flag.js";
import type { Flag } from "./command.js";

export const globalFlags: readonly Flag[] = [
  flag("json", "print one JSON document on stdout; remarks and progress stay on stderr"),
  flag("quiet", "no progress and no remarks on stderr"),
  flag("help", "print this help"),
  flag("version", "print the version"),
];
