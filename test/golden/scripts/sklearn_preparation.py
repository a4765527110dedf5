"""Writes test/golden/sklearn-preparation.json: what scikit-learn's preparation finds on the wine data of sklearn_models.py.

Run after it, with the versions of requirements.txt. Rows with index % 3 != 0 are fitted on, the first 12 of the others are shown;
cells are missing where (7 * row + 3 * column) % 11 == 0 and column is one of GAPS.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectFromModel, VarianceThreshold, f_classif, f_regression, mutual_info_classif
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

OUT = Path(__file__).resolve().parent.parent
GAPS = [1, 4, 9]


def numbers(values, digits=8):
    array = np.asarray(values, dtype=float)
    return np.reshape([float(f"{v:.{digits}g}") for v in array.ravel()], array.shape).tolist()


held = json.loads((OUT / "sklearn-models-wine.json").read_text())
x, y = np.asarray(held["x"], dtype=np.float32).astype(float), np.asarray(held["y"])
missing = x.copy()
for i in range(len(x)):
    for j in GAPS:
        if (7 * i + 3 * j) % 11 == 0:
            missing[i, j] = np.nan
test = np.arange(len(y)) % 3 == 0
train = ~test


def shown(step, data):
    fitted = step.fit(data[train], y[train])
    result = fitted.transform(data[test][:12])
    return [[None if np.isnan(v) else v for v in row] for row in numbers(result)]


standard = StandardScaler().fit(x[train])
scaled = standard.transform(x)
scaled_missing = StandardScaler().fit(missing[train]).transform(missing).astype(np.float32).astype(float)

# Groups of five rows each, as speakers; folds are compared as a partition of groups.
groups = np.arange(len(y)) // 5

# No two values of a column are equal, so that the noise that scikit-learn adds decides nothing.
index, column = np.meshgrid(np.arange(len(y)), np.arange(x.shape[1]), indexing="ij")
apart = (x + 0.01 * np.sin(1 + index * (column + 1)) * x.std(axis=0)).astype(np.float32).astype(float)

document = {
    "script": "test/golden/scripts/sklearn_preparation.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "tolerance": {"values": 1e-4, "mutualInformation": 1e-6},
    "gaps": GAPS,
    "transforms": [
        {"prepare": ["mean-impute"], "missing": True, "values": shown(SimpleImputer(), missing)},
        {"prepare": ["median-impute"], "missing": True, "values": shown(SimpleImputer(strategy="median"), missing)},
        {"prepare": ["standard-scale", "knn-impute"], "missing": True, "values": shown(KNNImputer(), scaled_missing)},
        {"prepare": ["standard-scale", "knn-impute:neighbours=3"], "missing": True, "values": shown(KNNImputer(n_neighbors=3), scaled_missing)},
        {"prepare": ["standard-scale"], "missing": True, "values": shown(StandardScaler(), missing)},
        {"prepare": ["robust-scale"], "missing": True, "values": shown(RobustScaler(), missing)},
        {"prepare": ["min-max-scale"], "missing": True, "values": shown(MinMaxScaler(), missing)},
        {"prepare": ["select-variance:threshold=0.5"], "missing": False, "values": shown(VarianceThreshold(0.5), x)},
        {"prepare": ["standard-scale", "pca:components=4"], "missing": False, "values": shown(PCA(4, svd_solver="full"), scaled)},
        {"prepare": ["standard-scale", "pca:components=3:whiten=true"], "missing": False, "values": shown(PCA(3, whiten=True, svd_solver="full"), scaled)},
    ],
    "anovaF": numbers(f_classif(x[train], y[train])[0]),
    "correlationF": [numbers(f_regression(x[train], values)[0]) for values in (y[train], x[train, 0] * y[train])],
    "apart": numbers(apart[train], 9),
    "mutualInformation": numbers(mutual_info_classif(apart[train], y[train], random_state=0)),
    "selectL1": {
        str(c): np.flatnonzero(
            SelectFromModel(LogisticRegression(penalty="l1", C=c, solver="saga", tol=1e-8, max_iter=100_000, class_weight="balanced"))
            .fit(scaled[train], y[train])
            .get_support()
        ).tolist()
        for c in [0.05, 0.2]
    },
    "stratifiedGroupFolds": [
        sorted(set(groups[part].tolist())) for _, part in StratifiedGroupKFold(4).split(x, y, groups)
    ],
}
(OUT / "sklearn-preparation.json").write_text(json.dumps(document) + "\n")
