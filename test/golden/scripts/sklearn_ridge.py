"""Writes test/golden/sklearn-ridge.json: scikit-learn's RidgeClassifier and KFold decisions on the data of sklearn-models-*.json."""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import RidgeClassifier
from sklearn.preprocessing import StandardScaler

OUT = Path(__file__).resolve().parent.parent
CONFIGURATIONS = [(1.0, None), (0.01, "balanced"), (30.0, "balanced")]


def numbers(values, digits=7):
    array = np.asarray(values, dtype=float)
    return np.reshape([float(f"{v:.{digits}g}") for v in array.ravel()], array.shape).tolist()


def fits(name):
    data = json.loads((OUT / f"sklearn-models-{name}.json").read_text())
    x, y = np.asarray(data["x"], dtype=np.float32).astype(float), np.asarray(data["y"])
    test = np.arange(len(y)) % 3 == 0
    scaler = StandardScaler().fit(x[~test])
    train_x, test_x = scaler.transform(x[~test]), scaler.transform(x[test])
    test_x[:, train_x.std(axis=0) == 0] = 0
    result = []
    for alpha, weight in CONFIGURATIONS:
        model = RidgeClassifier(alpha=alpha, class_weight=weight, solver="cholesky").fit(train_x, y[~test])
        # What a row scores that the model has not seen: rows dealt into five parts in order.
        unseen = np.zeros((len(train_x), np.atleast_2d(model.coef_).shape[0]))
        parts = np.arange(len(train_x)) % 5
        counts = np.bincount(y[~test])
        weights = (len(train_x) / (len(counts) * counts))[y[~test]] if weight else np.ones(len(train_x))
        for part in range(5):
            inner = RidgeClassifier(alpha=alpha, solver="cholesky").fit(
                train_x[parts != part], y[~test][parts != part], sample_weight=weights[parts != part]
            )
            unseen[parts == part] = np.reshape(inner.decision_function(train_x[parts == part]), (-1, unseen.shape[1]))
        result.append(
            {
                "alpha": alpha,
                "classWeight": weight or "none",
                "decisions": numbers(np.reshape(model.decision_function(test_x[:40]), (len(test_x[:40]), -1))),
                "labels": model.predict(test_x).tolist(),
                "unseen": numbers(unseen[:40]),
            }
        )
    return result


def masked(name, alpha):
    """Three corpora by index % 3, the second without the first class, the third without the last: each class by the corpora that have it."""
    data = json.loads((OUT / f"sklearn-models-{name}.json").read_text())
    x, y = np.asarray(data["x"], dtype=np.float32).astype(float), np.asarray(data["y"])
    test = np.arange(len(y)) % 3 == 0
    x, y, tests = x[~test], y[~test], x[test]
    corpus = np.arange(len(y)) % 3
    kept = ~((corpus == 1) & (y == 0)) & ~((corpus == 2) & (y == y.max()))
    x, y, corpus = x[kept], y[kept], corpus[kept]
    weights = np.zeros(len(y))
    for c in np.unique(corpus):
        own = np.unique(y[corpus == c])
        for k in own:
            cell = (corpus == c) & (y == k)
            weights[cell] = len(y) / 3 / len(own) / cell.sum()
    mean = x.mean(axis=0)
    deviation = x.std(axis=0)
    scale = np.where(deviation > 0, 1 / np.where(deviation > 0, deviation, 1), 0)
    columns = []
    for k in np.unique(y):
        inside = np.isin(corpus, np.unique(corpus[y == k]))
        model = RidgeClassifier(alpha=alpha, solver="cholesky")
        model.fit((x[inside] - mean) * scale, y[inside] == k, sample_weight=weights[inside])
        columns.append(model.decision_function((tests[:40] - mean) * scale))
    return {"alpha": alpha, "decisions": numbers(np.stack(columns, axis=1))}


document = {
    "script": "test/golden/scripts/sklearn_ridge.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "call": "RidgeClassifier(alpha, class_weight, solver='cholesky') on StandardScaler's values; rows with index % 3 == 0 are tested on",
    "unseen": "decision values of the first 40 training rows by models without the rows of the same index % 5",
    "tolerance": {"decisions": 1e-5, "unseen": 5e-3},
    "fits": {name: fits(name) for name in ["iris", "iris-two", "wine", "digits"]},
    "masked": {name: masked(name, alpha) for name, alpha in [("iris", 1.0), ("wine", 0.3), ("digits", 30.0)]},
}
(OUT / "sklearn-ridge.json").write_text(json.dumps(document) + "\n")
