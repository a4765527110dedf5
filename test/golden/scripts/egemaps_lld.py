"""Low-level descriptors of eGeMAPS v02 by openSMILE, from outside, for a second of four example clips: writes test/golden/egemaps-lld.json.

Run from the repository's root: python test/golden/scripts/egemaps_lld.py
"""

import json
import pathlib

import opensmile
import soundfile

smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.LowLevelDescriptors)
start, length = 20000, 16000
clips = {}
for path in sorted(pathlib.Path("examples/clips").glob("*.flac"))[::4]:
    samples, rate = soundfile.read(path, dtype="float32")
    frames = smile.process_signal(samples[start : start + length], rate)
    clips[path.name] = [[float(f"{value:.6g}") for value in frame] for frame in frames.to_numpy()]

pathlib.Path("test/golden/egemaps-lld.json").write_text(
    json.dumps(
        {"opensmile": opensmile.__version__, "names": smile.feature_names, "start": start, "length": length, "clips": clips},
        separators=(",", ":"),
    )
    + "\n"
)
