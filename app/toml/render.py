"""Keys and values as TOML text."""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

LINE_LENGTH: Final = 100
"""A list that makes its line longer than this is written one element per line."""

INDENT: Final = "  "

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class UnwritableError(ValueError):
    """What no TOML file can hold."""


def written_key(name: str) -> str:
    """A key as TOML wants it: bare if it can be, else quoted."""
    return name if _BARE_KEY.fullmatch(name) else _written_text(name)


def written_value(value: Any) -> str:
    """A value that TOML can hold, on one line; mappings become inline tables."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _written_text(value)
        case int() | float():
            return repr(value)
        case datetime.date() | datetime.time():
            return value.isoformat()
        case Mapping():
            pairs = [f"{written_key(name)} = {written_value(child)}" for name, child in value.items()]
            return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
        case Sequence():
            return f"[{', '.join(map(written_value, value))}]"
        case None:
            raise UnwritableError("null cannot be written to a TOML file; leave the key out")
        case _:
            raise TypeError(f"TOML has no way to write {type(value).__name__}")


def value_lines(value: Any, used: int) -> list[str]:
    """The lines of a value that begins behind so many characters; only a long list has several."""
    written = written_value(value)
    if used + len(written) <= LINE_LENGTH or not isinstance(value, Sequence) or isinstance(value, str):
        return [written]
    return ["[", *(f"{INDENT}{written_value(item)}," for item in value), "]"]


def pair_lines(key: str, value: Any) -> list[str]:
    """The lines of a pair whose key is written already."""
    first, *rest = value_lines(value, len(key) + len(" = "))
    return [f"{key} = {first}", *rest]


def _written_text(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if "\ud800" <= character <= "\udfff":
        raise UnwritableError(f"half a character (U+{ord(character):04X}) cannot be written to a file")
    return character if character.isprintable() else f"\\U{ord(character):08x}"
