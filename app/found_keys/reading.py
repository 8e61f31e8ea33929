"""Reading a file of another client: never much of it, never waiting, and nothing where it makes no sense."""

import json
import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

_MOST_BYTES: Final = 1_000_000
_ASSIGNMENT: Final = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_COMMENT: Final = re.compile(r"\s#.*$")
_QUOTED: Final = re.compile(r"(['\"])(.*?)\1\s*(?:#.*)?")


def tree_of(file: Path) -> Any:
    """What a file means; None where there is none, or none that can be understood."""
    content = _content(file)
    if content is None:
        return None
    try:
        return _PARSERS[file.suffix or file.name](content.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # JSON and TOML errors, and text that is no UTF-8, are ValueErrors
        return None


def _content(file: Path) -> bytes | None:
    """All of a file that is no longer than a client's settings are."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe would wait for somebody to write
            return None
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError):  # ValueError: a path with a zero in it
        return None
    return content if len(content) <= _MOST_BYTES else None


def variables_of(text: str) -> dict[str, str]:
    """The assignments of a .env file. Nothing is expanded: what refers to another variable is no key."""
    lines = (_ASSIGNMENT.fullmatch(line) for line in text.splitlines())
    return {line[1]: _value(line[2]) for line in lines if line is not None}


def _value(written: str) -> str:
    quoted = _QUOTED.fullmatch(written)
    return quoted[2] if quoted is not None else _COMMENT.sub("", written).strip()


_PARSERS: Final[Mapping[str, Callable[[str], Any]]] = {
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".env": variables_of,
}
