"""Whisper's log-mel picture of an example clip, by librosa; writes test/golden/whisper-mel.json.

The steps are those that the paper and its published code describe: pad to 30 s, |STFT|^2 (Hann of 400 samples every 160, centred,
mirrored ends) without its last frame, Slaney mel bands, log10 of at least 1e-10, cut 8 below the greatest, (x + 4) / 4.
Needs: librosa 0.11.0, soundfile.
"""
import json
from pathlib import Path

import librosa
import numpy as np
import soundfile

root = Path(__file__).resolve().parents[3]
samples, rate = soundfile.read(root / "examples/clips/03-01-05-02-01-01-16.flac", dtype="float32")
assert rate == 16000
padded = np.zeros(480000, np.float32)
padded[: len(samples)] = samples
power = np.abs(librosa.stft(padded, n_fft=400, hop_length=160, window="hann", center=True, pad_mode="reflect")[:, :-1]) ** 2
golden = {}
for bands in (80, 128):
    mel = librosa.filters.mel(sr=16000, n_fft=400, n_mels=bands) @ power
    log = np.log10(np.maximum(mel, 1e-10))
    picture = (np.maximum(log, log.max() - 8) + 4) / 4
    golden[str(bands)] = [round(float(value), 6) for value in picture.ravel()[::997]]
(root / "test/golden/whisper-mel.json").write_text(json.dumps(golden) + "\n")
