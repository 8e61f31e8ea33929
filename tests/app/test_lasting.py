"""What the collector passes over."""

import subprocess
import sys

STARTED = """
import gc
from app.lasting import what_is_here_lasts
things = [[each] for each in range(10_000)]
what_is_here_lasts()
print(gc.get_freeze_count(), len(gc.get_objects()))
"""


def test_what_was_there_at_the_start_is_not_looked_through_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTED], capture_output=True, text=True, check=True, timeout=30
    )
    frozen, looked_at = map(int, done.stdout.split())
    assert frozen > 10_000
    assert looked_at < 1000
