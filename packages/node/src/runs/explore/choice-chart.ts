/** The curve by which a number of clusters is chosen. */
import * as Plot from "@observablehq/plot";
import type { ClusterChoice } from "@undertone/core/cluster";
import type { Html } from "../report/html.js";
import { chart } from "../report/svg.js";

/** Returns the silhouettes over the numbers of clusters, the best one marked. */
export function choiceChart({ counts, bySilhouette }: ClusterChoice): Html {
  const known = counts.filter((count) => count.silhouette !== null);
  return chart(`Silhouette of 2 to ${counts.at(-1)!.clusters} clusters, best for ${bySilhouette}`, {
    height: 240,
    marginLeft: 48,
    marginBottom: 38,
    x: {
      label: "clusters",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: counts.map(({ clusters }) => clusters),
      tickFormat: "d",
    },
    y: { label: "silhouette", labelArrow: "none", grid: true, zero: true },
    marks: [
      Plot.ruleY([0], { strokeOpacity: 0.5 }),
      Plot.line(known, { x: "clusters", y: "silhouette", stroke: "var(--accent)", strokeWidth: 2 }),
      Plot.dot(known, {
        x: "clusters",
        y: "silhouette",
        r: 4,
        fill: (count) => (count.clusters === bySilhouette ? "var(--accent)" : "var(--paper)"),
        stroke: "var(--accent)",
      }),
    ],
  });
}
