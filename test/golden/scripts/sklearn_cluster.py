"""Writes test/golden/sklearn-cluster-*.json: what scikit-learn and scipy find without labels.

Inputs are those of sklearn-models-{iris,wine,digits}.json (wine divided by its columns' deviations) and the standardized features of
data/ravdess-seed-v1.parquet, as float32.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import pyarrow.parquet
import scipy
import sklearn
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import DBSCAN, HDBSCAN, KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.metrics import adjusted_rand_score, davies_bouldin_score, normalized_mutual_info_score, silhouette_score
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

warnings.filterwarnings("ignore")
OUT = Path(__file__).resolve().parent.parent
SEEDS = range(10)


def numbers(values, digits=7):
    """Nested lists rounded to significant digits, so that the files stay small."""
    array = np.asarray(values, dtype=float)
    flat = [float(f"{v:.{digits}g}") for v in array.ravel()]
    return np.reshape(flat, array.shape).tolist()


def exact_kl(x, embedding, perplexity):
    """KL(P || Q), P sparse as scikit-learn's Barnes-Hut has it, Q over all pairs."""
    count = min(len(x) - 1, int(3 * perplexity + 1))
    graph = NearestNeighbors(n_neighbors=count).fit(x).kneighbors_graph(mode="distance")
    graph.data **= 2
    p = _joint_probabilities_nn(graph, perplexity, 0).tocoo()
    embedding = embedding.astype(float)
    affinities = 1 / (1 + ((embedding[:, None] - embedding[None]) ** 2).sum(-1))
    np.fill_diagonal(affinities, 0)
    q = affinities / affinities.sum()
    mask = p.data > 0
    return float((p.data[mask] * np.log(p.data[mask] / q[p.row[mask], p.col[mask]])).sum())


def kmeans_from_rows(x, k):
    model = KMeans(k, init=x[:k].astype(float), n_init=1, tol=0, max_iter=1000).fit(x.astype(float))
    return model


def mixtures(x, k):
    result = []
    centres = x[:: len(x) // k][:k].astype(float)
    for kind in ("full", "diag"):
        precisions = np.stack([np.eye(x.shape[1])] * k) if kind == "full" else np.ones((k, x.shape[1]))
        start = {"weights_init": np.full(k, 1 / k), "means_init": centres, "precisions_init": precisions}
        model = GaussianMixture(k, covariance_type=kind, tol=1e-9, max_iter=3000, init_params="random_from_data", **start).fit(x.astype(float))
        seeds = [GaussianMixture(k, covariance_type=kind, random_state=seed).fit(x.astype(float)).score(x) for seed in SEEDS]
        result.append(
            {
                "covariance": kind,
                "means": numbers(model.means_),
                "weights": numbers(model.weights_),
                "score": model.score(x),
                "bic": model.bic(x),
                "aic": model.aic(x),
                "seeds": seeds,
            }
        )
    return result


def write(name, x, y, k, *, full):
    x = np.ascontiguousarray(x, dtype=np.float32)
    xd = x.astype(float)
    decomposition = PCA(svd_solver="full").fit(xd)
    white = PCA(3, svd_solver="full", whiten=True).fit(xd)
    shown = 8
    nearest = NearestNeighbors(n_neighbors=5).fit(xd).kneighbors(xd)[0][:, -1]
    eps = float(np.float32(np.percentile(nearest, 60)))
    scan = DBSCAN(eps=eps, min_samples=5).fit(xd)
    density = HDBSCAN(min_cluster_size=5, copy=True).fit(xd)
    own = kmeans_from_rows(xd, k)
    document = {
        "script": "test/golden/scripts/sklearn_cluster.py",
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "data": name,
        "k": k,
        "shape": list(x.shape),
        "pca": {
            "variance": numbers(decomposition.explained_variance_[:shown]),
            "ratio": numbers(decomposition.explained_variance_ratio_[:shown]),
            "components": numbers(decomposition.components_[:3]),
            "coordinates": numbers(decomposition.transform(xd)[:20, :3]),
            "white": numbers(white.transform(xd)[:20]),
        },
        "kMeans": {
            "fromRows": {"inertia": own.inertia_, "labels": own.labels_.tolist()},
            "inertias": [KMeans(k, n_init=10, random_state=seed).fit(xd).inertia_ for seed in SEEDS],
            "singleInertias": [KMeans(k, n_init=1, random_state=seed).fit(xd).inertia_ for seed in SEEDS],
            "miniBatchInertias": [MiniBatchKMeans(k, n_init=3, random_state=seed).fit(xd).inertia_ for seed in SEEDS],
        },
        "dbscan": {"radius": eps, "labels": scan.labels_.tolist(), "core": len(scan.core_sample_indices_)},
        "hdbscan": {"labels": density.labels_.tolist(), "probabilities": numbers(density.probabilities_, 6)},
        "linkage": {},
        "lof": numbers(-LocalOutlierFactor(n_neighbors=20).fit(xd).negative_outlier_factor_, 6),
        "validity": {
            "silhouette": float(silhouette_score(xd, own.labels_)),
            "daviesBouldin": float(davies_bouldin_score(xd, own.labels_)),
            "ari": float(adjusted_rand_score(y, own.labels_)),
            "nmi": float(normalized_mutual_info_score(y, own.labels_)),
        },
        "isolationForest": [
            numbers(-IsolationForest(n_estimators=100, random_state=seed).fit(xd).score_samples(xd)[:30], 6) for seed in SEEDS
        ],
    }
    for method in ("ward", "average", "complete", "single"):
        z = linkage(xd, method)
        document["linkage"][method] = {
            "heights": numbers(z[:, 2] if full else z[-300:, 2], 6),
            "labels": fcluster(z, k, "maxclust").tolist(),
        }
    if x.shape[1] <= 20:
        document["mixtures"] = mixtures(x, k)
    if name == "digits":
        runs = []
        for seed in range(3):
            model = TSNE(perplexity=30, init="pca", random_state=seed)
            embedding = model.fit_transform(xd)
            runs.append(
                {
                    "reported": float(model.kl_divergence_),
                    "kl": exact_kl(xd, embedding, 30),
                    "trustworthiness": float(trustworthiness(xd, embedding, n_neighbors=5)),
                }
            )
        document["tsne"] = {"perplexity": 30, "runs": runs, "pcaTrustworthiness": float(trustworthiness(xd, decomposition.transform(xd)[:, :2]))}
    (OUT / f"sklearn-cluster-{name}.json").write_text(json.dumps(document) + "\n")
    print(name, len(json.dumps(document)), flush=True)


def stored(name):
    document = json.loads((OUT / f"sklearn-models-{name}.json").read_text())
    return np.array(document["x"], dtype=np.float32), np.array(document["y"])


if __name__ == "__main__":
    write("iris", *stored("iris"), 3, full=True)
    x, y = stored("wine")
    write("wine", x / x.astype(float).std(axis=0), y, 3, full=True)
    write("digits", *stored("digits"), 10, full=True)
    table = pyarrow.parquet.read_table(OUT.parent.parent / "data/ravdess-seed-v1.parquet").to_pandas()
    features = table.select_dtypes("float32").to_numpy().astype(float)
    deviation = features.std(axis=0)
    features = (features - features.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    write("ravdess", features, table["label"].astype("category").cat.codes.to_numpy(), 8, full=False)
