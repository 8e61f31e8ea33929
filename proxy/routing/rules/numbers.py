"""Tests of numbers: of a request, and of the services that a rule leads to."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import Final

from proxy.routing.balance.figures import Figures
from proxy.routing.rules.check import Asked, Check, Make, Outcome
from proxy.routing.rules.situation import Situation

Compare = Callable[[float, float], bool]
Figure = Callable[[Figures], float | None]
Summary = Callable[[Sequence[float]], float]

_COMPARISONS: Final[Mapping[str, Compare]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
    "equals": operator.eq,
}

_NO_LIMIT_PASSED: Final = frozenset({"le", "lt"})
"""The ops that hold for services nobody has measured: none of them has been seen above the limit."""


def number_tests(read: Callable[[Situation], float | None]) -> Mapping[str, Make]:
    """Tests of a number; None is not known."""

    def making(compare: Compare) -> Make:
        def make(asked: Asked) -> Check:
            limit = asked.number

            def check(situation: Situation) -> Outcome:
                number = read(situation)
                return (None, None) if number is None else (compare(number, limit), number)

            return check

        return make

    def make_between(asked: Asked) -> Check:
        low, high = asked.span

        def check(situation: Situation) -> Outcome:
            number = read(situation)
            return (None, None) if number is None else (low <= number < high, number)

        return check

    return {**{op: making(compare) for op, compare in _COMPARISONS.items()}, "between": make_between}


def figure_tests(mean: Figure, p99: Figure) -> Mapping[str, Make]:
    """Tests of what services have shown: an upper limit asks the best of them, a lower one the average."""
    return {
        "le": _pool_test("le", _figures(mean), min),
        "lt": _pool_test("lt", _figures(mean), min),
        "ge": _pool_test("ge", _figures(mean), fmean),
        "gt": _pool_test("gt", _figures(mean), fmean),
        "max_le": _pool_test("le", _figures(p99), min),
        "max_ge": _pool_test("ge", _figures(p99), fmean),
    }


def capacity_tests() -> Mapping[str, Make]:
    """Tests of the share of seats that are taken, in percent, over the services that have a capacity."""
    return {op: _pool_test(op, _uses, fmean) for op in ("ge", "gt", "le", "lt")}


def _pool_test(op: str, read: Callable[[Situation], Iterable[float]], summary: Summary) -> Make:
    compare = _COMPARISONS[op]
    without: Outcome = (op in _NO_LIMIT_PASSED, None)

    def make(asked: Asked) -> Check:
        limit = asked.number

        def check(situation: Situation) -> Outcome:
            numbers = tuple(read(situation))
            if not numbers:
                return without
            number = summary(numbers)
            return compare(number, limit), number

        return check

    return make


def _figures(figure: Figure) -> Callable[[Situation], Iterable[float]]:
    def read(situation: Situation) -> Iterable[float]:
        for candidate in situation.pool:
            if candidate.active:
                number = figure(situation.figures(candidate.service))
                if number is not None:
                    yield number

    return read


def _uses(situation: Situation) -> Iterable[float]:
    for candidate in situation.pool:
        if candidate.active and candidate.capacity:
            yield situation.in_flight(candidate.service) / candidate.capacity * 100
