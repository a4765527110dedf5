"""Times one of scikit-learn's peers of bench/cluster.bench.ts on the same data; prints JSON of processor seconds (min of runs) and its result.

Called by the benchmark: cluster.py DATA.f32 ROWS COLUMNS RUNS METHOD RADIUS
"""

import sys

import numpy as np
from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from timed import print_timed

path, rows, cols, runs, method, radius = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5], float(sys.argv[6])
x = np.fromfile(path, dtype=np.float32).reshape(rows, cols)
peers = {
    "k-means": lambda: KMeans(8, n_init=10, random_state=1).fit(x).inertia_,
    "dbscan": lambda: int(DBSCAN(eps=radius, min_samples=5).fit(x).labels_.max()) + 1,
    "ward": lambda: float(AgglomerativeClustering(8, linkage="ward").fit(x[:3000]).children_.max()),
    "pca": lambda: float(PCA().fit(x).explained_variance_ratio_[:50].sum()),
    "pca-50": lambda: float(PCA(50, random_state=1).fit(x).explained_variance_ratio_.sum()),
    "t-sne": lambda: float(TSNE(init="pca", random_state=1).fit(x).kl_divergence_),
}
print_timed(runs, peers[method])
