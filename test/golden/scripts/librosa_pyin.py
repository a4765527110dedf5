"""Golden tracks of pYIN, computed by librosa: writes test/golden/librosa-pyin.json. Run from the repository's root.

The signals are those of librosa_features.py, rounded to float32 and analysed in float64.
"""

import json
import pathlib

import librosa
import numpy as np
import scipy
import soundfile
from librosa_features import RATE, clip_signals, rounded, signals, synthesize

CLIPS = pathlib.Path("examples/clips")
SETTINGS = {
    "speech": dict(fmin=65, fmax=600, frame_length=1024, hop_length=160),
    "default": dict(fmin=float(librosa.note_to_hz("C2")), fmax=float(librosa.note_to_hz("C7")), frame_length=2048, hop_length=512),
}


def main():
    body = []
    for signal in signals() + clip_signals(CLIPS):
        if signal["kind"] == "clip":
            y, rate = soundfile.read(CLIPS / signal["file"], dtype="float32")
            assert rate == RATE
            y = y[signal["start"] : signal["start"] + signal["samples"]]
        else:
            y = synthesize(signal).astype(np.float32)
        tracks = {}
        for name, settings in SETTINGS.items():
            f0, voiced, probability = librosa.pyin(y.astype(np.float64), sr=RATE, **settings)
            tracks[name] = {
                "f0Hz": rounded(np.where(voiced, f0, 0)),
                "voiced": voiced.astype(int).tolist(),
                "voicedProbability": rounded(probability, 6),
            }
        body.append({"signal": signal, "tracks": tracks})
    versions = {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    head = {"script": "test/golden/scripts/librosa_pyin.py", "versions": versions, "sampleRate": RATE, "settings": SETTINGS,
            "tolerance": "F0 0.5 % where both are voiced; voicing on 98 % of the frames of each signal"}
    pathlib.Path("test/golden/librosa-pyin.json").write_text(json.dumps({**head, "signals": body}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
