"""Writes test/golden/sklearn-models-*.json: what scikit-learn's classifiers find on its own small data sets.

Rows with index % 3 != 0 are learnt from, the others are tested on. Inputs are in the files, as float32 values.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

OUT = Path(__file__).resolve().parent.parent
CONFIGURATIONS = [(1.0, None), (0.1, "balanced"), (10.0, None)]
SVC_CONFIGURATIONS = [(1.0, "scale", None), (10.0, 0.05, "balanced")]
SEEDS = 10
TREES = 100


def numbers(values, digits=7):
    """Nested lists rounded to significant digits, so that the files stay small."""
    array = np.asarray(values, dtype=float)
    flat = [float(f"{v:.{digits}g}") for v in array.ravel()]
    return np.reshape(flat, array.shape).tolist()


def dual_objective(x, y, gamma, c, weights):
    """The sum over all pairs of classes of 1/2 a'Qa - sum(a), each pair's machine fitted on its own."""
    total = 0.0
    classes = np.unique(y)
    for n, first in enumerate(classes):
        for second in classes[n + 1 :]:
            mask = (y == first) | (y == second)
            machine = SVC(C=c, gamma=gamma, tol=1e-9).fit(x[mask], y[mask] == first, sample_weight=weights[mask])
            vectors, coef = machine.support_vectors_, machine.dual_coef_[0]
            distance = ((vectors[:, None, :] - vectors[None, :, :]) ** 2).sum(-1)
            total += 0.5 * coef @ np.exp(-gamma * distance) @ coef - np.abs(coef).sum()
    return total


def balanced(y):
    counts = np.bincount(y)
    return (len(y) / (len(counts) * counts))[y]


def write(name, x, y):
    x = x.astype(np.float32)
    test = np.arange(len(y)) % 3 == 0
    scaler = StandardScaler().fit(x[~test].astype(float))
    train_x, test_x = scaler.transform(x[~test].astype(float)), scaler.transform(x[test].astype(float))
    # A column that is constant in training says nothing: scikit-learn passes its later values through, Undertone does not.
    test_x[:, train_x.std(axis=0) == 0] = 0
    train_y, test_y = y[~test], y[test]
    shown = test_x[:40]

    logistic, linear, rbf = [], [], []
    for c, weight in CONFIGURATIONS:
        model = LogisticRegression(C=c, class_weight=weight, tol=1e-12, max_iter=100_000).fit(train_x, train_y)
        logistic.append(
            {
                "C": c,
                "classWeight": weight or "none",
                "coef": numbers(model.coef_),
                "intercept": numbers(model.intercept_),
                "probabilities": numbers(model.predict_proba(shown)),
                "accuracy": model.score(test_x, test_y),
            }
        )
        # liblinear applies a class's weight to its own rows as positives only, not where they are the rest: weigh rows instead.
        weights = balanced(train_y) if weight else np.ones(len(train_y))
        model = LinearSVC(C=c, dual=False, tol=1e-12, max_iter=1_000_000).fit(train_x, train_y, sample_weight=weights)
        linear.append(
            {
                "C": c,
                "classWeight": weight or "none",
                "coef": numbers(model.coef_),
                "intercept": numbers(model.intercept_),
                "decisions": numbers(np.reshape(model.decision_function(shown), (len(shown), -1))),
                "labels": model.predict(test_x).tolist(),
            }
        )
    for c, gamma, weight in SVC_CONFIGURATIONS:
        model = SVC(C=c, gamma=gamma, class_weight=weight, tol=1e-9, decision_function_shape="ovo").fit(train_x, train_y)
        weights = balanced(train_y) if weight else np.ones(len(train_y))
        value = 1 / (train_x.shape[1] * train_x.var()) if gamma == "scale" else gamma
        rbf.append(
            {
                "C": c,
                "gamma": gamma,
                "classWeight": weight or "none",
                "decisions": numbers(np.reshape(model.decision_function(shown), (len(shown), -1))),
                "labels": model.predict(test_x).tolist(),
                "objective": dual_objective(train_x, train_y, value, c, weights),
                "supportVectors": int(len(model.support_)),
            }
        )
    forests = [
        RandomForestClassifier(TREES, random_state=seed).fit(x[~test], train_y).score(x[test], test_y) for seed in range(SEEDS)
    ]
    document = {
        "script": "test/golden/scripts/sklearn_models.py",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "data": name,
        "calls": {
            "prepared": "StandardScaler fitted on the training rows; columns constant there are 0",
            "logistic": "LogisticRegression(C, class_weight, tol=1e-12, max_iter=100000)",
            "linear": "LinearSVC(C, dual=False, tol=1e-12, max_iter=1000000), class weights as sample_weight",
            "rbf": "SVC(C, gamma, class_weight, tol=1e-9, decision_function_shape='ovo')",
            "forest": f"RandomForestClassifier({TREES}, random_state=0..{SEEDS - 1}), not standardized",
        },
        "shapes": {"x": list(x.shape), "shown": "the first 40 test rows"},
        "tolerance": {
            "coefficients": 1e-4,
            "probabilities": 1e-4,
            "decisions": 1e-3,
            "forest": "two standard errors of the difference of means",
        },
        "x": numbers(x),
        "y": y.tolist(),
        "logistic": logistic,
        "linear": linear,
        "rbf": rbf,
        "forest": {"trees": TREES, "accuracies": forests},
    }
    (OUT / f"sklearn-models-{name}.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    iris = load_iris(return_X_y=True)
    write("iris", *iris)
    hard = iris[1] > 0
    write("iris-two", iris[0][hard], iris[1][hard] - 1)
    write("wine", *load_wine(return_X_y=True))
    digits = load_digits(return_X_y=True)
    write("digits", digits[0][:600], digits[1][:600])
