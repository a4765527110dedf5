"""Golden values of the frame-level features, computed by librosa: writes test/golden/librosa-{spectra,tracks,filters}.json.

Run from the repository's root: python test/golden/scripts/librosa_features.py [--clips examples/clips]
The synthetic signals are formulas (see `synthesize`); test/golden/signals.ts has the same formulas. Signals are rounded to float32 and then
analysed in float64, so that the values show the definition and not librosa's float32 rounding.
"""

import argparse
import json
import math
import pathlib

import librosa
import numpy as np
import scipy
import soundfile

RATE = 16000
FFT = 512
HOP = 160
YIN_FRAME = 1024
SPECTRA_FRAMES = 5


def lcg(count, seed):
    """Uniform noise in -1..1: x' = (1664525 x + 1013904223) mod 2^32 (Numerical Recipes)."""
    state = seed
    out = np.empty(count)
    for i in range(count):
        state = (1664525 * state + 1013904223) % 4294967296
        out[i] = state / 2147483648 - 1
    return out


def resonate(x, hz, bandwidth):
    """y[n] = x[n] + 2 r cos(w) y[n-1] - r^2 y[n-2]."""
    r = math.exp(-math.pi * bandwidth / RATE)
    c = 2 * r * math.cos(2 * math.pi * hz / RATE)
    y = np.zeros(len(x))
    a = b = 0.0
    for n in range(len(x)):
        v = x[n] + c * a - r * r * b
        y[n] = v
        b, a = a, v
    return y


def synthesize(s):
    n = np.arange(s["samples"])
    t = n / RATE
    kind = s["kind"]
    if kind == "tones":
        return sum(a * np.sin(2 * np.pi * f * t) for f, a in s["tones"])
    if kind == "clipped":
        return np.clip(s["amplitude"] * np.sin(2 * np.pi * s["hz"] * t), -1, 1)
    if kind == "linear-sweep":
        return s["amplitude"] * np.sin(2 * np.pi * (s["from"] * t + (s["to"] - s["from"]) * t * t / (2 * s["samples"] / RATE)))
    if kind == "log-sweep":
        d = s["samples"] / RATE
        k = math.log(s["to"] / s["from"])
        return s["amplitude"] * np.sin(2 * np.pi * s["from"] * d / k * (np.exp(k * t / d) - 1))
    if kind == "noise":
        return s["amplitude"] * lcg(s["samples"], s["seed"])
    if kind == "red-noise":
        x = lcg(s["samples"], s["seed"])
        y = 0.0
        out = np.empty(len(x))
        for i in range(len(x)):
            y = 0.95 * y + x[i]
            out[i] = s["amplitude"] * y
        return out
    if kind == "tone-in-noise":
        return s["amplitude"] * np.sin(2 * np.pi * s["hz"] * t) + s["noise"] * lcg(s["samples"], s["seed"])
    if kind == "clicks":
        out = np.zeros(s["samples"])
        out[s["first"] :: s["every"]] = s["amplitude"]
        return out
    if kind == "vowel":
        # One pulse whenever the phase of a linear F0 glide passes an integer, through three resonators.
        d = s["samples"] / RATE
        phase = np.floor(s["from"] * t + (s["to"] - s["from"]) * t * t / (2 * d) + 0.37)
        x = np.concatenate([[0.0], np.diff(phase)])
        for hz, bandwidth in s["formants"]:
            x = resonate(x, hz, bandwidth)
        return s["amplitude"] * x
    if kind == "constant":
        return np.full(s["samples"], s["value"])
    raise ValueError(kind)


def signals():
    one = RATE
    return [
        {"name": "tone 220 Hz", "kind": "tones", "samples": one, "tones": [[220, 0.5]]},
        {"name": "tone 1003 Hz", "kind": "tones", "samples": one, "tones": [[1003, 0.9]]},
        {"name": "tone 7000 Hz", "kind": "tones", "samples": one, "tones": [[7000, 0.1]]},
        {"name": "chord", "kind": "tones", "samples": one, "tones": [[261.63, 0.2], [329.63, 0.2], [392, 0.2]]},
        {"name": "clipped tone", "kind": "clipped", "samples": one, "hz": 180, "amplitude": 4},
        {"name": "linear sweep", "kind": "linear-sweep", "samples": one, "from": 100, "to": 7500, "amplitude": 0.7},
        {"name": "logarithmic sweep", "kind": "log-sweep", "samples": one, "from": 80, "to": 400, "amplitude": 0.3},
        {"name": "white noise", "kind": "noise", "samples": one, "seed": 1, "amplitude": 0.5},
        {"name": "faint noise", "kind": "noise", "samples": one, "seed": 2, "amplitude": 0.001},
        {"name": "red noise", "kind": "red-noise", "samples": one, "seed": 3, "amplitude": 0.1},
        {"name": "tone in noise", "kind": "tone-in-noise", "samples": one, "seed": 4, "hz": 150, "amplitude": 0.4, "noise": 0.1},
        {"name": "clicks", "kind": "clicks", "samples": one, "first": 800, "every": 1600, "amplitude": 0.8},
        {"name": "impulse", "kind": "clicks", "samples": one, "first": 8000, "every": 16000, "amplitude": 1},
        {"name": "vowel a", "kind": "vowel", "samples": one, "from": 120, "to": 120, "amplitude": 0.02,
         "formants": [[700, 80], [1220, 90], [2600, 120]]},
        {"name": "vowel i, rising", "kind": "vowel", "samples": one, "from": 140, "to": 300, "amplitude": 0.005,
         "formants": [[280, 60], [2250, 100], [2900, 120]]},
        {"name": "silence", "kind": "constant", "samples": one, "value": 0},
    ]


def clip_signals(folder):
    """Eight clips, one of each emotion, 1.2 s from 1.0 s on."""
    chosen = {}
    for clip in json.loads((folder / "clips.json").read_text()):
        chosen.setdefault(clip["emotion"], clip["file"])
    return [{"name": f, "kind": "clip", "file": f, "start": 16000, "samples": 19200} for f in sorted(chosen.values())]


def features(y):
    """Feature name -> array (columns, frames) or (frames,)."""
    power = np.abs(librosa.stft(y, n_fft=FFT, hop_length=HOP, pad_mode="constant")) ** 2
    mag = np.sqrt(power)
    f = librosa.feature
    mel = dict(sr=RATE, n_fft=FFT, hop_length=HOP)
    slaney = f.melspectrogram(S=power, n_mels=64, fmin=50, fmax=8000, **mel)
    htk = f.melspectrogram(S=power, n_mels=40, fmin=20, fmax=7600, htk=True, norm=None, **mel)
    log_mel = librosa.power_to_db(slaney)
    mfcc = f.mfcc(S=log_mel, n_mfcc=40)
    chroma = f.chroma_stft(S=power, sr=RATE, n_fft=FFT, tuning=0)
    return {
        "power": power,
        "mel slaney": slaney,
        "mel htk": htk,
        "log-mel": log_mel,
        "mfcc": mfcc,
        "mfcc liftered": f.mfcc(S=log_mel, n_mfcc=13, lifter=22),
        "delta": f.delta(mfcc),
        "delta-delta": f.delta(mfcc, order=2),
        "delta nearest": f.delta(mfcc, mode="nearest"),
        "chroma": chroma,
        "tonnetz": f.tonnetz(chroma=chroma),
        "contrast": f.spectral_contrast(S=mag, sr=RATE, n_fft=FFT, n_bands=5),
        "centroid": f.spectral_centroid(S=mag, sr=RATE, n_fft=FFT)[0],
        "bandwidth": f.spectral_bandwidth(S=mag, sr=RATE, n_fft=FFT)[0],
        "rolloff 85": f.spectral_rolloff(S=mag, sr=RATE, n_fft=FFT)[0],
        "rolloff 50": f.spectral_rolloff(S=mag, sr=RATE, n_fft=FFT, roll_percent=0.5)[0],
        "flatness": f.spectral_flatness(S=mag, n_fft=FFT)[0],
        "flux": librosa.onset.onset_strength(S=log_mel, sr=RATE, center=False),
        "zero-crossing rate": f.zero_crossing_rate(y, frame_length=FFT, hop_length=HOP)[0],
        "rms": f.rms(y=y, frame_length=FFT, hop_length=HOP, dtype=np.float64)[0],
        "yin": librosa.yin(y, fmin=65, fmax=600, sr=RATE, frame_length=YIN_FRAME, hop_length=HOP),
    }


def rounded(values, digits=8):
    return [0 if v == 0 else float(f"{v:.{digits}g}") for v in np.asarray(values, float).ravel()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", default="examples/clips", type=pathlib.Path)
    parser.add_argument("--out", default="test/golden", type=pathlib.Path)
    args = parser.parse_args()
    head = {
        "script": "test/golden/scripts/librosa_features.py",
        "versions": {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "soundfile": soundfile.__version__},
        "call": f"librosa at {RATE} Hz, n_fft={FFT}, hop_length={HOP}, Hann, centred, zero padding; see features() in the script",
        "sampleRate": RATE,
    }
    rng = np.random.default_rng(3)
    spectra, tracks = [], []
    for signal in signals() + clip_signals(args.clips):
        if signal["kind"] == "clip":
            y, rate = soundfile.read(args.clips / signal["file"], dtype="float32")
            assert rate == RATE and y.ndim == 1
            y = y[signal["start"] : signal["start"] + signal["samples"]]
        else:
            y = synthesize(signal).astype(np.float32)
        values = features(y.astype(np.float64))
        count = values["rms"].shape[0]
        frames = sorted(int(i) for i in rng.choice(np.arange(1, count - 1), SPECTRA_FRAMES - 2, replace=False)) + [0, count - 1]
        spectra.append({"signal": signal, "frames": frames, "features": {}})
        tracks.append({"signal": signal, "features": {}})
        for name, value in values.items():
            if value.ndim == 1:
                tracks[-1]["features"][name] = rounded(value)
                continue
            # Every fourth bin is enough of the power spectrum.
            step = 4 if name == "power" else 1
            spectra[-1]["features"][name] = {
                "shape": [value.shape[1], value.shape[0]],
                "step": step,
                "mean": rounded([value.mean()])[0],
                "std": rounded([value.std()])[0],
                "greatest": rounded([np.abs(value).max()])[0],
                "values": [rounded(value[::step, i], 7) for i in frames],
            }
    note = "relative to the greatest magnitude of the feature in the signal: 1e-4; YIN: 0.5 %"
    for name, body in (("spectra", spectra), ("tracks", tracks)):
        (args.out / f"librosa-{name}.json").write_text(json.dumps({**head, "tolerance": note, "signals": body}, separators=(",", ":")) + "\n")

    banks = []
    for rate, n_fft, n_mels, fmin, fmax, htk, norm in (
        (16000, 512, 64, 50, 8000, False, "slaney"), (22050, 2048, 128, 0, 11025, False, "slaney"), (16000, 400, 40, 20, 7600, True, None),
        (48000, 1024, 80, 0, 24000, True, "slaney"),
    ):
        w = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax, htk=htk, norm=norm, dtype=np.float64)
        banks.append({"kind": "mel", "sampleRate": rate, "fftSize": n_fft, "bands": n_mels, "lowHz": fmin, "highHz": fmax,
                      "scale": "htk" if htk else "slaney", "norm": norm or "none",
                      "sums": rounded(w.sum(1)), "moments": rounded(w @ np.arange(w.shape[1])), "nonzero": int((w > 0).sum())})
    for rate, n_fft, tuning in ((16000, 512, 0.0), (22050, 2048, 0.3), (44100, 4096, -0.25)):
        w = librosa.filters.chroma(sr=rate, n_fft=n_fft, tuning=tuning, dtype=np.float64)
        banks.append({"kind": "chroma", "sampleRate": rate, "fftSize": n_fft, "tuning": tuning,
                      "sums": rounded(w.sum(1)), "moments": rounded(w @ np.arange(w.shape[1]))})
    (args.out / "librosa-filters.json").write_text(
        json.dumps({**head, "call": "librosa.filters.mel and librosa.filters.chroma, dtype float64", "tolerance": "1e-6", "banks": banks},
                   separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
