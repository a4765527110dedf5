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
    # Converged to where coefficients agree within 1e-4, as ours are; the default stops earlier.
    "logistic-regression": LogisticRegression(class_weight="balanced", tol=1e-8, max_iter=10_000),
    "linear-svm": CalibratedClassifierCV(linear, cv=3, ensemble=False),
    "rbf-svm": SVC(class_weight="balanced", probability=True, tol=1e-4),
    "hist-gradient-boosting": HistGradientBoostingClassifier(class_weight="balanced", early_stopping=False),
    "random-forest": RandomForestClassifier(300, class_weight="balanced", n_jobs=1),
}


def fit():
    make_pipeline(StandardScaler(), peers[kind]).fit(x, y)


print_timed(runs, fit)
