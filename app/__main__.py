"""The entry point. The face is brought in here, lazily, and nowhere else: the rest works without Qt."""

import sys

from app.cli import run
from app.commands.context import Context


def main() -> int:
    return run(sys.argv[1:], tray=_tray)


def _tray(context: Context) -> int:
    from ui.main import run_tray

    return run_tray(context)


if __name__ == "__main__":
    sys.exit(main())
