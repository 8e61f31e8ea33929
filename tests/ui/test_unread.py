"""That importing the face leaves the sources of its modules unread."""

import subprocess
import sys

IMPORTING = """
import linecache
import ui.main, ui.windows.overview.page
print(sum(len(entry[2]) for entry in linecache.cache.values() if len(entry) > 2))
"""


def test_no_source_is_remembered() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING], capture_output=True, text=True, check=True, timeout=60
    )
    lines = int(done.stdout)
    assert lines < 20_000, "PySide reads the source of what is imported, and all of it stays in memory"
