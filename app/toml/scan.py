"""Finds where each key and each value of a TOML text stands.

The text must be one that `tomllib` accepts: this scanner looks for boundaries and judges nothing, which keeps
it to one regular expression per token. Offsets count characters of the text as it is, CRLF included; a byte
order mark must be taken off first.
"""

import re
import tomllib
from collections.abc import Iterator
from enum import Enum
from typing import Final

import msgspec

KeyPath = tuple[str | int, ...]


class Span(msgspec.Struct, frozen=True):
    """A stretch of the text, the end not included."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


class Kind(Enum):
    """How a value is written down."""

    TABLE = "[name]"
    TABLE_ELEMENT = "[[name]]"
    PAIR = "name = value"
    ELEMENT = "a value inside an array"


class Entry(msgspec.Struct, frozen=True):
    """One place where the text gives something a value.

    `path` counts the elements of arrays and of [[tables]]. `key` is the name as written, dots included; an
    array element has none, so its key is empty. `value` is the value; a header's is its body: everything
    between the header's brackets and the next header. `home` is the path of the table or array that the entry
    is written in, which a dotted key leads out of.
    """

    kind: Kind
    path: KeyPath
    key: Span
    value: Span
    home: KeyPath

    @property
    def is_header(self) -> bool:
        return self.kind in (Kind.TABLE, Kind.TABLE_ELEMENT)


_GAP: Final = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BLANK: Final = re.compile(r"[ \t]*+")
_KEY_PART: Final = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""")
_STRING: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_BARE_VALUE: Final = re.compile(r"[^,\]}#\r\n]+")


def scan(text: str) -> list[Entry]:
    """Every header, pair and array element of the text, in the order they stand."""
    return _Scan(text).entries()


def skip_gap(text: str, offset: int) -> int:
    """The next offset that is neither white space nor comment."""
    return _end(_GAP, text, offset)


class _Scan:
    """One pass over one text. Every method starts at `self.offset` and leaves it behind what it read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.sizes: dict[
            KeyPath, int
        ] = {}  # of the arrays of tables so far: a header means their last element

    def entries(self) -> list[Entry]:
        found: list[Entry] = []
        latest: int | None = None  # where in `found` the header is whose body is being read
        table: KeyPath = ()
        while self._skip(_GAP) < len(self.text):
            if not self._next_is("["):
                found.extend(self._pair(table))
                continue
            _end_body(found, latest, self.offset)
            latest = len(found)
            found.append(self._header())
            table = found[latest].path
        _end_body(found, latest, len(self.text))
        return found

    def _header(self) -> Entry:
        """A header; its body seems empty until the next header is met."""
        kind = Kind.TABLE_ELEMENT if self._next_is("[[") else Kind.TABLE
        brackets = 2 if kind is Kind.TABLE_ELEMENT else 1
        self.offset += brackets
        names, key = self._key()
        path = self._resolved(names[:-1]) + names[-1:]
        if kind is Kind.TABLE_ELEMENT:
            index = self.sizes.get(path, 0)
            self.sizes[path] = index + 1
            path = (*path, index)
        self.offset += brackets
        return Entry(kind, path, key, Span(self.offset, self.offset), ())

    def _resolved(self, names: KeyPath) -> KeyPath:
        path: KeyPath = ()
        for name in names:
            path = (*path, name)
            if path in self.sizes:
                path = (*path, self.sizes[path] - 1)
        return path

    def _pair(self, table: KeyPath) -> Iterator[Entry]:
        names, key = self._key()
        self.offset += 1  # the equals sign
        self._skip(_BLANK)
        yield from self._value(Kind.PAIR, table + names, key, table)

    def _key(self) -> tuple[KeyPath, Span]:
        self._skip(_BLANK)
        start = self.offset
        names: list[str] = []
        while True:
            part = self._take(_KEY_PART)
            names.append(_name(part))
            end = self.offset
            self._skip(_BLANK)
            if not self._next_is("."):
                return tuple(names), Span(start, end)
            self.offset += 1
            self._skip(_BLANK)

    def _value(self, kind: Kind, path: KeyPath, key: Span, home: KeyPath) -> Iterator[Entry]:
        """A value and, after it, the entries inside it."""
        start = self.offset
        inside: list[Entry] = []
        if self._next_is("["):
            inside = list(self._array(path))
        elif self._next_is("{"):
            inside = list(self._inline_table(path))
        elif self._next_is('"') or self._next_is("'"):
            self._take(_STRING)
        else:
            bare = self._take(_BARE_VALUE)
            self.offset = start + len(bare.rstrip())
        yield Entry(kind, path, key, Span(start, self.offset), home)
        yield from inside

    def _array(self, path: KeyPath) -> Iterator[Entry]:
        self.offset += 1
        index = 0
        while self._skip(_GAP) < len(self.text) and not self._next_is("]"):
            yield from self._value(Kind.ELEMENT, (*path, index), Span(self.offset, self.offset), path)
            index += 1
            self._skip(_GAP)
            self.offset += self._next_is(",")
        self.offset += 1

    def _inline_table(self, path: KeyPath) -> Iterator[Entry]:
        self.offset += 1
        while self._skip(_GAP) < len(self.text) and not self._next_is("}"):
            yield from self._pair(path)
            self._skip(_GAP)
            self.offset += self._next_is(",")
        self.offset += 1

    def _next_is(self, token: str) -> bool:
        return self.text.startswith(token, self.offset)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        self.offset = _end(pattern, self.text, self.offset)
        return self.offset

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.offset)
        if match is None:
            raise ValueError(f"no TOML at offset {self.offset}")
        self.offset = match.end()
        return match[0]


def _end(pattern: re.Pattern[str], text: str, offset: int) -> int:
    match = pattern.match(text, offset)
    return offset if match is None else match.end()


def _end_body(found: list[Entry], header: int | None, end: int) -> None:
    if header is not None:
        entry = found[header]
        found[header] = msgspec.structs.replace(entry, value=Span(entry.value.start, end))


def _name(part: str) -> str:
    """The key that one part of a written name stands for."""
    if part[0] not in "\"'":
        return part
    if part[0] == "'" or "\\" not in part:
        return part[1:-1]
    ((name, _),) = tomllib.loads(f"{part} = 0").items()
    return name
