"""Words that programs put into their own prompts, by which a side call is known for what it is."""

from collections.abc import Iterable
from enum import Flag, auto


class Mark(Flag):
    NONE = 0
    SUGGESTS = auto()
    COMPACTS = auto()
    TITLES = auto()
    IS_AN_AGENT = auto()
    IS_CLAUDE_CODE = auto()
    WARMS_UP = auto()
    PROBES_QUOTA = auto()


UNMARKED = Mark.NONE
"""By a name of its own: members of enums are slow to get at, and nearly every message is compared to it."""

_HELD = {
    "[SUGGESTION MODE:": Mark.SUGGESTS,
    "summary of the conversation": Mark.COMPACTS,
    "CONTEXT CHECKPOINT COMPACTION": Mark.COMPACTS,
    "tasked with summarizing conversations": Mark.COMPACTS,
    "summarizes internal chat history": Mark.COMPACTS,
    "isNewTopic": Mark.TITLES,
    "title generator": Mark.TITLES,
    "sentence-case title": Mark.TITLES,
    "You are an agent": Mark.IS_AN_AGENT,
    "You are Claude Code": Mark.IS_CLAUDE_CODE,
}
_WHOLE = {"Warmup": Mark.WARMS_UP, "count": Mark.WARMS_UP, "quota": Mark.PROBES_QUOTA}


def marks_in(texts: Iterable[str]) -> Mark:
    """The marks of a message's cleaned texts."""
    found = UNMARKED
    for text in texts:
        for words, mark in _HELD.items():
            if words in text:
                found |= mark
        found |= _WHOLE.get(text, UNMARKED)
    return found
