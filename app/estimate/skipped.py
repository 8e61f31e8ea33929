"""What had to be left out, by number: an estimate says what it has not seen."""

from dataclasses import dataclass


@dataclass(slots=True)
class Skipped:
    """Counts that grow while the logs are read."""

    folders: int = 0
    files: int = 0
    lines: int = 0
    long_lines: int = 0
