"""The entry point. The face is brought in here, lazily, and nowhere else: the rest works without Qt."""

import sys
from types import ModuleType

from app.cli import run
from app.commands.context import Context
from app.commands.tray import MissingFaceError
from app.ending import End


def main() -> int:
    return run(sys.argv[1:], _LazyDesktop())


class _LazyDesktop:
    """The desktop part, imported when it is asked for."""

    def run(self, context: Context, end: End) -> int:
        code: int = _face().run_tray(context, end)
        return code

    def tell(self, sentence: str, end: End) -> None:
        _face().tell_user(sentence, end)


def _face() -> ModuleType:
    try:
        import ui.main
    except ImportError as error:
        raise MissingFaceError(_why_missing(error)) from error
    return ui.main


def _why_missing(error: ImportError) -> str:
    if isinstance(error, ModuleNotFoundError):
        return "the desktop part is not installed (`pip install 'tierwise[desktop]'` adds it)"
    return f"the desktop part does not load ({error})"


if __name__ == "__main__":
    sys.exit(main())
