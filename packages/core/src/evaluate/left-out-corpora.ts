/** What to expect elsewhere: each corpus scored by a model that has heard the others only. */
import type { Split } from "../data/split.js";
import type { Dataset } from "../data/utterance.js";
import { random } from "../math/random.js";
import { mean } from "../math/statistics.js";
import { percentileInterval, uarDraws } from "./bootstrap.js";
import { normalized } from "./calibration/calibrator.js";
import type { LeftOutCorpora, LeftOutFigures, ScoredUtterance } from "./evaluation-result.js";
import { groupBy } from "./group-tables.js";
import { accuracyOf } from "./metrics/accuracy.js";
import { expectedCalibrationError, reliabilityBins } from "./metrics/calibration.js";
import { oneAgainstRest, rocAuc } from "./metrics/roc-auc.js";
import type { Scored } from "./metrics/scored.js";
import { unweightedAverageRecall } from "./metrics/uar.js";
import { scoreTable } from "./score-table.js";
import { answersOf, conformalRows } from "./trust/answers.js";
import { type Conformal, fitConformal, predictionSet } from "./trust/conformal.js";
import { answered, leastConfidence } from "./trust/limits.js";
import { riskCoverage } from "./trust/risk-coverage.js";
import type { Judged } from "./trust/trust-result.js";

/** The part of utterances whose prediction set is to hold the right class. */
export const conformalLevel = 0.9;

/** Below so many corpora inside a training part, what each says of the other by itself is no limit for a third: two would leave 98 % of RAVDESS without an answer. */
const fewestInside = 3;

/** Whether each split tests one corpus, another one each, of which its training part has nothing. */
export function areLeftOut(splits: readonly Split[], { utterances }: Dataset): boolean {
  const corpusOf = new Map(utterances.map(({ id, attributes }) => [id, attributes.corpus]));
  const corpora = (ids: readonly string[]) => new Set(ids.map((id) => corpusOf.get(id)));
  const tested = splits.map(({ test }) => [...corpora(test)]);
  return (
    tested.every((own, i) => {
      const train = corpora(splits[i].train);
      return own.length === 1 && own[0] !== undefined && train.size > 0 && !train.has(own[0]);
    }) && new Set(tested.flat()).size === tested.length
  );
}

/**
 * Returns a row a corpus, each being a fold, and their mean. Refusals and sets are those that the fold's training part asks for, by what its
 * own left-out corpora taught.
 */
export function leftOutCorpora(
  { predictions, heldOut }: Judged,
  { classes, seed, samples }: { classes: readonly string[]; seed: number; samples: number },
): LeftOutCorpora {
  const found = [...groupBy(predictions, ({ fold }) => fold)].map(([fold, own]) => {
    const scored = scoreTable(own, classes);
    const speakers = own.map(({ speaker }) => speaker);
    const corpus = own[0].corpus ?? fold;
    const draws = uarDraws(scored, speakers, { random: random(seed).fork(`left-out-${corpus}`), samples });
    const answers = answersOf(own);
    const within = heldOut?.get(fold);
    const inside = new Set(within?.map((one) => one.corpus)).size;
    const row = {
      corpus,
      utterances: own.length,
      speakers: new Set(speakers).size,
      classes: classes.filter((name) => own.some(({ truth }) => truth === name)),
      uar: unweightedAverageRecall(scored.confusion),
      ci: percentileInterval(draws),
      rocAuc: meanAuc(scored),
      ece: expectedCalibrationError(reliabilityBins(scored)),
      accuracy: accuracyOf(scored.confusion),
      answered: null,
      accuracyAnswered: null,
      setSize: null,
      ...(within?.length && {
        ...(inside >= fewestInside && answered(answers, leastConfidence(within))),
        setSize: meanSetSize(own, fitConformal(conformalRows(within, classes), conformalLevel)),
      }),
      riskCoverage: riskCoverage(answers),
    };
    return { row, draws };
  });
  const rows = found.map(({ row }) => row).sort((a, b) => (a.corpus < b.corpus ? -1 : 1));
  const meanOf = (value: (row: LeftOutFigures) => number | null): number | null => {
    const values = rows.map(value);
    return values.every((one) => one !== null) ? mean(values) : null;
  };
  return {
    rows,
    mean: {
      uar: meanOf(({ uar }) => uar)!,
      ci: percentileInterval(found[0].draws.map((_, i) => mean(found.map(({ draws }) => draws[i])))),
      rocAuc: meanOf((row) => row.rocAuc),
      ece: meanOf(({ ece }) => ece)!,
      accuracy: meanOf(({ accuracy }) => accuracy)!,
      answered: meanOf((row) => row.answered),
      accuracyAnswered: meanOf((row) => row.accuracyAnswered),
      setSize: meanOf(({ setSize }) => setSize),
    },
  };
}

/**
 * Returns what is judged as a model of fewer classes would have it: their scores made to add up to 1, utterances of other classes left out.
 * @param view classes of `classes`.
 */
export function viewedAs(
  { predictions, heldOut }: Judged,
  { classes, view }: { classes: readonly string[]; view: readonly string[] },
): Judged {
  const columns = view.map((name) => classes.indexOf(name));
  const viewed = (all: readonly ScoredUtterance[]): ScoredUtterance[] =>
    all
      .filter(({ truth }) => view.includes(truth))
      .map((one) => {
        const scores = normalized(columns.map((k) => one.scores[k]));
        return { ...one, scores, predicted: view[scores.indexOf(Math.max(...scores))] };
      });
  return {
    predictions: viewed(predictions),
    heldOut: heldOut && new Map([...heldOut].map(([fold, own]) => [fold, viewed(own)])),
  };
}

function meanAuc(scored: Scored): number | null {
  const areas = Array.from({ length: scored.classCount }, (_, k) => {
    const { positive, scores } = oneAgainstRest(scored, k);
    return rocAuc(positive, scores);
  }).filter((area) => area !== null);
  return areas.length > 0 ? mean(areas) : null;
}

function meanSetSize(predictions: readonly ScoredUtterance[], conformal: Conformal): number {
  return mean(predictions.map(({ scores }) => predictionSet(scores, conformal).length));
}
