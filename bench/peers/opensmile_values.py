"""Prints openSMILE's eGeMAPS v02 functionals of recordings as CSV, one row each.

Reads 16 kHz, 16-bit, mono samples of all recordings, one after the other, from standard input; the arguments are their counts of samples.
Run by scripts/egemaps-agreement.ts (UNDERTONE_PYTHON names another interpreter than python3).
"""

import sys

import numpy
import opensmile

smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
for line in sys.stdin.buffer:
    count = int(line)
    samples = numpy.frombuffer(sys.stdin.buffer.read(2 * count), "<i2")
    values = smile(samples.astype(numpy.float32) / 32768, 16000).reshape(-1)
    print(",".join(f"{value:.9g}" for value in values), flush=True)
