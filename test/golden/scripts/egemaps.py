"""Values of eGeMAPS v02 by openSMILE, from outside, for the example clips: writes test/golden/egemaps.json.

Run from the repository's root: python test/golden/scripts/egemaps.py
"""

import json
import pathlib

import opensmile
import soundfile

clips = sorted(pathlib.Path("examples/clips").glob("*.flac"))
smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
rows = {}
for path in clips:
    samples, rate = soundfile.read(path, dtype="float32")
    rows[path.name] = [float(f"{value:.7g}") for value in smile.process_signal(samples, rate).iloc[0]]
pathlib.Path("test/golden/egemaps.json").write_text(
    json.dumps({"opensmile": opensmile.__version__, "names": smile.feature_names, "clips": rows}) + "\n"
)
