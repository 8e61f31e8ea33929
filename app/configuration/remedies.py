"""The sentences of tomllib and what we say instead: what a person did, and how it is put right.

The first row that fits is used. None of our sentences repeats anything from the file.
"""

import re
from typing import Final

import msgspec

_INLINE_TABLE: Final = (
    "a table in { } stands on one line, with commas between its keys and none behind the last"
)
_ESCAPE: Final = (
    r'a backslash in "..." begins an escape such as \n; '
    "a path needs '...' quotes, or each backslash written twice"
)
_SWITCHES: Final = "true|false|yes|no|on|off"
_NO_QUOTE: Final = "the closing quote is missing"


class _Remedy(msgspec.Struct, frozen=True):
    """Our sentence for one of tomllib's, where the text goes on in a certain way."""

    said: str
    sentence: str
    follows: str = ""

    def fits(self, said: str, rest: str) -> bool:
        return re.match(self.said, said) is not None and re.match(self.follows, rest) is not None


UNCLOSED_LIST: Final = "Unclosed array"

_REMEDIES: Final = (
    _Remedy(r"(Illegal|Found invalid) character '\\n'", _NO_QUOTE),
    _Remedy("Unterminated string", _NO_QUOTE),
    _Remedy(r"""Expected ["'](\\?'|\"){1,3}["']""", _NO_QUOTE),
    _Remedy(
        "(Illegal|Found invalid) character",
        r'a control character stands here; in a text in "..." it is written as an escape such as \u0000',
    ),
    _Remedy("Unescaped|Invalid hex value|Escaped character is not", _ESCAPE),
    _Remedy("Invalid value", "there are only true and false, in lower case", rf"(?i:{_SWITCHES})\b"),
    _Remedy("Invalid value", "TOML knows no such value; leave the key out", r"(?i:none|null|nil)\b"),
    _Remedy("Invalid value", "the value behind = is missing", r"[ \t]*([\r\n#]|\Z)"),
    _Remedy("Invalid value", "quotes are straight ones: \" or '", "[\u2018-\u201f\u00ab\u00bb`]"),
    _Remedy("Invalid value", "a value is missing before this sign", r"[,\]}]"),
    _Remedy("Invalid value", "this is no value; a text stands in quotes, a number begins with a digit"),
    _Remedy("Invalid date", "there is no such date; a text stands in quotes"),
    _Remedy("Invalid initial character", _INLINE_TABLE, r"[}\r\n#]"),
    _Remedy(
        "Invalid initial character",
        "a name is missing; quote it unless it is made of letters, digits, - and _",
    ),
    _Remedy("Unclosed inline table", _INLINE_TABLE),
    _Remedy(UNCLOSED_LIST, "a list lacks a comma between its elements or the ] at its end"),
    _Remedy("Duplicate inline table key", "a key is twice in the same { }; keep one of them"),
    _Remedy(
        "Cannot overwrite a value",
        "has a value already, so it can be no section; keep one of them",
        r"[ \t]*\]",
    ),
    _Remedy("Cannot overwrite a value", "has a value already; keep one of them"),
    _Remedy("Cannot declare", "this section is there already; put its keys together below one header"),
    _Remedy(
        "Cannot mutate immutable", "adds to a list or a table in { } that is complete; write it in one place"
    ),
    _Remedy("Cannot redefine namespace", "is a section already; put the key below its header"),
    _Remedy(r"Expected '\]\]?'", "the ] behind the name is missing, or a part of the name needs quotes"),
    _Remedy("Expected '='", "a key and its value are joined by =, not by a colon", r"[ \t]*:"),
    _Remedy("Expected '='", "= and a value are missing behind the key"),
    _Remedy(
        "Expected newline", "lines end with carriage returns alone; save the file with usual line ends", r"\r"
    ),
    _Remedy(
        "Expected newline", "something stands behind the value; a text stands in quotes, a comment behind #"
    ),
    _Remedy("Invalid statement", "a line begins with a key, a [section] or #"),
)


def remedy_for(said: str, rest: str) -> str | None:
    """What to say instead of a sentence of tomllib about a place where the text goes on with `rest`."""
    return next((remedy.sentence for remedy in _REMEDIES if remedy.fits(said, rest)), None)
