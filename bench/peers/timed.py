"""Times a fit as bench/beside-peer.ts times ours."""

import json
import time
import warnings

warnings.filterwarnings("ignore")


def print_timed(runs, fit):
    """Prints JSON of processor seconds, the least of `runs` fits or of as many as begin within a minute, and the last fit's value."""
    times, value = [], None
    while len(times) < runs and sum(times) < 60:
        start = time.process_time()
        value = fit()
        times.append(time.process_time() - start)
    print(json.dumps({"seconds": min(times), **({} if value is None else {"value": float(value)})}))
