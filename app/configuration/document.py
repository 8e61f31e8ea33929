"""A configuration file as text and as a tree, with the sentence for each way this can go wrong."""

import codecs
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from app.configuration.problem import ConfigError, Problem
from app.configuration.syntax import syntax_mistake
from app.files import PATIENCE, Patience

BYTE_ORDER_MARK: Final = "\ufeff"

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableError(ConfigError):
    """Something stands in the place of the file and its content cannot be had, at least now."""


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


def read_bytes(file: Path, patience: Patience = PATIENCE) -> bytes:
    """The content of a file; an absent one is empty."""
    try:
        mode = file.stat().st_mode
        if not stat.S_ISREG(mode):  # opening a pipe would wait for somebody to write
            raise _unreadable(file, "is a folder, not a file" if stat.S_ISDIR(mode) else "is no regular file")
        return patience.run(file.read_bytes)
    except FileNotFoundError as error:
        if file.is_symlink():
            raise _unreadable(file, "is a link to a file that does not exist") from error
        return b""
    except PermissionError as error:
        raise _unreadable(file, "cannot be read: permission denied") from error
    except OSError as error:
        raise _unreadable(file, f"cannot be read: {error.strerror}") from error


def parse(file: Path, content: bytes) -> Document:
    """The content of a file as a document; ConfigError says where it is no TOML."""
    if content.startswith(_UTF16_MARKS) or b"\0" in content[:2]:
        raise ConfigError([Problem(file, "is UTF-16 text; save it as UTF-8")])
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise ConfigError([_not_utf8(file, content, error.start)]) from error
    text = text.removeprefix(BYTE_ORDER_MARK)
    return Document(file, content, text, _tree(file, text))


def nested_too_deeply(file: Path) -> ConfigError:
    """For the RecursionError of whoever goes through the values of a file."""
    return ConfigError([Problem(file, "values are nested too deeply")])


def _tree(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise nested_too_deeply(file) from error
    except ValueError as error:  # TOMLDecodeError, or an integer of thousands of digits
        mistake = syntax_mistake(text, str(error))
        raise ConfigError(
            [Problem(file, mistake.message, mistake.line, mistake.column, mistake.key)]
        ) from error


def _not_utf8(file: Path, content: bytes, offset: int) -> Problem:
    before = content[:offset].decode().removeprefix(BYTE_ORDER_MARK)  # the first wrong byte is behind it
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Problem(file, f"not UTF-8 text at column {column}; save it as UTF-8", line, column)


def _unreadable(file: Path, reason: str) -> UnreadableError:
    return UnreadableError([Problem(file, reason)])
