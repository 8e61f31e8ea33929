"""Whose turn a request is: the user's, who typed something, or a tool's, whose result the model is to see."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from proxy.routing.signals.facts import Facts


class Turn(NamedTuple):
    start: int
    """The first message that makes the turn; behind the last one where nobody said anything."""
    is_tools: bool
    answers: tuple[int, ...] = ()
    """Where the results stand that the model has not seen."""


NO_TURN = Turn(0, is_tools=False)
_SPEAKERS = frozenset({"user", "assistant"})
"""Whoever else has a word between two items of an answer does not part them."""


def turn_of(messages: Sequence[Facts]) -> Turn:
    """The last message that says something decides; no answer begun for the model does, and no notice."""
    place = _end_of(messages) - 1
    while place >= 0 and _is_passed(messages[place]):
        place -= 1
    if place < 0:
        return Turn(len(messages), is_tools=False)
    if messages[place].has_results:
        return _of_tools(messages, place)
    if messages[place].is_open:
        return Turn(place, is_tools=True)
    return Turn(_typed_before(messages, place), is_tools=False)


def answers_in(messages: Sequence[Facts]) -> int:
    """How often the model has answered: some formats spread one answer over several items."""
    said = [one.role for one in messages[: _end_of(messages)] if one.role in _SPEAKERS]
    return [role for role, _ in groupby(said)].count("assistant")


def _end_of(messages: Sequence[Facts]) -> int:
    """Behind what is to be answered."""
    end = len(messages)
    while end and _is_begun(messages[end - 1]):
        end -= 1
    return end


def _of_tools(messages: Sequence[Facts], place: int) -> Turn:
    """All results that stand together, though notices lie between them."""
    answers: list[int] = []
    while place >= 0 and (messages[place].has_results or _is_passed(messages[place])):
        if messages[place].has_results:
            answers.append(place)
        place -= 1
    return Turn(answers[-1], is_tools=True, answers=tuple(reversed(answers)))


def _typed_before(messages: Sequence[Facts], place: int) -> int:
    while place >= 0 and not messages[place].is_typed:
        place -= 1
    return place if place >= 0 else len(messages)


def _is_begun(facts: Facts) -> bool:
    """What a model has said, or the beginning of what it is to say, and what belongs to nobody."""
    return facts.role != "user" and not facts.is_open and not facts.has_results


def _is_passed(facts: Facts) -> bool:
    """A notice, or what belongs to nobody."""
    if facts.role == "user":
        return not facts.has_results and not facts.is_typed
    return facts.role != "assistant"
