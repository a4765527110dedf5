"""Times the librosa features of test/golden/scripts/librosa_features.py on the example clips in processor time; prints one line of JSON.

Run by bench/features.bench.ts when Python with librosa is there (UNDERTONE_PYTHON names another interpreter than python3).
"""

import json
import os
import pathlib
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"
root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "test/golden/scripts"))

import librosa  # noqa: E402
import soundfile  # noqa: E402
from librosa_features import features  # noqa: E402

clips = [soundfile.read(path, dtype="float32")[0] for path in sorted((root / "examples/clips").glob("*.flac"))]
for clip in clips[:2]:
    features(clip)
times = []
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5):
    start = time.process_time()
    for clip in clips:
        features(clip)
    times.append(time.process_time() - start)
print(json.dumps({"librosa": librosa.__version__, "seconds": sum(map(len, clips)) / 16000, "times": times}))
