"""Fits scikit-learn's peers of bench/estimators.bench.ts on the same data; prints JSON of processor seconds (min of runs).

Called by the benchmark: estimators.py DATA.f32 ROWS COLUMNS RUNS KIND...; each row is its features and its class.
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

warnings.filterwarnings("ignore")
path, rows, cols, runs = sys.argv[1], *map(int, sys.argv[2:5])
data = np.fromfile(path, dtype=np.float32).reshape(rows, cols + 1)
x, y = data[:, :cols], data[:, cols].astype(int)
linear = LinearSVC(class_weight="balanced", tol=1e-6, max_iter=10_000)
peers = {
    # Converged to where coefficients agree within 1e-4, as ours are; the default stops earlier.
    "logistic-regression": LogisticRegression(class_weight="balanced", tol=1e-8, max_iter=10_000),
    "linear-svm": CalibratedClassifierCV(linear, cv=3, ensemble=False),
    "rbf-svm": SVC(class_weight="balanced", probability=True, tol=1e-4),
    "hist-gradient-boosting": HistGradientBoostingClassifier(class_weight="balanced", early_stopping=False),
    "random-forest": RandomForestClassifier(300, class_weight="balanced", n_jobs=1),
}
seconds = {}
for kind, model in peers.items():
    if kind not in sys.argv[5:]:
        continue
    times = []
    for _ in range(runs):
        start = time.process_time()
        make_pipeline(StandardScaler(), model).fit(x, y)
        times.append(time.process_time() - start)
    seconds[kind] = min(times)
print(json.dumps(seconds))
