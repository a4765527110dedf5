/** How a report came about: versions of what made it, and what the model is in words. */
import { estimators } from "@undertone/core";
import { packageVersion } from "../../io/places.js";
import type { ReportOptions } from "./page.js";

/** Returns what a report says of its making beside the protocol. */
export function howMade({
  protocol,
}: {
  readonly protocol: { readonly model: Readonly<Record<string, unknown>> };
}): Pick<ReportOptions, "versions" | "card"> {
  const about = estimators.find(({ kind }) => kind === protocol.model.kind)?.summary;
  return {
    versions: {
      Undertone: packageVersion(),
      Node: process.version,
      Machine: `${process.platform} ${process.arch}`,
    },
    ...(about === undefined ? {} : { card: { "About the model": about } }),
  };
}
