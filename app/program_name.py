"""What the user types to call this program, so that our advice can be copied as it stands."""

import os
import shutil
import sys
from pathlib import Path

_NAME = "tierwise"


def program_name() -> str:
    """`tierwise` where that is found; in a checkout the path of the command beside our Python."""
    if getattr(sys, "frozen", False) or shutil.which(_NAME) is not None:
        return _NAME
    beside = Path(sys.executable).with_name(_NAME)
    try:
        return os.path.relpath(beside)
    except ValueError:  # on another drive
        return str(beside)
