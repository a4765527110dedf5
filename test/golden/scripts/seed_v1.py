"""Golden values of seed-v1 and seed-v1-level by an independent implementation in numpy, scipy and librosa: writes test/golden/seed-v1.json.

Run from the repository's root: python test/golden/scripts/seed_v1.py [--clips examples/clips]
"""

import argparse
import json
import pathlib

import librosa
import numpy as np
import scipy
import soundfile
from scipy.fft import dct
from scipy.ndimage import correlate1d

from librosa_features import rounded, signals, synthesize

RATE, N, HOP = 16000, 512, 160
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N) / N)
MEL = librosa.filters.mel(sr=RATE, n_fft=N, n_mels=64, fmin=50, fmax=8000, dtype=np.float64)
FREQ = np.arange(N // 2 + 1) * RATE / N
LAG_LOW, LAG_HIGH, WINDOW = 26, 246, 512


def frames(x, size, start, count):
    before = max(0, -start)
    x = np.concatenate([np.zeros(before), x, np.zeros(size + HOP)])
    return x[(np.arange(count)[:, None] * HOP + start + before) + np.arange(size)[None]]


def yin(x, count):
    size = WINDOW + LAG_HIGH
    buffers = frames(x, size, N // 2 - size // 2, count)
    f0, aperiodicity, harmonicity = np.zeros(count), np.zeros(count), np.zeros(count)
    for t, b in enumerate(buffers):
        head = b[:WINDOW]
        shifted = np.lib.stride_tricks.sliding_window_view(b, WINDOW)[: LAG_HIGH + 1]
        d = ((head - shifted) ** 2).sum(1)
        cmnd = np.ones(LAG_HIGH + 1)
        cmnd[1:] = d[1:] * np.arange(1, LAG_HIGH + 1) / np.maximum(np.cumsum(d[1:]), 1e-12)
        c = np.arange(LAG_LOW, LAG_HIGH)
        trough = c[(cmnd[c] < 0.15) & (cmnd[c] <= cmnd[c + 1]) & (cmnd[c] < cmnd[c - 1])]
        k = trough[0] if len(trough) else LAG_LOW + int(np.argmin(cmnd[c]))
        left, mid, right = cmnd[k - 1 : k + 2]
        curve = left - 2 * mid + right
        shift = np.clip(0.5 * (left - right) / curve, -0.5, 0.5) if abs(curve) > 1e-12 else 0.0
        f0[t] = RATE / (k + shift)
        aperiodicity[t] = mid
        harmonicity[t] = 2 * (head @ shifted[k]) / max((head**2).sum() + (shifted[k] ** 2).sum(), 1e-12)
    return f0, aperiodicity, harmonicity


def runs(mask):
    d = np.diff(np.concatenate([[0], mask.astype(int), [0]]))
    return np.flatnonzero(d == 1), np.flatnonzero(d == -1)


def describe(x, keep_level):
    count = 1 + (len(x) - N) // HOP
    p = (frames(x, N, 0, count) ** 2).mean(1)
    e = 10 * np.log10(p + 1e-20)
    active = e > np.sort(e)[::-1][min(20, -(-count // 10)) - 1] - 35
    gain = 0 if keep_level else -26 - 10 * np.log10(p[active].mean())
    x = x * 10 ** (gain / 20)
    e = e + gain
    F = frames(x, N, 0, count)
    S = np.abs(np.fft.rfft(F * HANN, axis=1))
    P = S * S
    levels = 10 * np.log10(np.maximum(P @ MEL.T, 1e-10 if keep_level else 1e-6))
    total = S.sum(1) + 1e-12
    centroid = (S * FREQ).sum(1) / total
    bandwidth = np.sqrt((S * (FREQ - centroid[:, None]) ** 2).sum(1) / total)
    rolloff = [FREQ[(np.cumsum(S, 1) >= part * S.sum(1)[:, None] - 1e-9).argmax(1)] for part in (0.85, 0.5)]
    floored = np.maximum(P, 1e-10)
    flatness = 10 * np.log10(np.exp(np.log(floored).mean(1)) / floored.mean(1))
    unit = S / np.sqrt(P.sum(1) + 1e-12)[:, None]
    flux = np.concatenate([[0], np.sqrt((np.diff(unit, axis=0) ** 2).sum(1))])
    crossings = np.diff(np.signbit(F), axis=1).sum(1) / (N - 1)
    spectral = np.stack([centroid, bandwidth, *rolloff, flatness, flux, crossings], 1)
    contrast = librosa.feature.spectral_contrast(S=S.T, sr=RATE, n_fft=N, fmin=200, n_bands=5).T

    def band(how, low, high):
        return 10 * np.log10(how(P[:, (FREQ >= low) & (FREQ < high)], axis=1) + 1e-8)

    def tilt(low, high):
        inside = (FREQ >= low) & (FREQ <= high)
        return np.polyfit(FREQ[inside] / 1000, 10 * np.log10(P[:, inside] + 1e-8).T, 1)[0]

    tilts = np.stack(
        [band(np.sum, 50, 1000) - band(np.sum, 1000, 5000), band(np.max, 0, 2000) - band(np.max, 2000, 5000),
         tilt(0, 500), tilt(500, 1500), tilt(1000, 8000)], 1)
    f0, aperiodicity, r = yin(x, count)
    r = np.clip(r, 0.001, 0.9999)
    where = np.flatnonzero(active)
    span = slice(where[0], where[-1] + 1)
    active, aperiodicity = active[span], aperiodicity[span]
    voiced = active & (aperiodicity < 0.25)
    for i, j in zip(*runs(voiced)):
        if j - i < 3:
            voiced[i:j] = False
    if voiced.sum() < 2:
        voiced = active.copy()
    return dict(active=active, voiced=voiced, e=e[span], levels=levels[span], spectral=spectral[span], contrast=contrast[span],
                tilt=tilts[span], f0=12 * np.log2(f0[span] / 55), aperiodicity=aperiodicity, hnr=(10 * np.log10(r / (1 - r)))[span])


def delta(X):
    return correlate1d(X, np.arange(-4, 5) / 60, axis=0, mode="nearest")


def correlate(X):
    C = np.corrcoef(X.T)
    flat = X.std(0) < 1e-6
    C[flat] = 0
    C[:, flat] = 0
    return C[np.triu_indices(X.shape[1], 1)]


def functionals(d):
    """Family -> values; the families follow one another in the vector."""
    A, V, e, f0 = d["active"], d["voiced"], d["e"], d["f0"]
    n = len(A)
    levels, spectral, tilt, contrast = d["levels"], d["spectral"], d["tilt"], d["contrast"]
    G = {"mel.mean": levels[A].mean(0)}
    G["mel.slope"] = np.polyfit(np.linspace(-1, 1, A.sum()), levels[A], 1)[0]
    B = levels.reshape(n, 8, 8).mean(2)
    C = B - B.mean(0)
    window = scipy.signal.get_window("hann", n, fftbins=False)
    M = np.abs(np.fft.rfft((C * window[:, None])[:512], 512, axis=0)) ** 2 / n
    hz = np.arange(257) * 100 / 512
    bands = ((0.5, 2), (2, 4), (4, 8), (8, 16), (16, 32))
    G["modulation"] = [10 * np.log10(M[(hz >= a) & (hz < b)].mean(0) + 1e-3) for a, b in bands]
    square = np.maximum((C * C).sum(0), 1e-6)
    G["autocorrelation"] = [(C[k:] * C[:-k]).sum(0) / square if n > k else np.zeros(8) for k in (3, 6, 12, 24)]
    G["band.correlation"] = correlate(B[A])
    G["band.voiced.correlation"] = correlate(B[V])
    G["band.delta.correlation"] = correlate(delta(B)[A])
    G["spectral.mean"] = spectral[A].mean(0)
    G["spectral.std"] = spectral[A].std(0)
    G["spectral.delta.std"] = delta(spectral)[A].std(0)
    G["contrast"] = [contrast[A].mean(0), contrast[A].std(0)]
    G["tilt"] = [tilt[A].mean(0), tilt[A].std(0)]
    G["harmonicity"] = [d["hnr"][A].mean(), d["hnr"][A].std()]
    ap = d["aperiodicity"][A]
    G["aperiodicity"] = [ap.mean(), ap.std(), *np.percentile(ap, [10, 50, 90])]
    p = np.percentile(e[A], [5, 20, 50, 80, 95])
    smooth = correlate1d(e, np.ones(5) / 5, mode="nearest")
    G["energy"] = [e[A].std(), *(p[4] - p[:4]), (e[A] > p[4] - 10).mean(), (e[A] > p[4] - 20).mean(), smooth.argmax() / n]
    v = f0[V]
    q = np.percentile(v, [10, 25, 50, 75, 90])
    G["f0.voiced"] = [v.mean(), q[0], q[2], q[4], v.std(), q[4] - q[0], q[3] - q[1]]
    step = np.diff(f0)[V[1:] & V[:-1]]
    step = step if len(step) else np.zeros(1)
    G["f0.step"] = [np.abs(step).mean(), step.mean(), step.std(), (step > 0).mean(), *np.percentile(step, [10, 90])]
    at = np.flatnonzero(V)
    G["f0.slope"] = np.polyfit(at / 100, v, 1)[0] * (at[-1] - at[0]) / 100
    contour = np.interp(np.arange(n), at, v)
    G["f0.shape"] = dct(np.interp(np.linspace(0, n - 1, 30), np.arange(n), contour), norm="ortho")[1:7]
    G["contour.correlation"] = correlate(np.column_stack([f0, e, spectral[:, [0, 1, 4, 5]], tilt[:, [0, 2, 3]], d["hnr"]])[V])
    i, j = runs(V)
    voiced_runs = (j - i) / 100
    i, j = runs(~A)
    pauses = (j - i) / 100
    pauses = pauses[pauses >= 0.05]
    seconds = n / 100
    G["tempo"] = [V.mean(), A.mean(), len(voiced_runs) / seconds, voiced_runs.mean(), voiced_runs.std(), voiced_runs.max(),
                  len(pauses) / seconds, pauses.sum() / seconds, pauses.max() if len(pauses) else 0]
    return {k: np.nan_to_num(np.asarray(x, float)).ravel() for k, x in G.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", default="examples/clips", type=pathlib.Path)
    parser.add_argument("--out", default="test/golden/seed-v1.json", type=pathlib.Path)
    args = parser.parse_args()
    inputs = [s for s in signals() if s["name"] in ("white noise", "faint noise", "red noise", "tone in noise", "vowel a", "vowel i, rising")]
    inputs += [{"name": c["file"], "kind": "clip", "file": c["file"], "start": 0} for c in json.loads((args.clips / "clips.json").read_text())]
    families, out = None, []
    for signal in inputs:
        if signal["kind"] == "clip":
            y, rate = soundfile.read(args.clips / signal["file"], dtype="float32")
            assert rate == RATE and y.ndim == 1
            signal["samples"] = len(y)
        else:
            y = synthesize(signal).astype(np.float32)
        both = [functionals(describe(y.astype(np.float64), keep)) for keep in (False, True)]
        families = [[k, len(v)] for k, v in both[0].items()]
        free, level = (rounded(np.concatenate(list(g.values())), 7) for g in both)
        out.append({"signal": signal, "seed-v1": free, "seed-v1-level": level})
    head = {
        "script": "test/golden/scripts/seed_v1.py",
        "versions": {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "soundfile": soundfile.__version__},
        "call": "functionals(describe(samples, keep_level))",
        "shape": [416],
        "tolerance": "per family, see seed-v1.test.ts",
        "families": families,
        "signals": out,
    }
    args.out.write_text(json.dumps(head, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
