"""Sentences of this page, with what belongs into them, and parts of answers that could not be had."""

from collections.abc import Mapping
from typing import Any, Final

from ui.speech import BETWEEN, Speech, clock

__all__ = ["clock", "failure", "joined", "several", "tr"]

_TIED: Final = "\N{NO-BREAK SPACE}"
_speech = Speech("overview")
tr, several = _speech.tr, _speech.several

Part = Mapping[str, Any]


def joined(*facts: str) -> str:
    """In one line; where there is no room, a line ends between facts."""
    facts = tuple(fact.replace(" ", _TIED) for fact in facts)
    return BETWEEN.join(filter(None, facts))


def failure(part: object) -> str:
    """Why a part of an answer is missing, in a sentence; empty for one that is there."""
    is_failure = isinstance(part, Mapping) and set(part) == {"error", "detail"}
    return str(part["detail"]) if is_failure and isinstance(part, Mapping) else ""
