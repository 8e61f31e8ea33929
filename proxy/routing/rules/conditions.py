"""Conditions with their groups, compiled into one test.

A test adds the steps it makes to the trace and says whether it holds; None where that cannot be told. A group
ends at the first of its tests that decides it; what cannot be told decides nothing.
"""

from collections.abc import Callable, Iterator
from typing import Final

from proxy.config import Condition, Finding, KeyPath
from proxy.routing.rules.check import Check, MisfitError, Verdict, shown
from proxy.routing.rules.situation import TOO_SLOW, Situation, Step
from proxy.routing.rules.vocabulary import check_of

Test = Callable[[Situation, list[Step]], Verdict]

DEEPEST: Final = 20
"""How deep conditions may stand inside each other."""


class UnfitError(Exception):
    """A condition can never be tested."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def compiled_conditions(conditions: tuple[Condition, ...]) -> Test:
    """All of them, as a rule has them; raises UnfitError."""
    return _every(tuple(_compiled(each, ("when", n), 1) for n, each in enumerate(conditions)))


def unfit_conditions(conditions: tuple[Condition, ...]) -> Iterator[Finding]:
    """What is wrong with each of them: the first thing in every condition of the rule."""
    for index, condition in enumerate(conditions):
        try:
            _compiled(condition, ("when", index), 1)
        except UnfitError as unfit:
            yield unfit.finding


def signals_in(conditions: tuple[Condition, ...]) -> frozenset[str]:
    """All that sound conditions ask for."""
    inner = (signals_in(_inner(each)) for each in conditions)
    return frozenset({each.signal for each in conditions if each.signal}).union(*inner)


def _inner(condition: Condition) -> tuple[Condition, ...]:
    negated = () if condition.negated is None else (condition.negated,)
    return (*condition.any_of, *condition.all_of, *negated)


def _compiled(condition: Condition, path: KeyPath, depth: int) -> Test:
    if depth > DEEPEST:
        raise UnfitError(_notice(path, f"conditions stand more than {DEEPEST} deep inside each other"))
    for finding in condition.findings():
        raise UnfitError(_notice((*path, *finding.path), finding.message))
    if condition.negated is not None:
        return _negation(_compiled(condition.negated, (*path, "not"), depth + 1))
    for key, group, joined in (("any", condition.any_of, _either), ("all", condition.all_of, _every)):
        if group:
            return joined(tuple(_compiled(each, (*path, key, n), depth + 1) for n, each in enumerate(group)))
    try:
        return _single(condition, check_of(condition))
    except MisfitError as misfit:
        raise UnfitError(_notice((*path, misfit.key), str(misfit))) from misfit


def _single(condition: Condition, check: Check) -> Test:
    signal, op, value = condition.signal, condition.op, shown(condition.value)
    untold = TOO_SLOW if op == "regex" else "unknown"

    def test(situation: Situation, trace: list[Step]) -> Verdict:
        verdict, found = check(situation)
        note = untold if verdict is None else ""
        trace.append(Step(signal, op, value, verdict is True, found, note))
        return verdict

    return test


def _every(tests: tuple[Test, ...]) -> Test:
    def test(situation: Situation, trace: list[Step]) -> Verdict:
        worst: Verdict = True
        for each in tests:
            verdict = each(situation, trace)
            if verdict is False:
                return False
            if verdict is None:
                worst = None
        return worst

    return test


def _either(tests: tuple[Test, ...]) -> Test:
    def test(situation: Situation, trace: list[Step]) -> Verdict:
        best: Verdict = False
        for each in tests:
            verdict = each(situation, trace)
            if verdict:
                return True
            if verdict is None:
                best = None
        return best

    return test


def _negation(inner: Test) -> Test:
    def test(situation: Situation, trace: list[Step]) -> Verdict:
        verdict = inner(situation, trace)
        return None if verdict is None else not verdict

    return test


def _notice(path: KeyPath, message: str) -> Finding:
    return Finding(path, message, "notice")
