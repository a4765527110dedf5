"""Writes test/golden/sklearn-folds.json: folds of scikit-learn's splitters that draw nothing, on labels and speakers of unequal numbers."""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

OUT = Path(__file__).resolve().parent.parent
rng = np.random.RandomState(7)
# Speaker s says 5 + 3 s utterances, so that no two are alike in size; classes are unlike in frequency.
speakers = np.concatenate([np.full(5 + 3 * s, s) for s in range(9)])
labels = rng.choice(4, size=len(speakers), p=[0.5, 0.25, 0.15, 0.1])
order = rng.permutation(len(speakers))
speakers, labels = speakers[order], labels[order]
x = np.zeros((len(labels), 1))

document = {
    "script": "test/golden/scripts/sklearn_folds.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "tolerance": "equal",
    "speakers": speakers.tolist(),
    "labels": labels.tolist(),
    "folds": {
        f"{name}:{k}": [test.tolist() for _, test in maker(k).split(x, labels, speakers)]
        for name, maker in [("kfold", KFold), ("stratified", StratifiedKFold), ("group", GroupKFold), ("stratified-group", StratifiedGroupKFold)]
        for k in [2, 3, 5]
    },
}
(OUT / "sklearn-folds.json").write_text(json.dumps(document) + "\n")
