"""Keys and values as TOML text, each on one line."""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def written_key(name: str) -> str:
    """A key as TOML wants it: bare if it can be, else quoted."""
    return name if _BARE_KEY.fullmatch(name) else _written_text(name)


def written_value(value: Any) -> str:
    """A value that TOML can hold; mappings become inline tables."""
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
        case _:
            raise TypeError(f"TOML has no way to write {type(value).__name__}")


def _written_text(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\U{ord(character):08x}"
