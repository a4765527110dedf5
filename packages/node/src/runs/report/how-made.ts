/** How a report came about: versions of what made it, and what the model is in words. */
import type { Evaluation } from "@undertone/core/evaluate";
import { estimatorsOf } from "@undertone/core/learn";
import { packageVersion } from "../../io/places.js";
import type { ReportOptions } from "./page.js";

/** Returns what a report says of its making beside the protocol. */
export function howMade({ classes, values }: Evaluation): Pick<ReportOptions, "versions" | "card"> {
  const { kind } = (classes ?? values)!.protocol.model;
  const about = estimatorsOf(classes ? "classes" : "values").find((one) => one.kind === kind)?.summary;
  return {
    versions: {
      Undertone: packageVersion(),
      Node: process.version,
      Machine: `${process.platform} ${process.arch}`,
    },
    ...(about === undefined ? {} : { card: { "About the model": about } }),
  };
}
