"""Writes test/golden/sklearn-calibration.json: sigmoid and isotonic calibration, one against the rest, by scikit-learn.

Run with the versions of requirements.txt: python test/golden/scripts/sklearn_calibration.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

OUT = Path(__file__).resolve().parents[1] / "sklearn-calibration.json"


def main():
    rng = np.random.default_rng(11)
    k, n = 4, 160
    truth = rng.integers(0, k, n)
    z = rng.normal(size=(n, k))
    z[np.arange(n), truth] += 1.2
    e = np.exp(2 * z)
    scores = np.round(e / e.sum(axis=1, keepdims=True), 3)  # three decimals: many ties
    sigmoid, isotonic = np.empty((n, k)), np.empty((n, k))
    for c in range(k):
        y = (truth == c).astype(float)
        p = np.clip(scores[:, c], 1e-6, 1 - 1e-6)
        logit = np.log(p / (1 - p))
        sigmoid[:, c] = _SigmoidCalibration().fit(logit, y).predict(logit)
        isotonic[:, c] = IsotonicRegression(out_of_bounds="clip").fit(scores[:, c], y).predict(scores[:, c])
    document = {
        "script": "test/golden/scripts/sklearn_calibration.py",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "call": "_SigmoidCalibration of the log-odds, IsotonicRegression (clip), each divided by its sum over classes",
        "tolerance": {"platt": 2e-4, "isotonic": 1e-6},
        "classes": k,
        "truth": truth.tolist(),
        "scores": scores.ravel().tolist(),
        "platt": np.round(sigmoid / sigmoid.sum(axis=1, keepdims=True), 9).ravel().tolist(),
        "isotonic": np.round(isotonic / isotonic.sum(axis=1, keepdims=True), 9).ravel().tolist(),
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
