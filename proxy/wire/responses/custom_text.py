"""The free text of a custom tool: JSON arguments `{"input": text}` among us, the bare text in this format.

Towards a client the text is freed of its wrapping as it comes. A model that knew the tool as a function may
have written something else than the wrapping asks for; then what it wrote is itself the text.
"""

import json
import re
from enum import Enum

import msgspec

from proxy.wire.reading import UNREADABLE, decoded

OPENING = '{"input":"'
CLOSING = '"}'

_BEFORE = re.compile(r'\s*\{\s*"input"\s*:\s*"')
_HEX = "[0-9a-fA-F]"
_HIGH = f"[dD][89abAB]{_HEX}{{2}}"
_INSIDE = re.compile(
    rf"""(?: [^"\\]++
           | \\[^u]
           | \\u(?!{_HIGH}){_HEX}{{4}}
           | \\u{_HIGH}(?:\\u{_HEX}{{4}}|(?=[^\\]|\\[^u]))
         )*+""",
    re.VERBOSE,
)
_CUT_ESCAPE = re.compile(rf"\\(?:u(?:{_HEX}{{0,3}}|{_HIGH}(?:\\(?:u{_HEX}{{0,3}})?)?))?")
"""An escape cut in two, or the first of the two escapes that some characters are."""
_LAX = json.JSONDecoder(strict=False)


def escaped(text: str) -> str:
    """The text as it stands inside the quotes."""
    return msgspec.json.encode(text)[1:-1].decode()


def as_arguments(text: str) -> str:
    return OPENING + escaped(text) + CLOSING


def text_in(arguments: str) -> str:
    """The text that a custom call's arguments hold, whole or cut off."""
    unwrapping = Unwrapping()
    return unwrapping.feed(arguments) + unwrapping.end()


class _Place(Enum):
    BEFORE = "in front of the text"
    INSIDE = "in the text"
    AFTER = "behind the text"


class Unwrapping:
    """Arguments in pieces, to text in pieces."""

    def __init__(self) -> None:
        self._place = _Place.BEFORE
        self._held = ""

    def feed(self, json_text: str) -> str:
        if self._place is _Place.AFTER:
            return ""
        self._held += json_text
        if self._place is _Place.BEFORE:
            begun = _BEFORE.match(self._held)
            if begun is None:
                return ""
            self._held = self._held[begun.end() :]
            self._place = _Place.INSIDE
        return self._inside()

    def end(self) -> str:
        """What was held back, if the wrapping never came."""
        held, self._held = self._held, ""
        if self._place is not _Place.BEFORE or held.strip() in ("", "{}"):
            return ""
        return _member(held) or held

    def _inside(self) -> str:
        whole = _INSIDE.match(self._held)
        end = whole.end() if whole is not None else 0
        if self._held.startswith('"', end):
            self._place = _Place.AFTER
        elif end < len(self._held) and not _CUT_ESCAPE.fullmatch(self._held, end):
            # No escape that JSON knows: the model meant what it wrote.
            return self._taken(end) + self._taken(2, as_written=True) + self._inside()
        return self._taken(end)

    def _taken(self, end: int, *, as_written: bool = False) -> str:
        taken, self._held = self._held[:end], self._held[end:]
        return taken if as_written or "\\" not in taken else _unescaped(taken)


class _Wrapping(msgspec.Struct):
    input: str


_WRAPPING = msgspec.json.Decoder(_Wrapping)


def _member(arguments: str) -> str | None:
    """The text, where it is not the first of the arguments."""
    try:
        return decoded(_WRAPPING, arguments.encode()).input
    except UNREADABLE:
        return None


def _unescaped(text: str) -> str:
    try:
        plain: str = _LAX.decode(f'"{text}"')
    except ValueError:
        return text
    # Half a pair without its other half cannot be written to anybody.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
