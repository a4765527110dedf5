"""Times one of scikit-learn's peers of bench/estimators.bench.ts on the same data; prints JSON of processor seconds (min of runs).

Called by the benchmark: estimators.py DATA.f32 ROWS COLUMNS RUNS KIND; each row is its features and its class.
"""

import sys

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from timed import print_timed

path, rows, cols, runs, kind = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
data = np.fromfile(path, dtype=np.float32).reshape(rows, cols)
x, y = data[:, :-1], data[:, -1].astype(int)
linear = LinearSVC(class_weight="balanced", tol=1e-6, max_iter=10_000)
peers = {
    # In float64 and to a gradient as small as ours, which both print; the default stops earlier, and float32 cannot go as far.
    "logistic-regression": LogisticRegression(class_weight="balanced", tol=1e-8, max_iter=10_000),
    "linear-svm": CalibratedClassifierCV(linear, cv=3, ensemble=False),
    "rbf-svm": SVC(class_weight="balanced", probability=True, tol=1e-4),
    "hist-gradient-boosting": HistGradientBoostingClassifier(class_weight="balanced", early_stopping=False),
    "random-forest": RandomForestClassifier(300, class_weight="balanced", n_jobs=1),
}
if kind == "logistic-regression":
    x = x.astype(np.float64)


def gradient_norm(pipeline):
    """Returns the norm of the objective's gradient at the solution as a part of the one at zero."""
    rows = pipeline[0].transform(x)
    classes = pipeline[1].classes_
    truth = (y[:, None] == classes).astype(float)
    weights = (len(y) / (len(classes) * truth.sum(0)))[y]

    def norm(coefficients, intercepts):
        scores = rows @ coefficients.T + intercepts
        shares = np.exp(scores - scores.max(1, keepdims=True))
        slope = weights[:, None] * (shares / shares.sum(1, keepdims=True) - truth)
        return np.sqrt(((slope.T @ rows + coefficients) ** 2).sum() + (slope.sum(0) ** 2).sum())

    zero = np.zeros_like(pipeline[1].coef_)
    return norm(pipeline[1].coef_, pipeline[1].intercept_) / norm(zero, np.zeros(len(zero)))


def fit():
    pipeline = make_pipeline(StandardScaler(), peers[kind]).fit(x, y)
    return (lambda: gradient_norm(pipeline)) if kind == "logistic-regression" else None


print_timed(runs, fit)
