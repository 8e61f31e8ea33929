"""The family a model's name tells of: how clients say whether they want a small one or a big one."""

import re

_FAMILIES = ("haiku", "mini", "nano", "flash", "lite", "opus", "fable", "pro", "sonnet")
_WORD = re.compile(r"[a-z]+")


def family_of(model: str) -> str:
    """The first family that stands in the name as a word of its own; empty if none does."""
    words = _WORD.findall(model.casefold().rpartition("/")[2])
    return next((family for family in _FAMILIES if family in words), "")
