"""Golden statistics of librosa's features with its defaults: writes test/golden/librosa-defaults.json. Run from the repository's root.

Mean, deviation, and the mean weighted by the frame's number, of every feature of the signals of librosa_features.py in float64.
"""

import json
import pathlib

import librosa
import numpy as np
import soundfile
from librosa_features import RATE, clip_signals, rounded, signals, synthesize

CLIPS = pathlib.Path("examples/clips")


def features(y):
    f = librosa.feature
    power = np.abs(librosa.stft(y)) ** 2
    mag = np.sqrt(power)
    mel = f.melspectrogram(S=power, sr=RATE)
    log_mel = librosa.power_to_db(mel)
    mfcc = f.mfcc(S=log_mel)
    chroma = f.chroma_stft(S=power, sr=RATE, tuning=0)
    low, high = librosa.note_to_hz("C2"), librosa.note_to_hz("C7")
    return {
        "power": power, "mel": mel, "logMel": log_mel, "mfcc": mfcc, "mfccDelta": f.delta(mfcc), "mfccDeltaDelta": f.delta(mfcc, order=2),
        "chroma": chroma, "tonnetz": f.tonnetz(chroma=chroma), "contrast": f.spectral_contrast(S=mag, sr=RATE),
        "centroid": f.spectral_centroid(S=mag, sr=RATE), "bandwidth": f.spectral_bandwidth(S=mag, sr=RATE),
        "rolloff": f.spectral_rolloff(S=mag, sr=RATE), "flatness": f.spectral_flatness(S=mag),
        "flux": librosa.onset.onset_strength(S=log_mel, sr=RATE, center=False)[np.newaxis],
        "zeroCrossingRate": f.zero_crossing_rate(y), "rms": f.rms(y=y, dtype=np.float64), "yin": librosa.yin(y, fmin=low, fmax=high, sr=RATE)[np.newaxis],
    }


def main():
    body = []
    for signal in signals() + clip_signals(CLIPS):
        if signal["kind"] == "clip":
            y = soundfile.read(CLIPS / signal["file"], dtype="float32")[0][signal["start"] : signal["start"] + signal["samples"]]
        else:
            y = synthesize(signal).astype(np.float32)
        values = {}
        for name, v in features(y.astype(np.float64)).items():
            weighted = (v * np.arange(v.shape[1])).mean() / v.shape[1]
            values[name] = {"shape": [v.shape[1], v.shape[0]], "greatest": rounded([np.abs(v).max()])[0],
                            "statistics": rounded([v.mean(), v.std(), weighted])}
        body.append({"signal": signal, "features": values})
    head = {"script": "test/golden/scripts/librosa_defaults.py", "versions": {"librosa": librosa.__version__, "numpy": np.__version__},
            "tolerance": "1e-4 of the statistic, or of a thousandth of the greatest magnitude (0.1 dB for features in dB)"}
    pathlib.Path("test/golden/librosa-defaults.json").write_text(json.dumps({**head, "signals": body}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
