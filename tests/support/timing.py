"""Processor time of a call, fit for comparing: the best of a few runs, without the garbage collector."""

import gc
import time
from collections.abc import Callable


def cpu_seconds(call: Callable[[], object], runs: int = 3) -> float:
    """Return the least processor time that a call took; other work on the machine can only add to it."""
    best = float("inf")
    gc.disable()
    try:
        for _ in range(runs):
            began = time.process_time()
            call()
            best = min(best, time.process_time() - began)
    finally:
        gc.enable()
    return best
