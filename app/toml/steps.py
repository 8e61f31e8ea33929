"""Edits that lead back: what a text said before is written as it stood then, with its comments and its order.

A step back is found by what it means and not by who asks for it, so whoever undoes an edit only has to give
each key the value that it had. Lines that were changed by others since stay as they are.
"""

import tomllib
from collections import deque
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from app.toml.edits import Assign, Edit, edited, without_empty
from app.toml.trees import ABSENT, is_same, plain, value_at

_MOST: Final = 8


class _Step(NamedTuple):
    before: str
    after: str
    said: dict[str, Any]
    """What the text before means."""


class Steps:
    """The last edits of one text."""

    def __init__(self) -> None:
        self._steps: deque[_Step] = deque(maxlen=_MOST)

    def edited(self, text: str, edits: Iterable[Edit]) -> str:
        """The text, which must be valid TOML without byte order mark, after all edits in turn."""
        edits = tuple(edits)
        result = edited(text, edits)
        if result == text:
            return text  # what says already what it should is nobody's step back
        backs = (_taken_back(text, step) for step in reversed(self._steps) if _leads_back(edits, step))
        result = next((back for back in backs if _means_the_same(back, result, edits)), result)
        self._steps.append(_Step(text, result, tomllib.loads(text)))
        return result


def _leads_back(edits: Sequence[Edit], step: _Step) -> bool:
    """True if before that step every key had the value that it is to have now."""
    return all(is_same(value_at(step.said, edit.path), _wanted(edit)) for edit in edits)


def _wanted(edit: Edit) -> Any:
    return plain(edit.value) if isinstance(edit, Assign) else ABSENT


def _taken_back(text: str, step: _Step) -> str:
    """The text with the lines of before in the place of those that the step put there.

    Where others have changed such lines since, the text stays as it is.
    """
    if text == step.after:
        return step.before  # mostly; lines that are found one by one take long in a long file
    now, after, before = (each.splitlines(keepends=True) for each in (text, step.after, step.before))
    kept = SequenceMatcher(None, after, now, autojunk=False).get_matching_blocks()
    changes = SequenceMatcher(None, after, before, autojunk=False).get_opcodes()
    for kind, start, end, first, last in reversed(changes):
        if kind == "equal":
            continue
        block = next((each for each in kept if each.a <= start and end <= each.a + each.size), None)
        if block is None:
            return text
        place = start - block.a + block.b
        now[place : place + end - start] = before[first:last]
    return "".join(now)


def _means_the_same(one: str, other: str, edits: Sequence[Edit]) -> bool:
    """Tables that only exist through what the edits change may be there or not."""
    try:
        trees = [tomllib.loads(text) for text in (one, other)]
    except tomllib.TOMLDecodeError:
        return False
    for edit in edits:
        trees = [without_empty(tree, edit.path) for tree in trees]
    return is_same(*trees)
