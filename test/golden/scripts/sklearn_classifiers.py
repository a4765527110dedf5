"""Writes test/golden/sklearn-classifiers.json: what more of scikit-learn's classifiers find on the data of sklearn_models.py.

Run after it, with the versions of requirements.txt: rows and targets are read from sklearn-models-*.json.
Rows with index % 3 != 0 are learnt from, the first 40 of the others are shown.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

OUT = Path(__file__).resolve().parent.parent
SEEDS = range(10)
warnings.filterwarnings("ignore")


def numbers(values, digits=6):
    array = np.asarray(values, dtype=float)
    return np.reshape([float(f"{v:.{digits}g}") for v in array.ravel()], array.shape).tolist()


def logistic(penalty, c, ratio=None):
    return LogisticRegression(penalty=penalty, C=c, l1_ratio=ratio, solver="saga", tol=1e-9, max_iter=200_000)


CASES = [
    # kind, parameters of Undertone, model, standardized
    ("linear-discriminant-analysis", {"shrinkage": "auto"}, LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"), True),
    ("linear-discriminant-analysis", {"shrinkage": 0.3}, LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.3), True),
    ("gaussian-naive-bayes", {}, GaussianNB(), True),
    ("gaussian-naive-bayes", {"smoothing": 1e-2}, GaussianNB(var_smoothing=1e-2), True),
    ("k-nearest-neighbours", {}, KNeighborsClassifier(algorithm="brute"), True),
    ("k-nearest-neighbours", {"neighbours": 9, "vote": "distance"}, KNeighborsClassifier(9, weights="distance", algorithm="brute"), True),
    ("hist-gradient-boosting", {"rounds": 20}, HistGradientBoostingClassifier(max_iter=20, early_stopping=False), False),
    ("hist-gradient-boosting", {"rounds": 10, "maxLeaves": 5, "minLeaf": 5, "l2": 1.0, "learningRate": 0.3},
     HistGradientBoostingClassifier(max_iter=10, max_leaf_nodes=5, min_samples_leaf=5, l2_regularization=1.0, learning_rate=0.3, early_stopping=False), False),
    ("logistic-regression", {"penalty": "l1", "C": 1.0}, logistic("l1", 1.0), True),
    ("logistic-regression", {"penalty": "l1", "C": 0.1}, logistic("l1", 0.1), True),
    ("logistic-regression", {"penalty": "elastic-net", "l1Ratio": 0.3, "C": 0.5}, logistic("elasticnet", 0.5, 0.3), True),
]
SEEDED = [
    ("decision-tree", {}, lambda seed: DecisionTreeClassifier(random_state=seed)),
    ("decision-tree", {"maxDepth": 3, "minLeaf": 4}, lambda seed: DecisionTreeClassifier(max_depth=3, min_samples_leaf=4, random_state=seed)),
    ("extra-trees", {"trees": 50}, lambda seed: ExtraTreesClassifier(50, random_state=seed)),
]


def data_set(name):
    held = json.loads((OUT / f"sklearn-models-{name}.json").read_text())
    x, y = np.asarray(held["x"], dtype=np.float32), np.asarray(held["y"])
    test = np.arange(len(y)) % 3 == 0
    return x[~test], y[~test], x[test], y[test]


def run(name):
    train_x, train_y, test_x, test_y = data_set(name)
    scaler = StandardScaler().fit(train_x.astype(float))
    scaled, scaled_test = scaler.transform(train_x.astype(float)), scaler.transform(test_x.astype(float))
    scaled_test[:, scaled.std(axis=0) == 0] = 0
    cases = []
    for kind, params, model, standardized in CASES:
        if name == "digits" and kind == "logistic-regression" and params["C"] == 1.0:
            continue  # saga takes minutes to the last digit
        if name == "digits" and params.get("rounds") == 20:
            continue  # many pixels split the rows of a leaf equally well: the order of summation decides
        fitted = model.fit(scaled if standardized else train_x, train_y)
        asked = scaled_test if standardized else test_x
        cases.append({
            "kind": kind,
            "params": params,
            "probabilities": numbers(fitted.predict_proba(asked[:40])),
            "accuracy": fitted.score(asked, test_y),
        })
    seeded = [
        {"kind": kind, "params": params, "accuracies": [make(seed).fit(train_x, train_y).score(test_x, test_y) for seed in SEEDS]}
        for kind, params, make in SEEDED
    ]
    return {"cases": cases, "seeded": seeded}


if __name__ == "__main__":
    document = {
        "script": "test/golden/scripts/sklearn_classifiers.py",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "tolerance": {"probabilities": 1e-4, "seeded": "two standard errors of the difference of means"},
        "data": {name: run(name) for name in ["iris", "iris-two", "wine", "digits"]},
    }
    (OUT / "sklearn-classifiers.json").write_text(json.dumps(document) + "\n")
