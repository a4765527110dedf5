"""Writes test/golden/umap-digits.json: how well umap-learn's maps of digits keep neighbours, over ten seeds.

The input is the 600 digits of sklearn-models-digits.json. umap-learn stands in an environment of its own: pip install umap-learn==0.5.7
scikit-learn==1.6.1 (its last release calls what newer ones of scikit-learn renamed).
"""

import json
import warnings
from pathlib import Path

import numba
import numpy as np
import sklearn
import umap
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

OUT = Path(__file__).resolve().parent.parent
SEEDS = range(1, 11)
KEPT = 15

warnings.filterwarnings("ignore")
x = np.asarray(json.loads((OUT / "sklearn-models-digits.json").read_text())["x"], dtype=np.float32)


def near(rows):
    return NearestNeighbors(n_neighbors=KEPT).fit(rows).kneighbors(return_distance=False)


before = near(x)


def preserved(points):
    """The part of each row's nearest rows that are among the nearest points of its point."""
    after = near(points)
    return float(np.mean([len(set(a) & set(b)) / KEPT for a, b in zip(before, after)]))


maps = [umap.UMAP(random_state=seed, n_jobs=1).fit_transform(x) for seed in SEEDS]
document = {
    "script": "test/golden/scripts/umap_digits.py",
    "versions": {"umap-learn": umap.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__, "numba": numba.__version__},
    "neighbours": KEPT,
    "trustworthiness": [round(float(trustworthiness(x, points, n_neighbors=5)), 6) for points in maps],
    "preserved": [round(preserved(points), 6) for points in maps],
}
(OUT / "umap-digits.json").write_text(json.dumps(document) + "\n")
