"""Times Praat's pitch, pulses, jitter, shimmer, harmonicity, intensity and formants on the example clips in processor time; prints one line of JSON.

Run by bench/prosody.bench.ts when Python with parselmouth is there (UNDERTONE_PYTHON names another interpreter than python3).
"""

import json
import pathlib
import sys
import time

import parselmouth
import soundfile
from parselmouth.praat import call

LIMITS = (0, 0, 0.0001, 0.02, 1.3)
root = pathlib.Path(__file__).resolve().parents[2]
sounds = [parselmouth.Sound(*soundfile.read(path)) for path in sorted((root / "examples/clips").glob("*.flac"))]


def measure(sound):
    pitch = sound.to_pitch_ac()
    pulses = call([sound, pitch], "To PointProcess (cc)")
    call(call(sound, "To Harmonicity (cc)", 0.01, 75, 0.1, 1.0), "Get mean", 0, 0)
    for kind in ("local", "rap", "ppq5"):
        call(pulses, f"Get jitter ({kind})", *LIMITS)
    for kind in ("local", "local_dB", "apq3", "apq5"):
        call([sound, pulses], f"Get shimmer ({kind})", *LIMITS, 1.6)
    call(sound, "To Intensity", 100, 0.01, "yes")
    call(sound, "To Intensity", 50, 0.01, "yes")
    call(sound, "To Formant (burg)", 0.01, 5, 5500, 0.025, 50)
    call(sound, "To TextGrid (silences)", 100, 0, -25, 0.1, 0.1, "silent", "sounding")


measure(sounds[0])
times = []
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5):
    start = time.process_time()
    for sound in sounds:
        measure(sound)
    times.append(time.process_time() - start)
print(json.dumps({"praat": parselmouth.PRAAT_VERSION, "times": times}))
