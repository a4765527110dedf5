"""Times openSMILE's eGeMAPS v02 on the example clips in processor time; prints one line of JSON.

Run by bench/egemaps.bench.ts when Python with opensmile is there (UNDERTONE_PYTHON names another interpreter than python3).
"""

import json
import pathlib
import sys
import time

import opensmile
import soundfile

root = pathlib.Path(__file__).resolve().parents[2]
clips = [soundfile.read(path, dtype="float32")[0] for path in sorted((root / "examples/clips").glob("*.flac"))]
smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
smile.process_signal(clips[0], 16000)
times = []
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5):
    start = time.process_time()
    for clip in clips:
        smile.process_signal(clip, 16000)
    times.append(time.process_time() - start)
print(json.dumps({"opensmile": opensmile.__version__, "times": times}))
