"""What GSM 06.10 makes of a synthetic voice, by the coder and decoder of SoX (libgsm), and what A-law makes of numbers, by Python's audioop.

Usage: python gsm.py (from this folder; writes ../gsm.json). SoX 14.4.2 has to be installed, and Python to have audioop (before 3.13). The
voice has pulses through three resonances, a stretch of silence, one of faint noise and one at full scale.
"""

import audioop
import json
import math
import pathlib
import random
import struct
import subprocess

rate = 8000
length = 4160
chance = random.Random(6)


def voice():
    memory = [[0.0, 0.0] for _ in range(3)]
    phase = 0.0
    for n in range(length):
        phase += (110 + 60 * math.sin(n / 900)) / rate
        x = 0.02 * chance.gauss(0, 1)
        if phase >= 1:
            phase -= 1
            x += 1.0
        for state, (hz, width) in zip(memory, [(500 + 250 * math.sin(n / 500), 80), (1500, 120), (2500, 200)]):
            radius = math.exp(-math.pi * width / rate)
            x += 2 * radius * math.cos(2 * math.pi * hz / rate) * state[0] - radius * radius * state[1]
            state[1], state[0] = state[0], x
        yield x / 12


def sample(n, x):
    if 1000 <= n < 1400:
        return 0
    if 1400 <= n < 1800:
        return chance.randint(-40, 40)
    level = 60000 if n >= 3200 else 9000
    return max(-32768, min(32767, round(level * x)))


samples = [sample(n, x) for n, x in enumerate(voice())]
raw = ["-t", "raw", "-r", str(rate), "-e", "signed", "-b", "16", "-c", "1"]
coded = subprocess.run(
    ["sox", *raw, "-", "-t", "gsm", "-"], input=struct.pack(f"<{length}h", *samples), capture_output=True, check=True
).stdout
decoded = subprocess.run(
    ["sox", "-t", "gsm", "-r", str(rate), "-", "-D", *raw, "-"], input=coded, capture_output=True, check=True
).stdout
numbers = sorted({sign * round(1.13**k) + d for k in range(85) for sign in (-1, 1) for d in (-1, 0)} & set(range(-32768, 32768)))
a_law = audioop.alaw2lin(audioop.lin2alaw(struct.pack(f"<{len(numbers)}h", *numbers), 2), 2)
golden = {
    "source": "SoX 14.4.2 (libgsm 1.0); Python 3.11 audioop",
    "samples": samples,
    "gsm": list(struct.unpack(f"<{len(decoded) // 2}h", decoded))[:length],
    "aLaw": [numbers, list(struct.unpack(f"<{len(numbers)}h", a_law))],
}
target = pathlib.Path(__file__).resolve().parents[1] / "gsm.json"
target.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
