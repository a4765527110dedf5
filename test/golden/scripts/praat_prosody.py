"""Pitch, voice quality, intensity, formants and pauses by Praat: writes test/golden/praat-prosody.json for the example clips.

With the folder of the corpora as argument, test/golden/praat-prosody-corpora.json for 30 clips each of RAVDESS and TESS too.
Run from the repository's root: python test/golden/scripts/praat_prosody.py [CORPORA]
"""

import json
import pathlib
import sys

import numpy as np
import parselmouth
import soundfile
from parselmouth.praat import call

LIMITS = (0, 0, 0.0001, 0.02, 1.3)


def measure(path):
    samples, rate = soundfile.read(path)
    sound = parselmouth.Sound(samples, rate)
    pitch = sound.to_pitch_ac()
    pulses = call([sound, pitch], "To PointProcess (cc)")
    harmonicity = call(sound, "To Harmonicity (cc)", 0.01, 75, 0.1, 1.0)
    intensity = call(sound, "To Intensity", 100, 0.01, "yes").values[0]
    track = call(sound, "To Formant (burg)", 0.01, 5, 5500, 0.025, 50)
    grid = call(sound, "To TextGrid (silences)", 100, 0, -25, 0.1, 0.1, "silent", "sounding")
    hz = pitch.selected_array["frequency"]
    times = pitch.xs()[hz > 0]
    formants = [[call(track, "Get value at time", i, t, "hertz", "Linear") for t in times] for i in (1, 2, 3)]
    spans = [
        (call(grid, "Get start time of interval", 1, i), call(grid, "Get end time of interval", 1, i))
        for i in range(1, call(grid, "Get number of intervals", 1) + 1)
        if call(grid, "Get label of interval", 1, i) == "sounding"
    ]
    values = {
        "f0Hz.mean": call(pitch, "Get mean", 0, 0, "Hertz"),
        "f0Hz.std": float(np.std(hz[hz > 0])),
        "voicedFrames": int((hz > 0).sum()),
        "hnrDb.mean": call(harmonicity, "Get mean", 0, 0),
        **{f"jitter.{kind}": call(pulses, f"Get jitter ({kind})", *LIMITS) for kind in ("local", "rap", "ppq5", "ddp")},
        **{
            f"shimmer.{ours}": call([sound, pulses], f"Get shimmer ({kind})", *LIMITS, 1.6)
            for ours, kind in (("local", "local"), ("localDb", "local_dB"), ("apq3", "apq3"), ("apq5", "apq5"))
        },
        "intensityDb.p50": float(np.percentile(intensity, 50)),
        "intensityDb.p95": float(np.percentile(intensity, 95)),
        **{f"formant{i + 1}.mean": float(np.nanmean(formants[i])) for i in range(3)},
        "soundingSeconds": sum(end - start for start, end in spans),
    }
    return {name: float(f"{value:.6g}") for name, value in values.items()}


def write(name, folder, paths):
    clips = {path.relative_to(folder).as_posix(): measure(path) for path in paths}
    pathlib.Path("test/golden", name).write_text(
        json.dumps({"praat": parselmouth.PRAAT_VERSION, "parselmouth": parselmouth.__version__, "clips": clips}) + "\n"
    )


examples = pathlib.Path("examples/clips")
write("praat-prosody.json", examples, sorted(examples.glob("*.flac")))
if len(sys.argv) > 1:
    corpora = pathlib.Path(sys.argv[1])
    ravdess = sorted(corpora.glob("ravdess/**/*.flac"))[7::48][:30]
    tess = sorted(corpora.glob("tess/**/*.flac"))[11::93][:30]
    write("praat-prosody-corpora.json", corpora, ravdess + tess)
