"""Writes test/golden/sklearn-ensembles.json: soft voting and stacking by scikit-learn on the wine data of sklearn_models.py.

Run after it, with the versions of requirements.txt. Rows with index % 3 != 0 are learnt from, in four groups by position, which are
the folds of stacking; the first 40 of the others are shown.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

OUT = Path(__file__).resolve().parent.parent


def scaled(model):
    return make_pipeline(StandardScaler(), model)


def members():
    return [
        ("a", scaled(LogisticRegression(C=0.1, tol=1e-10, max_iter=10_000))),
        ("b", scaled(GaussianNB())),
        ("c", scaled(LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.5))),
    ]


if __name__ == "__main__":
    held = json.loads((OUT / "sklearn-models-wine.json").read_text())
    x, y = np.asarray(held["x"], dtype=np.float32).astype(float), np.asarray(held["y"])
    test = np.arange(len(y)) % 3 == 0
    groups = np.arange((~test).sum()) % 4
    voting = VotingClassifier(members(), voting="soft", weights=[1, 2, 1]).fit(x[~test], y[~test])
    final = scaled(LogisticRegression(C=0.5, tol=1e-10, max_iter=10_000))
    stacking = StackingClassifier(members(), final, cv=PredefinedSplit(groups)).fit(x[~test], y[~test])
    document = {
        "script": "test/golden/scripts/sklearn_ensembles.py",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "tolerance": 1e-4,
        "groups": groups.tolist(),
        "voting": np.round(voting.predict_proba(x[test][:40]), 7).tolist(),
        "stacking": np.round(stacking.predict_proba(x[test][:40]), 7).tolist(),
    }
    (OUT / "sklearn-ensembles.json").write_text(json.dumps(document) + "\n")
