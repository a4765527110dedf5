"""Writes test/golden/sklearn-regressors.json: what scikit-learn's regressors find on its diabetes data.

Run with the versions of requirements.txt. Two outputs: the disease's progression, and the blood pressure column by the other features.
Rows with index % 3 != 0 are learnt from, the first 40 of the others are shown.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_diabetes
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

OUT = Path(__file__).resolve().parent.parent
SEEDS = range(20)
warnings.filterwarnings("ignore")


def numbers(values, digits=7):
    array = np.asarray(values, dtype=float)
    return np.reshape([float(f"{v:.{digits}g}") for v in array.ravel()], array.shape).tolist()


x, y = load_diabetes(return_X_y=True, scaled=False)
values = np.column_stack([y, x[:, 3]]).astype(np.float32)
x = np.delete(x, 3, axis=1).astype(np.float32)
test = np.arange(len(y)) % 3 == 0
scaler = StandardScaler().fit(x[~test].astype(float))
plain, scaled = (x[~test], x[test]), (scaler.transform(x[~test].astype(float)), scaler.transform(x[test].astype(float)))
targets = values[~test].astype(float)
mean = targets.mean(axis=0)


class Centred:
    """Kernel ridge on targets without their mean, as Undertone has it."""

    def __init__(self, model):
        self.model = model

    def fit(self, x, y):
        self.model.fit(x, y - mean)
        return self

    def predict(self, x):
        return self.model.predict(x) + mean


each = MultiOutputRegressor
exact = {"tol": 1e-10, "max_iter": 1_000_000}
CASES = [
    ("linear-regression", {}, LinearRegression(), True),
    ("ridge-regression", {"alpha": 1.0}, Ridge(1.0), True),
    ("ridge-regression", {"alpha": 100.0}, Ridge(100.0), True),
    ("lasso", {"alpha": 1.0}, Lasso(1.0, **exact), True),
    ("lasso", {"alpha": 0.01}, Lasso(0.01, **exact), True),
    ("elastic-net", {"alpha": 0.5, "l1Ratio": 0.3}, ElasticNet(0.5, l1_ratio=0.3, **exact), True),
    ("kernel-ridge", {"alpha": 0.5, "gamma": 0.05}, Centred(KernelRidge(alpha=0.5, kernel="rbf", gamma=0.05)), True),
    ("kernel-ridge", {"alpha": 2.0, "kernel": "linear"}, Centred(KernelRidge(alpha=2.0, kernel="linear")), True),
    ("support-vector-regression", {"C": 10, "epsilon": 5}, each(SVR(C=10, epsilon=5, tol=1e-8)), True),
    ("support-vector-regression", {"C": 0.5, "epsilon": 1, "kernel": "linear"}, each(SVR(C=0.5, epsilon=1, kernel="linear", tol=1e-8)), True),
    ("k-nearest-neighbours", {"neighbours": 7}, KNeighborsRegressor(7, algorithm="brute"), True),
    ("k-nearest-neighbours", {"vote": "distance"}, KNeighborsRegressor(5, weights="distance", algorithm="brute"), True),
    ("hist-gradient-boosting", {"rounds": 30}, each(HistGradientBoostingRegressor(max_iter=30, early_stopping=False)), False),
    ("hist-gradient-boosting", {"rounds": 20, "maxDepth": 2, "l2": 3.0, "learningRate": 0.2},
     each(HistGradientBoostingRegressor(max_iter=20, max_depth=2, l2_regularization=3.0, learning_rate=0.2, early_stopping=False)), False),
]
SEEDED = [
    ("decision-tree", {"maxDepth": 4}, lambda seed: DecisionTreeRegressor(max_depth=4, random_state=seed)),
    ("random-forest", {"trees": 10}, lambda seed: RandomForestRegressor(10, random_state=seed)),
    ("extra-trees", {"trees": 10}, lambda seed: ExtraTreesRegressor(10, random_state=seed)),
]

if __name__ == "__main__":
    cases = []
    for kind, params, model, standardized in CASES:
        train, asked = scaled if standardized else plain
        cases.append({"kind": kind, "params": params, "values": numbers(model.fit(train, targets).predict(asked[:40]))})
    seeded = []
    for kind, params, make in SEEDED:
        errors = [float(np.abs(make(seed).fit(plain[0], targets).predict(plain[1])[:, 0] - values[test, 0]).mean()) for seed in SEEDS]
        seeded.append({"kind": kind, "params": params, "absoluteErrors": errors})
    document = {
        "script": "test/golden/scripts/sklearn_regressors.py",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "tolerance": {"values": {"rtol": 1e-4, "atol": 1e-3}, "seeded": "two standard errors of the difference of means"},
        "x": numbers(x),
        "values": numbers(values),
        "cases": cases,
        "seeded": seeded,
    }
    (OUT / "sklearn-regressors.json").write_text(json.dumps(document) + "\n")
