"""A configuration file as text and as a tree, with the sentence for each way this can go wrong."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from app.configuration.problem import ConfigError, Problem
from app.toml.layout import Layout

BYTE_ORDER_MARK: Final = "\ufeff"

_POSITION: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Document(msgspec.Struct, frozen=True):
    """The bytes of a file, read. The text has no byte order mark: `encoded` puts it back."""

    file: Path
    content: bytes
    text: str
    tree: dict[str, Any]

    def encoded(self, text: str) -> bytes:
        """Another text in the form of this file."""
        mark = BYTE_ORDER_MARK if self.content.startswith(BYTE_ORDER_MARK.encode()) else ""
        return (mark + text).encode()


def read_bytes(file: Path) -> bytes:
    """The content of a file; an absent one is empty."""
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        if file.is_symlink():
            raise _unreadable(file, "is a link to a file that does not exist") from error
        return b""
    except (IsADirectoryError, PermissionError) as error:
        # Windows answers with "permission denied" for a folder too.
        reason = "is a folder, not a file" if file.is_dir() else "cannot be read: permission denied"
        raise _unreadable(file, reason) from error
    except OSError as error:
        raise _unreadable(file, f"cannot be read: {error.strerror}") from error


def parse(file: Path, content: bytes) -> Document:
    """The content of a file as a document; ConfigError says where it is no TOML."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise ConfigError([Problem(file, "not UTF-8 text", line, column, f"column {column}")]) from error
    text = text.removeprefix(BYTE_ORDER_MARK)
    return Document(file, content, text, _tree(file, text))


def _tree(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError([Problem(file, "values are nested too deeply")]) from error
    except ValueError as error:  # TOMLDecodeError, or an integer of thousands of digits
        raise ConfigError([_syntax_problem(file, text, str(error))]) from error


def _syntax_problem(file: Path, text: str, reason: str) -> Problem:
    position = _POSITION.search(reason)
    if position is None:
        return Problem(file, f"not valid TOML: {reason}")
    sentence = reason[: position.start()]
    if position[1]:
        line, column = int(position[1]), int(position[2])
    else:
        line, column = Layout(text).line_and_column(len(text))
        sentence += " at the end of the file"
    return Problem(file, f"not valid TOML: {sentence}", line, column, f"column {column}")


def _unreadable(file: Path, reason: str) -> ConfigError:
    return ConfigError([Problem(file, reason)])
