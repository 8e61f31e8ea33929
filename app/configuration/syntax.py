"""Where a text stops being TOML, said so that a person finds it.

tomllib tells the place where it gave up, which may be far behind the mistake: a list without end swallows the
sections below it. So the statement is looked for that all this belongs to, and named by its key; never by its
value, which may be a secret.
"""

import bisect
import re
import tomllib
from typing import Final

import msgspec

from app.configuration.remedies import UNCLOSED_LIST, remedy_for
from app.toml.layout import Layout

_POSITION: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_REST: Final = 100  # characters behind the place, enough to tell what stands there

_NAME: Final = r"""(?:[A-Za-z0-9_-]{1,40}|"[^"\\\n]{1,40}"|'[^'\n]{1,40}')"""
_NAMES: Final = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_KEY: Final = re.compile(rf"[ \t]*({_NAMES})[ \t]*=(?!=)")  # a pasted secret may end with ==
_HEADER: Final = re.compile(rf"[ \t]*\[\[?[ \t]*({_NAMES})")
_LONG_NUMBER: Final = re.compile(r"[=\[,][ \t\r\n]*[+-]?(?=[0-9_]{1000})")


class Mistake(msgspec.Struct, frozen=True):
    """Line and column count from 1. The key is as written, empty where the line begins with none."""

    message: str
    line: int
    column: int
    key: str


def syntax_mistake(text: str, said: str) -> Mistake:
    """The mistake in a text that tomllib refused with these words."""
    layout = Layout(text)
    position = _POSITION.search(said)
    if position is None:
        return _unreadable_number(layout)
    offset = layout.offset_of(int(position[1]), int(position[2])) if position[1] else len(text)
    start, line_start = _statement(layout, offset), layout.line_start(offset)
    said = said[: position.start()]
    if (
        said == "Invalid value"
        and start < line_start
        and (offset == len(text) or _beginning(layout, line_start))
    ):
        said = UNCLOSED_LIST  # what stands below a list without end is read as its element
    return _mistake(layout, start, offset, remedy_for(said, text[offset : offset + _REST]) or said)


def _unreadable_number(layout: Layout) -> Mistake:
    """Python refuses to read numbers of thousands of digits, and does not say where it met one."""
    number = _LONG_NUMBER.search(layout.text)
    if number is None:
        return Mistake("not valid TOML: a value cannot be read", 0, 0, "")
    return _mistake(layout, _statement(layout, number.end()), number.end(), "the number has too many digits")


def _mistake(layout: Layout, start: int, offset: int, sentence: str) -> Mistake:
    """What is missing at the end of the file is missing from the statement that began further up."""
    key = _beginning(layout, start)
    if offset == len(layout.text) and start < layout.line_start(offset):
        line, column = layout.line_and_column(start + len(layout.indent_of(start)))
        return Mistake(f"not valid TOML: {sentence}", line, column, key)
    line, column = layout.line_and_column(offset)
    return Mistake(f"not valid TOML at column {column}: {sentence}", line, column, key)


def _statement(layout: Layout, offset: int) -> int:
    """The start of the line on which the statement around an offset begins: all before it is valid.

    A line that looks like the begin of a statement may be a part of one, of a text or list without end.
    """
    start = layout.line_start(offset)
    if _is_toml(layout.text[:start]):
        return start
    begins = [begin for begin in layout.line_starts if begin < start and _beginning(layout, begin)]
    broken = bisect.bisect_left(begins, 1, key=lambda begin: not _is_toml(layout.text[:begin]))
    return begins[broken - 1] if broken else start


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _beginning(layout: Layout, start: int) -> str:
    """The key or the section that a line begins with, as it is written; empty if it begins otherwise."""
    found = _KEY.match(layout.text, start) or _HEADER.match(layout.text, start)
    return found[1] if found else ""
