"""Loudness by pyloudnorm and speech probabilities by the Silero network, of the example clips.

Usage: python conditioning.py (from this folder; writes ../conditioning.json). The network is the file of the npm package @ricky0123/vad-web, run
as its authors' OnnxWrapper does: 512 new samples behind the last 64, state carried on.
"""

import json
import pathlib

import numpy as np
import onnxruntime
import pyloudnorm
import soundfile

root = pathlib.Path(__file__).resolve().parents[3]
clips = sorted(entry["file"] for entry in json.loads((root / "examples/clips/clips.json").read_text()))
session = onnxruntime.InferenceSession(str(root / "node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx"))


def probabilities(samples):
    state = np.zeros((2, 1, 128), np.float32)
    context = np.zeros(64, np.float32)
    result = []
    for start in range(0, len(samples), 512):
        step = samples[start : start + 512]
        step = np.pad(step, (0, 512 - len(step)))
        block = np.concatenate([context, step])[None, :]
        output, state = session.run(None, {"input": block, "state": state, "sr": np.array(16000, np.int64)})
        context = step[-64:]
        result.append(round(float(output[0, 0]), 6))
    return result


golden = {
    "versions": {"pyloudnorm": "0.2.0", "onnxruntime": onnxruntime.__version__, "numpy": np.__version__},
    "call": "pyloudnorm.Meter(rate, filter_class='DeMan').integrated_loudness(samples); silero_vad_v6.onnx",
    "loudness": {},
    "speech": {},
}
for i, name in enumerate(clips):
    samples, rate = soundfile.read(root / "examples/clips" / name, dtype="float32")
    meter = pyloudnorm.Meter(rate, filter_class="DeMan")
    golden["loudness"][name] = round(float(meter.integrated_loudness(samples.astype(np.float64))), 6)
    if i < 3:
        golden["speech"][name] = probabilities(samples)
(root / "test/golden/conditioning.json").write_text(json.dumps(golden, indent=1) + "\n")
