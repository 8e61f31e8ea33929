"""What was done since the user typed, step by step: each call with what came of it."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from proxy.routing.signals.acts import UNKNOWN, Act
from proxy.routing.signals.facts import learn_deeds
from proxy.routing.signals.failing import CRASH, SMALL
from proxy.routing.signals.outcomes import Outcome
from proxy.routing.signals.texts import Texts
from proxy.routing.signals.typed import typed_before, typed_place

MOST: Final = 24
"""Results that are looked at."""
_MOST_MESSAGES: Final = 200
"""So many are looked through for results; one call in a message of its own makes two of them."""

LOOKING: Final = frozenset({"read", "search"})

Step = tuple[Act, Outcome]

_RAN: Final = frozenset({"run", "wait"})
"""What they answer is a program's output."""


def steps_of(texts: Texts) -> list[Step]:
    """The last ones, oldest first. At a typed turn they are those for what the user had asked before."""
    return _paired(texts, _places(texts))[-MOST:]


def _places(texts: Texts) -> list[int]:
    """The messages with calls and results, back to the calls of the first result that is looked at."""
    facts = texts.facts
    end = len(facts) if texts.turn.is_tools else typed_place(texts) or 0
    reach = max(0, end - _MOST_MESSAGES)
    typed = typed_before(facts, end, reach)
    begin = reach if typed is None else typed + 1
    found: list[int] = []
    results = 0
    for place in range(end - 1, begin - 1, -1):
        known = facts[place]
        if known.has_results:
            results += 1
            if results > MOST:
                break
            found.append(place)
        elif known.has_tools:
            found.append(place)
    found.reverse()
    return found


def _paired(texts: Texts, places: Sequence[int]) -> list[Step]:
    """Results in their order, each with its call; where ids are only names they come more than once."""
    learn_deeds(texts.facts, texts.messages, texts.see, places)
    waiting: dict[int, Act] = {}
    behind: dict[int, list[Act]] = {}
    steps: list[Step] = []
    for place in places:
        deeds = texts.facts[place].deeds
        if deeds is None:
            continue
        for act in deeds.acts:
            if waiting.setdefault(act.call, act) is not act:
                behind.setdefault(act.call, []).append(act)
        for outcome in deeds.outcomes:
            act = waiting.pop(outcome.call, UNKNOWN)
            if behind.get(outcome.call):
                waiting[outcome.call] = behind[outcome.call].pop(0)
            steps.append((act, outcome if act.sort in _RAN else _believed(act, outcome)))
    return steps


def _believed(act: Act, outcome: Outcome) -> Outcome:
    """That nothing was found is no failure to speak of, and only what ran can have run tests.

    Without an error that is stated all went well: what was read, found or written may speak of any failure.
    """
    if not outcome.is_stated:
        return Outcome(outcome.call, answer=outcome.answer)
    severity = outcome.severity
    if act.sort in LOOKING and severity < CRASH:
        severity = min(severity, SMALL)
    if severity == outcome.severity and outcome.tests == "none":
        return outcome
    return replace(outcome, severity=severity, tests="none")
