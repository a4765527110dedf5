"""Writes test/golden/sklearn-metrics.json: classification metrics of seeded score sets, by scikit-learn.

Run with the versions of requirements.txt: python test/golden/scripts/sklearn_metrics.py
ECE is not in scikit-learn: it is computed from calibration_curve's bins (uniform, 15) and numpy counts.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.spatial.distance import jensenshannon
from sklearn import metrics
from sklearn.calibration import calibration_curve

OUT = Path(__file__).resolve().parents[1] / "sklearn-metrics.json"


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def scores_of(rng, truth, k, skill, decimals=None):
    z = rng.normal(size=(len(truth), k))
    z[np.arange(len(truth)), truth] += skill
    p = softmax(z)
    if decimals is not None:  # whole multiples of the last decimal that sum to 1: many ties between utterances
        unit = 10**decimals
        counts = np.floor(p * unit)
        counts[np.arange(len(p)), p.argmax(axis=1)] += unit - counts.sum(axis=1)
        p = counts / unit
    return p


def case(name, truth, scores, digits=6):
    truth = np.asarray(truth)
    scores = np.round(np.asarray(scores, dtype=float), digits)
    n, k = scores.shape
    predicted = scores.argmax(axis=1)
    zero = {"zero_division": 0}
    precision, recall, f1, support = metrics.precision_recall_fscore_support(truth, predicted, labels=range(k), **zero)
    auc, roc = [], []
    for c in range(k):
        positive = truth == c
        if positive.all() or not positive.any():
            auc.append(None)
            roc.append([])
        else:
            auc.append(metrics.roc_auc_score(positive, scores[:, c]))
            fpr, tpr, _ = metrics.roc_curve(positive, scores[:, c], drop_intermediate=False)
            roc.append([[float(x), float(y)] for x, y in zip(fpr, tpr)] if n <= 80 else None)
    if None in auc:
        macro_auc = None
    elif k == 2:  # roc_auc_score takes one column for two classes
        macro_auc = float(np.mean(auc))
    else:
        macro_auc = metrics.roc_auc_score(truth, scores, multi_class="ovr", average="macro")
    precisions = [metrics.average_precision_score(truth == c, scores[:, c]) if (truth == c).any() else None for c in range(k)]
    one_class = len(np.union1d(truth, predicted)) == 1  # kappa is 0 / 0
    top = scores[np.arange(n), predicted]
    right = predicted == truth
    edges = np.arange(16) / 15
    bins = np.searchsorted(edges[1:-1], top)  # (low, high], as calibration_curve
    counts = np.bincount(bins, minlength=15)
    accuracy, confidence = calibration_curve(right, top, n_bins=15, strategy="uniform")
    filled = counts[counts > 0]
    assert len(filled) == len(accuracy)
    ece = float((filled * np.abs(accuracy - confidence)).sum() / n)
    loss = metrics.log_loss(truth, scores, labels=range(k))
    return {
        "name": name,
        "classes": k,
        "truth": truth.tolist(),
        "scores": scores.ravel().tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=range(k)).tolist(),
        "uar": metrics.recall_score(truth, predicted, labels=np.unique(truth), average="macro", **zero),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "precisionMacro": metrics.precision_score(truth, predicted, average="macro", **zero),
        "precisionWeighted": metrics.precision_score(truth, predicted, average="weighted", **zero),
        "recallWeighted": metrics.recall_score(truth, predicted, average="weighted", **zero),
        "f1Macro": metrics.f1_score(truth, predicted, average="macro", **zero),
        "f1Weighted": metrics.f1_score(truth, predicted, average="weighted", **zero),
        "rocAuc": macro_auc,
        "prAuc": None if None in precisions else float(np.mean(precisions)),
        "mcc": float(metrics.matthews_corrcoef(truth, predicted)),
        "kappa": None if one_class else float(metrics.cohen_kappa_score(truth, predicted)),
        "brier": float(metrics.brier_score_loss(truth, scores, labels=range(k), scale_by_half=False)) if k > 2
        else float(((scores - np.eye(k)[truth]) ** 2).sum(axis=1).mean()),
        "logLoss": loss,
        "ece": ece,
        "perClass": {
            "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(),
            "support": support.tolist(), "rocAuc": auc, "roc": roc,
        },
        "reliability": {"count": counts.tolist(), "accuracy": accuracy.tolist(), "confidence": confidence.tolist()},
    }


def value_case(name, truth, predicted):
    truth, predicted = np.asarray(truth, dtype=float), np.asarray(predicted, dtype=float)
    constant = np.ptp(truth) == 0
    cov = np.cov(truth, predicted, bias=True)
    gap = cov[0, 0] + cov[1, 1] + (truth.mean() - predicted.mean()) ** 2
    return {
        "name": name, "truth": truth.tolist(), "predicted": predicted.tolist(),
        "ccc": float(2 * cov[0, 1] / gap) if gap > 0 else None,
        "mae": float(metrics.mean_absolute_error(truth, predicted)),
        "rmse": float(metrics.root_mean_squared_error(truth, predicted)),
        "r2": None if constant else float(metrics.r2_score(truth, predicted)),
    }


def main():
    rng = np.random.default_rng(20240229)
    cases = []
    for k, n, skill in [(8, 300, 1.5), (4, 120, 0.5), (2, 80, 1.0)]:
        truth = rng.integers(0, k, n)
        cases.append(case(f"{k} classes, {n} utterances", truth, scores_of(rng, truth, k, skill), 9))
    truth = rng.integers(0, 5, 75)
    cases.append(case("ties: scores of one decimal", truth, scores_of(rng, truth, 5, 1.2, 1)))
    truth = rng.integers(0, 6, 200)
    cases.append(case("ties: scores of two decimals", truth, scores_of(rng, truth, 6, 1.0, 2)))
    truth = rng.choice([0, 1, 3], 70)
    cases.append(case("class 2 absent from the truth", truth, scores_of(rng, truth, 4, 1.0), 9))
    truth = rng.integers(0, 4, 70)
    p = scores_of(rng, truth, 4, 1.0)
    p[:, 3] *= 0.01
    cases.append(case("class 3 never predicted", truth, p / p.sum(axis=1, keepdims=True), 12))
    truth = np.array([0, 1] * 20)
    p = scores_of(rng, truth, 4, 1.0)
    p[:, 2:] *= 0.01
    cases.append(case("classes 2 and 3 in neither truth nor choices", truth, p / p.sum(axis=1, keepdims=True), 12))
    truth = np.arange(60) % 6
    cases.append(case("perfect predictor", truth, np.eye(6)[truth]))
    cases.append(case("constant predictor", truth, np.tile([0.25, 0.15, 0.15, 0.15, 0.15, 0.15], (60, 1))))
    cases.append(case("always certain and wrong", truth, np.eye(6)[(truth + 1) % 6]))
    cases.append(case("one utterance, right", [1], [[0.25, 0.5, 0.25]]))
    cases.append(case("one utterance, wrong", [2], [[0.25, 0.5, 0.25]]))
    edges = np.repeat(np.arange(8, 16) / 15, 2)
    cases.append(case("scores on the edges of the bins", np.arange(16) % 2, np.stack([edges, 1 - edges], axis=1), 17))
    x = np.round(rng.normal(3, 1, 40), 3)
    values = [
        value_case("near", x, np.round(x + rng.normal(0, 0.3, 40), 3)),
        value_case("right order, wrong mean and spread", x, np.round(0.4 * x + 3, 4)),
        value_case("against the truth", x, np.round(6 - x, 3)),
        value_case("constant predictions", x, np.full(40, 3.0)),
        value_case("constant truth", np.full(40, 2.5), x),
        value_case("one and the same constant", np.full(4, 2.0), np.full(4, 2.0)),
    ]
    rated = np.concatenate([rng.dirichlet(np.full(6, 0.5), 6), np.eye(6)[:2], [[1, 0, 2, 0, 0, 3]]])
    said = np.concatenate([rng.dirichlet(np.full(6, 2.0), 6), np.eye(6)[[0, 3]], [[1, 1, 1, 1, 1, 1]]])
    distributions = [
        {"p": p.tolist(), "q": q.tolist(), "jensenShannon": float(jensenshannon(p, q, base=2))} for p, q in zip(rated, said)
    ]
    document = {
        "script": "test/golden/scripts/sklearn_metrics.py",
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "call": "confusion_matrix, precision_recall_fscore_support (zero_division=0), roc_auc_score (ovr, macro), roc_curve (drop_intermediate=False; null for more than 80 utterances), log_loss, "
                "average_precision_score, matthews_corrcoef, cohen_kappa_score, brier_score_loss (scale_by_half=False), mean_absolute_error, root_mean_squared_error, r2_score, "
                "scipy.spatial.distance.jensenshannon (base 2), ccc by numpy.cov (bias=True), "
                "calibration_curve (15 uniform bins)",
        "shapes": "scores: utterances x classes, row-major; reliability accuracy and confidence: non-empty bins only",
        "tolerance": {"atol": 1e-12, "rtol": 1e-9},
        "cases": cases,
        "values": values,
        "distributions": distributions,
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
