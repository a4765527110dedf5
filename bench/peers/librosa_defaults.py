"""Times librosa's features one by one with its defaults, as its users call them, on the example clips in processor time; prints one line of JSON.

Run by bench/features.bench.ts when Python with librosa is there. `tuning=0` and tonnetz of chroma_stft, because that is what is compared.
"""

import json
import os
import pathlib
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"
root = pathlib.Path(__file__).resolve().parents[2]

import librosa  # noqa: E402
import soundfile  # noqa: E402

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
}

clips = [soundfile.read(path, dtype="float32")[0] for path in sorted((root / "examples/clips").glob("*.flac"))]
runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
times = {}
for name, call in CALLS.items():
    call(clips[0])
    times[name] = []
    for _ in range(runs):
        start = time.process_time()
        for clip in clips:
            call(clip)
        times[name].append(time.process_time() - start)
print(json.dumps({"librosa": librosa.__version__, "times": times}))
