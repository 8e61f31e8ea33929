"""The entry point. The face is brought in here, lazily, and nowhere else: the rest works without Qt."""

import sys

from app.cli import run
from app.commands.context import Context
from app.commands.tray import MissingFaceError


def main() -> int:
    return run(sys.argv[1:], tray=_tray)


def _tray(context: Context) -> int:
    try:
        from ui.main import run_tray
    except ImportError as error:
        raise MissingFaceError(_why_missing(error)) from error
    return run_tray(context)


def _why_missing(error: ImportError) -> str:
    if isinstance(error, ModuleNotFoundError):
        return "the desktop part is not installed (`pip install 'tierwise[desktop]'` adds it)"
    return f"the desktop part does not load ({error})"


if __name__ == "__main__":
    sys.exit(main())
