"""Formants of four example clips by Praat ("To Formant (burg)", frames that Praat hears as voiced): writes test/golden/praat-formants.json.

Run from the repository's root: python test/golden/scripts/praat_formants.py
"""

import json
import pathlib

import parselmouth
import soundfile
from parselmouth.praat import call

CLIPS = [
    "03-01-01-01-01-01-01.flac",
    "03-01-03-01-02-01-12.flac",
    "03-01-05-02-01-01-16.flac",
    "03-01-07-01-02-01-05.flac",
]
clips = {}
for name in CLIPS:
    samples, rate = soundfile.read(pathlib.Path("examples/clips") / name)
    sound = parselmouth.Sound(samples, rate)
    pitch = sound.to_pitch_ac()
    track = call(sound, "To Formant (burg)", 0.01, 5, 5500, 0.025, 50)
    rows = []
    for seconds, hz in zip(pitch.xs(), pitch.selected_array["frequency"]):
        values = [call(track, "Get value at time", i, seconds, "hertz", "Linear") for i in (1, 2, 3)]
        if hz > 0 and all(value == value for value in values):
            rows.append([round(float(seconds), 5), *(round(value, 2) for value in values)])
    clips[name] = rows
pathlib.Path("test/golden/praat-formants.json").write_text(
    json.dumps({"praat": parselmouth.PRAAT_VERSION, "parselmouth": parselmouth.__version__, "clips": clips}) + "\n"
)
