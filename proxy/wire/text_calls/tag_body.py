"""Calls written as tags: up to the closing tag that is not itself part of a value."""

import re
from collections.abc import Callable
from re import Match, Pattern

from proxy.wire.text_calls.form import Body, Call, Found, NotACallError, Schemas, Verdict

Reader = Callable[[str, Schemas], tuple[Call, ...] | None]
"""Makes calls of the whole text, its opening and closing included; None says that the closing belongs to a
value and the text goes on. Raises NotACallError."""

MOST_CLOSINGS = 500
"""A value that speaks so often of its own closing tag is none."""
_END = re.compile(r"\s*\Z")


def tag_body(read: Reader, closing: str) -> Callable[[str, str, Schemas], Body]:
    return lambda _name, start, schemas: TagBody(lambda text: read(text, schemas), start, closing)


class TagBody:
    def __init__(self, read: Callable[[str], tuple[Call, ...] | None], start: str, closing: str) -> None:
        self._read = read
        self._closing = closing
        self._pieces = [start]
        self._searched = 0
        self._disregarded = 0
        self._tail = start

    def feed(self, text: str) -> Found | Verdict:
        self._pieces.append(text)
        self._tail += text
        if self._closing not in self._tail:
            self._tail = self._tail[1 - len(self._closing) :]
            return Verdict.MORE
        return self._look("".join(self._pieces))

    def _look(self, whole: str) -> Found | Verdict:
        while (at := whole.find(self._closing, self._searched)) >= 0:
            self._searched = at + len(self._closing)
            try:
                calls = self._read(whole[: self._searched])
            except NotACallError:
                return Verdict.NO
            if calls is not None:
                return Found(calls, whole[self._searched :])
            self._disregarded += 1
            if self._disregarded == MOST_CLOSINGS:
                return Verdict.NO
        self._pieces = [whole]
        self._tail = whole[max(self._searched, len(whole) + 1 - len(self._closing)) :]
        return Verdict.MORE


def elements(text: str, opening: Pattern[str], closing: str) -> list[tuple[Match[str], str]] | None:
    """The elements that a text consists of, each with what stands in it; None while the last one is open.

    A closing tag counts only if another element or the end follows, so that values may speak of tags.
    """
    found: list[tuple[Match[str], str]] = []
    at = 0
    while start := opening.match(text, at):
        end = text.find(closing, start.end())
        while end >= 0 and not _is_between(text, end + len(closing), opening):
            end = text.find(closing, end + 1)
        if end < 0:
            return None
        found.append((start, text[start.end() : end]))
        at = end + len(closing)
    if not _END.match(text, at):
        raise NotACallError
    return found


def _is_between(text: str, at: int, opening: Pattern[str]) -> bool:
    return bool(opening.match(text, at) or _END.match(text, at))
