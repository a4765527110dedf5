"""Values of eGeMAPS v02 by openSMILE, from outside, for the example clips and a synthetic vowel: writes test/golden/egemaps.json.

Run from the repository's root: python test/golden/scripts/egemaps.py
"""

import json
import pathlib

import numpy
import opensmile
import scipy.signal
import soundfile

clips = sorted(pathlib.Path("examples/clips").glob("*.flac"))
smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
rows = {}
for path in clips:
    samples, rate = soundfile.read(path, dtype="float32")
    rows[path.name] = [float(f"{value:.7g}") for value in smile.process_signal(samples, rate).iloc[0]]
# Pulses every 80 samples (200 Hz): every frame starts at the same place of a period, and has the same formants.
vowel = numpy.where(numpy.arange(16000) % 80 == 0, 1.0, 0.0)
for hz, width in ((600, 80), (1400, 100), (2500, 140), (3500, 180), (4500, 220)):
    radius = numpy.exp(-numpy.pi * width / 16000)
    vowel = scipy.signal.lfilter([1], [1, -2 * radius * numpy.cos(2 * numpy.pi * hz / 16000), radius**2], vowel)
vowel = (0.5 * vowel / numpy.abs(vowel).max()).astype("float32")
vowel_row = [float(f"{value:.7g}") for value in smile.process_signal(vowel, 16000).iloc[0]]

pathlib.Path("test/golden/egemaps.json").write_text(
    json.dumps({"opensmile": opensmile.__version__, "names": smile.feature_names, "clips": rows, "vowel": vowel_row}) + "\n"
)
