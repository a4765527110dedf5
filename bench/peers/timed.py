"""Times a fit as bench/beside-peer.ts times ours."""

import json
import time
import warnings

warnings.filterwarnings("ignore")


def print_timed(runs, fit):
    """Prints JSON of processor seconds, those of the first fit and the least of the later ones (as many as `runs` or a second holds), and the last fit's
    value, which may be a function to be called when the clock has stopped."""
    times, value = [], None
    while (len(times) <= runs or sum(times) < 1) and sum(times) < 60:
        start = time.process_time()
        value = fit()
        times.append(time.process_time() - start)
    value = value() if callable(value) else value
    found = {} if value is None else {"value": float(value)}
    print(json.dumps({"first": times[0], "seconds": min(times[1:] or times), **found}))
