/** What a person should know of the model: how good, on what, under which licence, and when not to use it. */
import type { ArtifactManifest } from "@undertone/core/artifact";
import type { JSX, ReactNode } from "react";
import { percent } from "./emotions.js";

interface ModelCardPanelProps {
  readonly manifest: ArtifactManifest;
  readonly runtime: string;
}

export function ModelCardPanel({ manifest, runtime }: ModelCardPanelProps): JSX.Element {
  const { evaluation, card, classes, dimensions } = manifest;
  return (
    <section className="card" aria-labelledby="card-title">
      <h2 id="card-title">About the model</h2>
      {[...(evaluation?.leaks ?? []), ...(dimensions?.evaluation?.leaks ?? [])].map((leak) => (
        <p key={leak} className="error">
          {leak}
        </p>
      ))}
      <dl>
        <Entry name="How good">
          {evaluation ? (
            <>
              <strong>{percent(evaluation.uar, 1)}</strong> of each emotion recognized on average (UAR; 95 %
              interval {percent(evaluation.ci.low, 1)} to {percent(evaluation.ci.high, 1)}); guessing gives{" "}
              {percent(1 / classes.length, 1)}
              <span className="note">{evaluation.protocol}</span>
            </>
          ) : (
            classes.length > 0 && "Not evaluated"
          )}
          {dimensions?.evaluation?.measures.map(({ name, ccc, mae }) => (
            <p key={name}>
              {name}: concordance (CCC) {ccc?.toFixed(3) ?? "–"}, off by {mae?.toFixed(2) ?? "–"} on average
              (MAE)
            </p>
          ))}
          {dimensions?.evaluation && <span className="note">{dimensions.evaluation.protocol}</span>}
        </Entry>
        <Entry name="Limits">{card.limits}</Entry>
        <Entry name="Responsible use">{card.intendedUse}</Entry>
        <Entry name="Trained on">{card.data}</Entry>
        <Entry name="Licence">{card.licence}</Entry>
        <Entry name="Cite">{card.citation}</Entry>
        <Entry name="Inside">
          {manifest.name}: {manifest.features.id} ({manifest.features.count} features), {manifest.model.kind};{" "}
          {runtime} in this browser
        </Entry>
      </dl>
    </section>
  );
}

function Entry({ name, children }: { readonly name: string; readonly children: ReactNode }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
