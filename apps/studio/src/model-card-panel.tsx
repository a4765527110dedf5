/** What a person should know of the model: how good, on whom, when not to use it; the particulars are folded. */
import type { ArtifactManifest } from "@undertone/core/artifact";
import { speechOf } from "@undertone/core/data";
import type { JSX, ReactNode } from "react";
import { percent } from "./emotions.js";

interface ModelCardPanelProps {
  readonly manifest: ArtifactManifest;
  readonly runtime: string;
  /** How another model is chosen. */
  readonly children?: ReactNode;
}

export function ModelCardPanel({ manifest, runtime, children }: ModelCardPanelProps): JSX.Element {
  const { evaluation, card, classes, dimensions } = manifest;
  const leaks = [...(evaluation?.leaks ?? []), ...(dimensions?.evaluation?.leaks ?? [])];
  return (
    <section className="card" aria-labelledby="card-title">
      <h2 id="card-title">About the model</h2>
      {leaks.map((leak) => (
        <p key={leak} className="error">
          {leak}
        </p>
      ))}
      <p>{plainWords(manifest)}</p>
      <p>{card.limits}</p>
      {children}
      <details>
        <summary>Protocol, data, licence</summary>
        <dl>
          <Entry name="Model">
            {manifest.name}: {manifest.features.id} ({manifest.features.count} features),{" "}
            {manifest.model.kind}; {runtime} in this browser
          </Entry>
          {evaluation && (
            <Entry name="How good">
              {percent(evaluation.uar, 1)} of each emotion recognized on average (UAR; 95 % interval{" "}
              {percent(evaluation.ci.low, 1)} to {percent(evaluation.ci.high, 1)}); guessing gives{" "}
              {percent(1 / classes.length, 1)}
              <p className="small">{evaluation.protocol}</p>
            </Entry>
          )}
          {dimensions?.evaluation && (
            <Entry name="Values">
              {dimensions.evaluation.measures.map(({ name, ccc, mae }) => (
                <div key={name}>
                  {name}: concordance (CCC) {ccc?.toFixed(3) ?? "–"}, off by {mae?.toFixed(2) ?? "–"} on
                  average (MAE)
                </div>
              ))}
              <p className="small">{dimensions.evaluation.protocol}</p>
            </Entry>
          )}
          <Entry name="Trained on">{card.data}</Entry>
          <Entry name="Licence">{card.licence}</Entry>
          <Entry name="Responsible use">{card.intendedUse}</Entry>
          <Entry name="Cite">{card.citation}</Entry>
        </dl>
      </details>
    </section>
  );
}

/** Returns whom the model learnt from and how often it is right, as one says it. */
function plainWords({ training, evaluation, classes }: ArtifactManifest): string {
  const { speakers, utterances } = training;
  const speech = speechOf(training.dataset);
  const heard = `Learnt from ${utterances} clips of ${speakers} ${speakers === 1 ? "person" : "people"}${speech ? `, ${speech}` : ""}.`;
  if (classes.length === 0) return heard;
  const learnt = `${heard} It tells ${classes.slice(0, -1).join(", ")} and ${classes.at(-1)} apart.`;
  if (!evaluation) return `${learnt} Nobody has tested how often it is right.`;
  const hundred = (part: number): number => Math.round(100 * part);
  const whom =
    evaluation.leaks.length > 0 ? "in a test that was not fair (see above)" : "on people it never heard";
  return `${learnt} Right about ${hundred(evaluation.uar)} times of 100 ${whom}, each emotion counted alike; guessing would be right ${hundred(1 / classes.length)} times.`;
}

function Entry({ name, children }: { readonly name: string; readonly children: ReactNode }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
