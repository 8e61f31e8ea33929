"""Calls whose arguments are JSON: up to where the JSON ends, and the marker that may have to follow."""

import re
from collections.abc import Callable

from proxy.wire.text_calls.form import Body, Call, Found, NotACallError, Schemas, Verdict

Reader = Callable[[str, str, Schemas], tuple[Call, ...]]
"""Makes calls of the name in the head and the JSON; raises NotACallError."""

_IN_STRING = re.compile(r'["\\]')
_OUTSIDE = re.compile(r'["{}\[\]]')


def json_body(read: Reader, *closings: str) -> Callable[[str, str, Schemas], Body]:
    """For forms whose heads end with the JSON's first character.

    Without closings the call ends where its JSON does.
    """
    return lambda name, start, schemas: JsonBody(lambda text: read(name, text, schemas), start[-1], closings)


class JsonBody:
    def __init__(
        self, read: Callable[[str], tuple[Call, ...]], first: str, closings: tuple[str, ...]
    ) -> None:
        self._read = read
        self._json = [first]
        self._end = JsonEnd()
        self._end.feed(first)
        self._calls: tuple[Call, ...] | None = None
        self._closings = closings
        self._closed = 0

    def feed(self, text: str) -> Found | Verdict:
        if self._calls is None:
            at = self._end.feed(text)
            self._json.append(text[:at])
            if at is None:
                return Verdict.MORE
            try:
                self._calls = self._read("".join(self._json))
            except NotACallError:
                return Verdict.NO
            text = text[at:]
        return self._close(self._calls, text) if self._closings else Found(self._calls, text)

    def _close(self, calls: tuple[Call, ...], text: str) -> Found | Verdict:
        for at, character in enumerate(text):
            if character.isspace():
                continue
            self._closings = tuple(c for c in self._closings if c[self._closed] == character)
            self._closed += 1
            if not self._closings:
                return Verdict.NO
            if len(self._closings[0]) == self._closed:
                return Found(calls, text[at + 1 :])
        return Verdict.MORE


class JsonEnd:
    """Finds where an object or array ends; looks at each character once."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False

    def feed(self, text: str) -> int | None:
        """The place after the end, if it is in here."""
        at = 0
        while at < len(text):
            if self._escaped:
                self._escaped = False
                at += 1
                continue
            mark = (_IN_STRING if self._in_string else _OUTSIDE).search(text, at)
            if mark is None:
                return None
            at = mark.end()
            self._take(mark[0])
            if not self._depth:
                return at
        return None

    def _take(self, mark: str) -> None:
        if mark == "\\":
            self._escaped = True
        elif mark == '"':
            self._in_string = not self._in_string
        else:
            self._depth += 1 if mark in "{[" else -1
