/** The report's pictures: Observable Plot drawn into linkedom, serialized as SVG. */
import * as Plot from "@observablehq/plot";
import { emotionColour } from "@undertone/core/data";
import type { ClassResult, EvaluationResult, LeftOutCorpus } from "@undertone/core/evaluate";
import type { Html } from "./html.js";
import { chart, svg } from "./svg.js";
import { percent } from "./words.js";

/** An axis of parts of 1, in per cent; its name in the middle, without an arrow. */
const inPercent = {
  domain: [0, 1],
  tickFormat: (part: number): string => String(Math.round(100 * part)),
  labelAnchor: "center",
  labelArrow: "none",
} as const;

/** A chart of parts over parts, one of several side by side. */
const smallSquare = {
  width: 180,
  height: 180,
  marginLeft: 32,
  marginBottom: 32,
  marginTop: 8,
  marginRight: 8,
  y: { ...inPercent, ticks: [0, 0.5, 1], label: null },
};

/** Longer lists of speakers show this many at either end. */
const speakersShown = 60;

/** Returns the ROC curve of one class in the colour `--class`, square, without a title. */
export function rocChart({ class: name, roc, rocAuc }: ClassResult): Html {
  return svg(`ROC curve of ${name}, area ${rocAuc?.toFixed(3)}`, {
    ...smallSquare,
    x: { ...smallSquare.y, label: "false alarms, %" },
    marks: [
      Plot.areaY(roc, { x: "0", y1: 0, y2: "1", fill: "var(--class)", fillOpacity: 0.12 }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: "currentColor", strokeOpacity: 0.4, strokeDasharray: "3 3" },
      ),
      Plot.line(roc, { x: "0", y: "1", stroke: "var(--class)", strokeWidth: 2 }),
      Plot.frame({ strokeOpacity: 0.25 }),
    ],
  });
}

/** Returns the reliability diagram: how often it was right in each bin of confidence, the diagonal, the counts. */
export function reliabilityChart({ reliability, ece }: EvaluationResult): Html {
  const bins = reliability.flatMap(({ low, high, count, confidence, accuracy }) =>
    confidence === null || accuracy === null ? [] : [{ low, high, count, confidence, accuracy }],
  );
  return chart(
    `Reliability diagram: part right against confidence in ${bins.length} bins, expected calibration error ${percent(ece)}`,
    {
      height: 340,
      marginTop: 28,
      marginLeft: 44,
      marginBottom: 42,
      x: { ...inPercent, label: "confidence, %" },
      y: {
        ...inPercent,
        domain: [0, 1.06],
        ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
        label: "right, %",
        labelAnchor: "top",
        grid: true,
      },
      marks: [
        Plot.rect(bins, {
          x1: "low",
          x2: "high",
          y1: 0,
          y2: "accuracy",
          fill: "var(--accent)",
          fillOpacity: 0.35,
          insetLeft: 1,
          insetRight: 1,
        }),
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "4 4" },
        ),
        Plot.dot(bins, { x: "confidence", y: "accuracy", fill: "var(--accent)", r: 4 }),
        Plot.text(bins, {
          x: (bin) => (bin.low + bin.high) / 2,
          y: "accuracy",
          text: "count",
          dy: -10,
          fill: "currentColor",
          stroke: "var(--paper)",
          strokeWidth: 3,
          fontSize: 10.5,
        }),
        Plot.ruleY([0], { strokeOpacity: 0.5 }),
      ],
    },
  );
}

/** Returns the risk-coverage curve: which part of the answers is wrong when only the surest part is given. */
export function riskChart({ trust, accuracy }: EvaluationResult): Html {
  const { curve, aurc } = trust.riskCoverage;
  return chart(`Risk-coverage curve, area ${aurc.toFixed(3)}`, {
    height: 260,
    marginTop: 24,
    marginLeft: 44,
    marginBottom: 42,
    x: { ...inPercent, label: "answered, %" },
    y: {
      ...inPercent,
      domain: [
        0,
        Math.max(0.1, Math.min(1, 1.15 * Math.max(...curve.map(({ risk }) => risk), 1 - accuracy))),
      ],
      label: "of these wrong, %",
      labelAnchor: "top",
      grid: true,
    },
    marks: [
      Plot.ruleY([1 - accuracy], { stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "4 4" }),
      Plot.areaY(curve, { x: "coverage", y1: 0, y2: "risk", fill: "var(--accent)", fillOpacity: 0.12 }),
      Plot.line(curve, { x: "coverage", y: "risk", stroke: "var(--accent)", strokeWidth: 2 }),
      Plot.ruleY([0], { strokeOpacity: 0.5 }),
    ],
  });
}

/** Returns the risk-coverage curve of a corpus in the colour `--class`, square, without a title. */
export function corpusRiskChart({ corpus, riskCoverage: { curve, aurc }, accuracy }: LeftOutCorpus): Html {
  return svg(`Risk-coverage curve of ${corpus}, area ${aurc.toFixed(3)}`, {
    ...smallSquare,
    x: { ...smallSquare.y, label: "answered, %" },
    marks: [
      Plot.ruleY([1 - accuracy], { stroke: "currentColor", strokeOpacity: 0.4, strokeDasharray: "3 3" }),
      Plot.areaY(curve, { x: "coverage", y1: 0, y2: "risk", fill: "var(--class)", fillOpacity: 0.12 }),
      Plot.line(curve, { x: "coverage", y: "risk", stroke: "var(--class)", strokeWidth: 2 }),
    ],
  });
}

/** Returns bars of the speakers' UAR, highest first, coloured by sex, with a line at the pooled UAR; and how many are not shown. */
export function speakerChart({ perSpeaker, uar }: EvaluationResult): { chart: Html; hidden: number } {
  const sorted = [...perSpeaker].sort((a, b) => b.uar - a.uar || (a.name < b.name ? -1 : 1));
  const hidden = Math.max(0, sorted.length - 2 * speakersShown);
  const shown = hidden > 0 ? [...sorted.slice(0, speakersShown), ...sorted.slice(-speakersShown)] : sorted;
  const short = (name: string): string => (name.length > 18 ? `${name.slice(0, 8)}…${name.slice(-9)}` : name);
  const bars = chart(
    `Unweighted average recall of ${shown.length} speakers, from ${percent(shown[0].uar)} to ${percent(shown.at(-1)!.uar)}`,
    {
      height: 60 + 19 * shown.length,
      marginLeft: 24 + 7 * Math.max(...shown.map(({ name }) => short(name).length)),
      marginRight: 44,
      marginTop: 36,
      marginBottom: 8,
      x: {
        ...inPercent,
        label: "UAR, %",
        labelAnchor: "right",
        axis: "top",
        ticks: 6,
      },
      y: {
        domain: shown.map(({ name }) => name),
        tickFormat: short,
        label: null,
        padding: 0.25,
        tickSize: 0,
      },
      marks: [
        Plot.barX(shown, {
          y: "name",
          x: "uar",
          fill: ({ attributes }) => sexColour(attributes.sex),
        }),
        Plot.ruleX([uar], { stroke: "currentColor", strokeDasharray: "4 3" }),
        Plot.text(shown, {
          y: "name",
          x: "uar",
          text: (group) => (100 * group.uar).toFixed(0),
          textAnchor: "start",
          dx: 4,
          fill: "currentColor",
          stroke: "var(--paper)",
          strokeWidth: 3,
        }),
        Plot.ruleX([0], { strokeOpacity: 0.5 }),
      ],
    },
  );
  return { chart: bars, hidden };
}

/** Returns the colour of a sex as the style sheet names it. */
export function sexColour(sex: string | undefined): string {
  return sex === "female" || sex === "male" ? `var(--${sex})` : "var(--other)";
}

/** Returns a class's colour as a style sheet reads it, light and dark at once. */
export function classColour(name: string, classes: readonly string[]): string {
  const { light, dark } = emotionColour(name, classes);
  return `light-dark(${light}, ${dark})`;
}
