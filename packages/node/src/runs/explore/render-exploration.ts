/** One self-contained HTML file of an exploration; importing it loads the chart library. */

import { type EmotionColour, emotionColour, speakersInWords } from "@undertone/core/data";
import { shortFeatures } from "../../encoders/short-features.js";
import { type Html, html, trusted } from "../report/html.js";
import { page, repeatSection, warningsBox } from "../report/page.js";
import type { Sounds } from "../report/sounds.js";
import { dataTable } from "../report/tables.js";
import { count, percent } from "../report/words.js";
import { choiceChart } from "./choice-chart.js";
import { distanceSection } from "./distance-section.js";
import type { Agreement, Exploration, ExploredUtterance } from "./exploration.js";
import { mapScript } from "./map-script.js";
import { findings, index } from "./words.js";

/** What the report shows beside the exploration. */
export interface ExploreReportOptions {
  readonly title: string;
  readonly sounds: Sounds;
  readonly command?: string | undefined;
}

const ownStyle = `
.map { position: relative; margin: .75rem 0; } .map canvas { display: block; width: 100%; height: min(70vh, 40rem); border: 1px solid var(--line); border-radius: .5rem; color: var(--ink); touch-action: pan-y; }
.map canvas:focus-visible { outline: 2px solid var(--accent); } #map-tip { position: absolute; pointer-events: none; max-width: 18rem; background: var(--soft); border: 1px solid var(--line);
  border-radius: .35rem; padding: .3rem .5rem; font-size: .85rem; overflow-wrap: anywhere; } #map-said { min-height: 1.5em; overflow-wrap: anywhere; }
fieldset { border: 0; padding: 0; margin: .25rem 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; } legend { float: left; min-width: 4rem; color: var(--quiet); }
#map-legend { display: flex; flex-wrap: wrap; gap: .25rem; } #map-legend button, button[data-play] { font: inherit; font-size: .85rem; color: inherit; background: var(--soft);
  border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .6rem; cursor: pointer; } #map-legend button[aria-pressed=false] { opacity: .45; } #map-legend small { color: var(--quiet); }
.counts thead th:not(.text), .counts td { text-align: center; } .counts td { background: rgb(var(--heat) / calc(var(--p) * .7)); } @media print { .map canvas { height: 14cm; } fieldset, #map-legend button[aria-pressed=false] { display: none; } }
`.trim();

/** Returns the HTML document: one script, no network beyond linked recordings; every name, label and id is escaped. */
export function renderExploration(exploration: Exploration, options: ExploreReportOptions): string {
  return page(options.title, {
    first: [warningsBox(exploration.warnings)],
    sections: [
      summary(exploration),
      distanceSection(exploration),
      map(exploration, options),
      clusters(exploration),
      choice(exploration),
      outliers(exploration),
      labels(exploration),
      repeat(exploration, options),
    ],
    ownStyle,
    end: html`<script type="application/json" id="explore-data">${trusted(scriptSafe(mapData(exploration, options.sounds)))}</script>
<script>${trusted(mapScript)}</script>`,
  });
}

/** Returns JSON that cannot end the script element that it stands in. */
function scriptSafe(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function summary(exploration: Exploration): Html {
  const { utterances, features, featureSet } = exploration;
  const classes = new Set(utterances.map(({ label }) => label)).size;
  return html`<p class="lead">${count(utterances.length, "clip")}, ${speakersInWords(utterances)}, with ${count(classes, "label")}, by
${count(features, "feature")} of ${shortFeatures(featureSet)}.</p>
<ul>${findings(exploration).map((finding) => html`<li>${finding}</li>`)}</ul>`;
}

const mapTitles: Readonly<Record<string, string>> = { "t-sne": "t-SNE", umap: "UMAP", pca: "PCA" };

function map(exploration: Exploration, { sounds }: ExploreReportOptions): Html {
  const { maps } = exploration;
  const first = firstMap(exploration);
  const how = {
    embedded: `The recordings are inside this file (${sounds.megabytes.toFixed(1)} MB): a click plays.`,
    linked:
      "A click plays the recording from where it lay when this file was written; keep both where they are. Some browsers refuse sounds of local files.",
    none: "The recordings were not at hand, so a click only names the clip.",
  }[sounds.kind];
  const radio = (name: string, value: number, title: string, checked: boolean): Html =>
    html`<label><input type="radio" name="${name}" value="${value}"${checked && html` checked`}> ${title}</label>`;
  return html`<h2>Map</h2>
<p>Each point is a clip; clips that sound alike by these features lie close together. ${how}</p>
<fieldset><legend>Map</legend>${maps.map(({ kind }, i) => radio("map-kind", i, mapTitles[kind] ?? kind, i === first))}</fieldset>
<fieldset><legend>Colour</legend>${colourings(exploration).map(({ title }, i) => radio("map-colour", i, title, i === 0))}</fieldset>
<div class="map"><canvas id="map" tabindex="0" role="application" aria-label="Map of ${exploration.utterances.length} clips; arrow keys go from clip to clip, Enter plays"></canvas><div id="map-tip" hidden></div></div>
<p id="map-said" class="quiet" aria-live="polite"></p>
<div id="map-legend"></div>
<p class="quiet" id="map-note"></p>
<noscript><p>The map needs a script; the tables below need none.</p></noscript>`;
}

/** t-SNE keeps neighbours best, so it comes first. */
function firstMap({ maps }: Exploration): number {
  return Math.max(
    0,
    maps.findIndex(({ kind }) => kind === "t-sne"),
  );
}

interface Colouring {
  readonly title: string;
  readonly names: readonly string[];
  readonly colours: readonly EmotionColour[];
  readonly values: readonly number[];
}

/** What points can be coloured by. */
const coloured: Readonly<Record<string, (utterance: ExploredUtterance) => string>> = {
  label: ({ label }) => label,
  speaker: ({ speaker }) => speaker,
  sex: ({ sex }) => sex ?? "unknown",
  cluster: ({ cluster }) => clusterName(cluster),
};

function colourings({ utterances }: Exploration): Colouring[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const none: EmotionColour = { light: "#8b8f98", dark: "#8b8f98" };
  return Object.entries(coloured)
    .map(([title, read]): Colouring => {
      const values = utterances.map(read);
      const names = [...new Set(values)].sort(compare);
      const index = new Map(names.map((name, i) => [name, i]));
      const colours = names.map((name) => (name === "none" ? none : emotionColour(name, names.slice(0, 40))));
      return { title, names, colours, values: values.map((value) => index.get(value)!) };
    })
    .filter(({ title, names }) => title === "label" || title === "cluster" || names.length > 1);
}

function mapData(exploration: Exploration, sounds: Sounds): unknown {
  const short = (value: number): number => Number(value.toPrecision(4));
  // Parts of one file share its address, which may be the file itself.
  const urls = [...new Set([...sounds.byId.values()].map(({ url }) => url))];
  const placeOf = new Map(urls.map((url, i) => [url, i]));
  return {
    first: firstMap(exploration),
    maps: exploration.maps.map(({ kind, points, trustworthiness }) => {
      const trust =
        trustworthiness === null
          ? ""
          : ` Trustworthiness ${trustworthiness.toFixed(3)} (1: what is near here is near in truth).`;
      const words =
        kind === "pca"
          ? "The two directions in which the clips differ most; distances are true as far as two directions go."
          : "Neighbourhoods are kept, distances between groups and their sizes mean little.";
      return { points: points.map(([x, y]) => [short(x), short(y)]), note: `${words}${trust}` };
    }),
    colourings: colourings(exploration),
    titles: exploration.utterances.map(({ id }) => id),
    sounds: exploration.utterances.map(({ id }) => {
      const sound = sounds.byId.get(id);
      return sound
        ? [placeOf.get(sound.url), sound.start, sound.end].filter((part) => part !== undefined)
        : 0;
    }),
    urls,
  };
}

function clusterName(cluster: number): string {
  return cluster < 0 ? "none" : String(cluster + 1);
}

function clusters({ clustering, methods }: Exploration): Html {
  const methodTable = dataTable({
    caption:
      "Silhouette: how clearly clips are nearer to their own cluster than to the next, −1 to 1. Adjusted Rand index: 1 when clusters are the labels, 0 for chance. Shared information: of 0 to 100 %.",
    columns: [
      "method",
      "clusters",
      "in none",
      "silhouette",
      "Rand, labels",
      "information, labels",
      "information, speakers",
    ],
    rows: methods.map((one) => [
      one.kind === clustering.kind ? `${one.kind} (drawn)` : one.kind,
      one.clusters,
      one.noise,
      index(one.silhouette, 3),
      index(one.ariLabel, 3),
      percent(one.nmiLabel),
      percent(one.nmiSpeaker),
    ]),
  });
  return html`<h2>Clusters against what is known</h2>
${clustering.agreements.filter(({ values }) => values.length <= 40).map(agreementTable)}
<h3>Other ways to group</h3>
${methodTable}`;
}

const agreementNames = { label: "Labels", speaker: "Speakers", sex: "Sexes" } as const;

function agreementTable({ of, ari, nmi, values, clusters: columns, counts }: Agreement): Html {
  const caption = `${agreementNames[of]} in clusters: adjusted Rand index ${index(ari, 3)}, shared information ${percent(nmi)}. Each cell: clips.`;
  const body = html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="counts"><caption>${caption}</caption>
<thead><tr><th scope="col" class="text">${of}</th>${columns.map((cluster) => html`<th scope="col">${clusterName(cluster)}</th>`)}</tr></thead>
<tbody>${values.map((value, i) => {
    const total = counts[i].reduce((a, b) => a + b, 0);
    return html`<tr><th scope="row" class="text">${value}</th>${counts[i].map((n) => html`<td style="--p: ${(n / Math.max(1, total)).toFixed(3)}">${n}</td>`)}</tr>
`;
  })}</tbody></table></div>`;
  return values.length > 12
    ? html`<details><summary>${agreementNames[of]} (${values.length})</summary>${body}</details>`
    : body;
}

function choice({ choice: found }: Exploration): Html {
  return html`<h2>How many clusters there are</h2>
<p>The silhouette of k-means is best for <b>${found.bySilhouette}</b>, the Bayesian information criterion of Gaussian mixtures for <b>${found.byBic}</b>. A flat curve means
that the clips form no clear groups, which is usual for emotion.</p>
<figure class="chart">${choiceChart(found)}<figcaption>Mean silhouette (upwards: clearer groups) for each number of clusters.</figcaption></figure>
${dataTable({
  caption: "Each number of clusters; the lower the criterion, the better.",
  columns: ["clusters", "silhouette", "criterion (BIC)", "inertia"],
  rows: found.counts.map((one) => [
    one.clusters,
    index(one.silhouette, 4),
    Math.round(one.bic).toLocaleString("en"),
    Math.round(one.inertia).toLocaleString("en"),
  ]),
})}`;
}

/** Rows of a ranking that show at once. */
const shownFirst = 15;

/** A table of clips, each with a button that plays it. */
function rankedTable(
  exploration: Exploration,
  table: {
    readonly caption: string;
    readonly columns: readonly string[];
    readonly rows: readonly { readonly id: string; readonly cells: readonly string[] }[];
  },
): Html {
  const columns = ["clip", ...table.columns];
  const place = new Map(exploration.utterances.map(({ id }, i) => [id, i]));
  const part = (rows: typeof table.rows): Html =>
    dataTable({
      caption: table.caption,
      columns,
      texts: table.columns,
      sentences: columns.slice(-1),
      rows: rows.map(({ id, cells }) => [
        html`<button type="button" data-play="${place.get(id)}" aria-label="play ${id}">▶</button> ${id}`,
        ...cells,
      ]),
    });
  const more = table.rows.slice(shownFirst);
  return html`${part(table.rows.slice(0, shownFirst))}${more.length > 0 && html`<details><summary>${more.length} more</summary>${part(more)}</details>`}`;
}

function outliers(exploration: Exploration): Html {
  return html`<h2>Unlike the others</h2>
<p>Unusual clips are not wrong: whispers, laughter, noise, another microphone, a cut file, or a rare voice. Isolation forest and local outlier factor rank them together.</p>
${rankedTable(exploration, {
  caption: "The most unusual clips, most unusual first, with the features that are farthest from the mean.",
  columns: ["label", "speaker", "rank", "in what"],
  rows: exploration.outliers.map(({ id, label, speaker, unusual, reason }) => ({
    id,
    cells: [label, speaker, percent(unusual), reason],
  })),
})}`;
}

function labels(exploration: Exploration): Html {
  const { labels: check } = exploration;
  if ("skipped" in check)
    return html`<h2>Probably wrong labels</h2>
<p>Not looked for: ${check.skipped}.</p>`;
  const right = percent(check.uar);
  if (check.doubts.length === 0)
    return html`<h2>Probably wrong labels</h2>
<p>None: models of the other clips, which are right ${right} of the time, doubt no label.</p>`;
  return html`<h2>Probably wrong labels</h2>
<p>Models of the other clips scored each clip (confident learning, Northcutt et al. 2021) and doubt these. They are right ${right} of the
time, so many of these clips are merely hard: the list is for listening, not for changing.</p>
${rankedTable(exploration, {
  caption: `Labels that the models doubt, those with the lowest scores first${check.doubts.length < check.confident ? `: ${check.doubts.length} of ${check.confident}` : ""}.`,
  columns: ["speaker", "label", "rather", "why"],
  rows: check.doubts.map(({ id, speaker, label, suggested, reason }) => ({
    id,
    cells: [speaker, label, suggested, reason],
  })),
})}
<p class="quiet">${check.protocol}.</p>`;
}

function repeat(exploration: Exploration, { command }: ExploreReportOptions): Html {
  const lines: [string, string][] = [
    [
      "Data",
      `${exploration.dataset}: ${count(exploration.utterances.length, "clip")}, ${speakersInWords(exploration.utterances)}`,
    ],
    ["Label map", exploration.labelMap],
    [
      "Features",
      `${shortFeatures(exploration.featureSet)} (${exploration.features} values), in deviations from the mean${exploration.centred ? " of each speaker" : ""}`,
    ],
    [
      "Distances",
      `in ${exploration.components} principal components, ${percent(exploration.variance)} of the variance`,
    ],
    ["Seed", String(exploration.seed)],
  ];
  return repeatSection(lines, { command });
}
