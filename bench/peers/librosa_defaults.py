"""Runs librosa's features on the example clips, one pass over all clips for each name that is read; prints a line of JSON, then a pass's processor seconds a line.

Run by bench/librosa.bench.ts when Python with librosa is there. Each call is as its users write it, with its defaults but `tuning=0` and tonnetz of
chroma_stft, because that is what is compared; `shared spectrum` is test/golden/scripts/librosa_features.py, which computes the spectrum once.
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

RATE = 16000
f = librosa.feature
low, high = librosa.note_to_hz("C2"), librosa.note_to_hz("C7")
CALLS = {
    "stft": lambda y: abs(librosa.stft(y)) ** 2,
    "mel": lambda y: f.melspectrogram(y=y, sr=RATE),
    "log-mel": lambda y: librosa.power_to_db(f.melspectrogram(y=y, sr=RATE)),
    "mfcc": lambda y: f.mfcc(y=y, sr=RATE),
    "delta": lambda y: f.delta(f.mfcc(y=y, sr=RATE)),
    "delta-delta": lambda y: f.delta(f.mfcc(y=y, sr=RATE), order=2),
    "chroma": lambda y: f.chroma_stft(y=y, sr=RATE, tuning=0),
    "tonnetz": lambda y: f.tonnetz(chroma=f.chroma_stft(y=y, sr=RATE, tuning=0)),
    "contrast": lambda y: f.spectral_contrast(y=y, sr=RATE),
    "centroid": lambda y: f.spectral_centroid(y=y, sr=RATE),
    "bandwidth": lambda y: f.spectral_bandwidth(y=y, sr=RATE),
    "rolloff": lambda y: f.spectral_rolloff(y=y, sr=RATE),
    "flatness": lambda y: f.spectral_flatness(y=y),
    "flux": lambda y: librosa.onset.onset_strength(y=y, sr=RATE, center=False),
    "zero-crossing rate": lambda y: f.zero_crossing_rate(y),
    "rms": lambda y: f.rms(y=y),
    "yin": lambda y: librosa.yin(y, fmin=low, fmax=high, sr=RATE),
    "pyin": lambda y: librosa.pyin(y, fmin=low, fmax=high, sr=RATE),
    "shared spectrum": features,
}

clips = [soundfile.read(path, dtype="float32")[0] for path in sorted((root / "examples/clips").glob("*.flac"))]
for call in CALLS.values():
    call(clips[0])
print(json.dumps({"librosa": librosa.__version__}), flush=True)
for line in sys.stdin:
    call = CALLS[line.strip()]
    start = time.process_time()
    for clip in clips:
        call(clip)
    print(time.process_time() - start, flush=True)
