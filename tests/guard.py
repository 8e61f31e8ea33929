"""A wall around the real home folder: importing this module raises it, for the rest of the process."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
REAL_HOME = Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 -- read once, before HOME is replaced

# Set before anything of ours is imported, so that no module can remember the real places.
_SUITE_HOME = Path(tempfile.mkdtemp(prefix="tierwise-tests-"))
atexit.register(shutil.rmtree, _SUITE_HOME, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith(("XDG_", "TIERWISE_", "ANTHROPIC_", "OPENAI_"))]:
    if _name != "XDG_RUNTIME_DIR":
        del os.environ[_name]
os.environ["HOME"] = os.environ["USERPROFILE"] = str(_SUITE_HOME)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_WRITING = (
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "os.symlink",
    "os.link",
    "os.truncate",
)
_CLIENT_FOLDERS = (".claude", ".codex", ".config", ".local", ".gemini", ".cursor", ".continue", ".aws")
_ALLOWED = (REPOSITORY, Path(tempfile.gettempdir()).resolve(), Path(sys.prefix).resolve())


class RealHomeTouchedError(AssertionError):
    """A test reached for the home folder of the person who runs it."""


def _is_within(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _is_off_limits(raw: object, *, writing: bool) -> bool:
    if not isinstance(raw, (str, bytes, os.PathLike)):
        return False
    path = Path(os.path.abspath(os.fsdecode(raw)))  # noqa: PTH100 -- resolve() opens files, and would ask itself
    if not _is_within(path, REAL_HOME) or any(_is_within(path, allowed) for allowed in _ALLOWED):
        return False
    if writing:
        return "__pycache__" not in path.parts
    return any(_is_within(path, REAL_HOME / name) for name in _CLIENT_FOLDERS)


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, mode, flags = arguments
        writing = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if _is_off_limits(path, writing=writing or (isinstance(mode, str) and "r" not in mode)):
            raise RealHomeTouchedError(f"{event} {path!r}")
    elif event == "sqlite3.connect":
        if _is_off_limits(arguments[0], writing=True):
            raise RealHomeTouchedError(f"{event} {arguments[0]!r}")
    elif event in _WRITING and any(_is_off_limits(path, writing=True) for path in arguments[:2]):
        raise RealHomeTouchedError(f"{event} {arguments!r}")


sys.addaudithook(_guard)
