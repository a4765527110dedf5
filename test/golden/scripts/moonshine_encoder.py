"""Frames of Moonshine Tiny's encoder by Python's ONNX Runtime; writes test/golden/moonshine-encoder.json.

Run with the path of encoder_model.ort from the package moonshine-voice 0.1.0 (MIT).
Needs: onnxruntime, soundfile, numpy.
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile

root = Path(__file__).resolve().parents[3]
data = Path(sys.argv[1]).read_bytes()
session = onnxruntime.InferenceSession(data)
clips = {}
for name in ("03-01-05-02-01-01-16.flac", "03-01-04-01-01-01-06.flac"):
    samples, rate = soundfile.read(root / "examples/clips" / name, dtype="float32")
    assert rate == 16000
    (frames,) = session.run(
        None, {"input_values": samples[None], "attention_mask": np.ones((1, len(samples)), np.int64)}
    )
    clips[name] = {"frames": frames.shape[1], "values": [round(float(v), 5) for v in frames[0].ravel()[::97]]}
golden = {"sha256": hashlib.sha256(data).hexdigest(), "clips": clips}
(root / "test/golden/moonshine-encoder.json").write_text(json.dumps(golden) + "\n")
