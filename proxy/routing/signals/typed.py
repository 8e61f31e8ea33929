"""Where the user typed: the turn that is to be answered, and those before it."""

from collections.abc import Sequence

from proxy.routing.signals.facts import Facts
from proxy.routing.signals.texts import Texts


def typed_place(texts: Texts) -> int | None:
    """Of what the turn answers, or for whom its tools are at work; None where nobody typed anything."""
    return typed_before(texts.facts, min(texts.turn.start, len(texts.facts) - 1) + 1)


def typed_before(facts: Sequence[Facts], end: int, least: int = 0) -> int | None:
    """The last place before `end` and not before `least` where the user typed."""
    for place in range(end - 1, least - 1, -1):
        if facts[place].is_typed:
            return place
    return None
