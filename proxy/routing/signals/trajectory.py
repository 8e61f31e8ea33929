"""How the work with tools has gone since the user typed, as far back as it still tells something.

Only what was called and what came of it counts: neither what anybody says nor which tools are offered. At a
typed turn it is the work for what the user had asked before, at a tool's turn the work that is going on.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import Final, Literal

from msgspec import Struct

from proxy.routing.signals.acts import UNKNOWN
from proxy.routing.signals.failing import ERROR, SOUND
from proxy.routing.signals.steps import LOOKING, Step, steps_of
from proxy.routing.signals.texts import Texts

_RECENT: Final = 6
"""Results whose severity still tells something."""
_SPINS: Final = 6
_REPEATS: Final = 3
_FAILS_IN_A_ROW: Final = 3
_EXPLORES: Final = 3
_MOSTLY: Final = 0.7
_WORK: Final = LOOKING | {"edit", "run"}
"""Whoever waits, plans or delegates may well do so with the same words again."""

TestsState = Literal["passing", "failing", "none"]


class Trajectory(Struct, frozen=True, kw_only=True):
    results: int = 0
    """How many results of tools were looked at."""
    severity: int = 0
    """Of the worst among the last results that nothing has overcome since."""
    failures: int = 0
    repeated: int = 0
    """How often the most frequent failure came, or tests failed in a row, unless that was overcome.

    That nothing was found, or a file was missing, is no failure that anybody is stuck with.
    """
    spinning: bool = False
    """Calls and their answers repeat themselves, or runs keep failing, and no edit comes between."""
    exploring: bool = False
    """Nearly all was reading and searching, and nothing failed."""
    edits: int = 0
    """Successful ones."""
    tests: TestsState = "none"
    """How the last run of tests ended."""
    is_green: bool = False
    """Tests pass that did not before, or pass after an edit."""


NO_TRAJECTORY: Final = Trajectory()


def trajectory_of(texts: Texts) -> Trajectory:
    steps = steps_of(texts)
    return _told(steps) if steps else NO_TRAJECTORY


def _told(steps: Sequence[Step]) -> Trajectory:
    """A declined call has failed at nothing, though it did nothing either."""
    failed: list[int] = []
    edits: list[int] = []
    runs: list[int] = []
    for at, (act, outcome) in enumerate(steps):
        if outcome.severity:
            failed.append(at)
        if outcome.tests != "none":
            runs.append(at)
        if act.sort == "edit" and not outcome.failed:
            edits.append(at)
    lasting = [at for at in failed if not _is_overcome(steps, at)]
    is_passing = bool(runs) and steps[runs[-1]][1].tests == "passed"
    return Trajectory(
        results=len(steps),
        severity=max([steps[at][1].severity for at in lasting if at >= len(steps) - _RECENT], default=SOUND),
        failures=len(failed),
        repeated=_repeated([steps[at] for at in lasting], [steps[at] for at in runs]),
        spinning=_is_spinning(steps[edits[-1] + 1 :] if edits else steps),
        exploring=not edits and not failed and _looks_mostly(steps),
        edits=len(edits),
        tests=("passing" if is_passing else "failing") if runs else "none",
        is_green=is_passing and _led_here(steps, runs, edits),
    )


def _is_overcome(steps: Sequence[Step], at: int) -> bool:
    """By tests that passed afterwards, or by the same call that went well."""
    failed = steps[at][0]
    return any(
        outcome.tests == "passed" or (act.signature == failed.signature and act is not UNKNOWN)
        for act, outcome in steps[at + 1 :]
        if not outcome.failed
    )


def _repeated(lasting: Sequence[Step], runs: Sequence[Step]) -> int:
    """Whoever waits may be told of one and the same failure time and again."""
    told = [
        outcome.signature
        for act, outcome in lasting
        if outcome.severity >= ERROR and outcome.signature and act.sort != "wait"
    ]
    ran = [outcome.tests for act, outcome in runs if act.sort != "wait"]
    in_a_row = len(list(takewhile("failed".__eq__, reversed(ran))))
    return max([in_a_row, *Counter(told).values()])


def _is_spinning(since: Sequence[Step]) -> bool:
    """Of what came after the last edit."""
    if len(since) < _FAILS_IN_A_ROW:
        return False
    runs = [outcome.severity for act, outcome in reversed(since) if act.sort == "run"]
    if len(list(takewhile(bool, runs))) >= _FAILS_IN_A_ROW:
        return True
    if len(since) < _SPINS:
        return False
    calls = [(act.signature, outcome.answer) for act, outcome in since if act.sort in _WORK]
    return len(calls) - len(set(calls)) >= _REPEATS


def _looks_mostly(steps: Sequence[Step]) -> bool:
    looks = len([act for act, _ in steps if act.sort in LOOKING])
    return looks >= _EXPLORES and looks >= _MOSTLY * len(steps)


def _led_here(steps: Sequence[Step], runs: Sequence[int], edits: Sequence[int]) -> bool:
    """Whether the last run passed because of what was done."""
    has_failed = any(steps[at][1].tests == "failed" for at in runs)
    return has_failed or bool(edits and edits[0] < runs[-1])
