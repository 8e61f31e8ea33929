"""Tests of numbers: of requests, and of the services a rule leads to."""

from typing import Any

import pytest

from proxy.config import Condition
from proxy.routing.balance.figures import Figures
from proxy.routing.service import Candidate, Service
from tests.proxy.routing.rules.situations import asks, judged, situation

ONE, TWO, THREE = Service("p", "one"), Service("p", "two"), Service("p", "three")
POOL = (Candidate(ONE), Candidate(TWO), Candidate(THREE))
MEASURED = {
    ONE: Figures(latency_ms=1000, first_byte_ms=100, latency_p99_ms=9000, first_byte_p99_ms=900),
    TWO: Figures(latency_ms=3000, first_byte_ms=300, latency_p99_ms=11000, first_byte_p99_ms=1100),
}


@pytest.mark.parametrize(
    ("op", "value", "held"),
    [
        ("ge", 20, (20, 21)),
        ("gt", 20, (21,)),
        ("le", 20, (19, 20)),
        ("lt", 20, (19,)),
        ("equals", 20, (20,)),
        ("between", (20, 21), (20,)),
        ("between", (-1, 20.5), (19, 20)),
    ],
)
@pytest.mark.parametrize(
    ("signal", "attribute"),
    [
        ("tokens", "tokens"),
        ("tool_count", "tool_count"),
        ("extra_tools", "extra_tools"),
        ("turn", "turns"),
        ("session_age", "session_age"),
        ("spend_today", "spent_today"),
    ],
)
def test_numbers_are_compared(
    signal: str, attribute: str, op: str, value: Any, held: tuple[int, ...]
) -> None:
    condition = asks(signal, op, value)
    situations: list[dict[str, Any]] = [{attribute: number} for number in (19, 20, 21)]
    found = [judged(condition, situation(**each)) for each in situations]

    assert tuple(n for n, each in zip((19, 20, 21), found, strict=True) if each.holds) == held
    assert [each.trace[0].found for each in found] == [19, 20, 21]


@pytest.mark.parametrize("signal", ["session_age", "spend_today", "extra_tools"])
@pytest.mark.parametrize(("op", "value"), [("ge", 0), ("lt", 9e9), ("equals", 0), ("between", (-1, 9e9))])
def test_what_is_not_known_holds_neither_way(signal: str, op: str, value: Any) -> None:
    condition = asks(signal, op, value)
    plain, negated = judged(condition, situation()), judged(Condition(negated=condition), situation())

    assert not plain.holds
    assert not negated.holds
    assert (plain.trace[0].note, plain.trace[0].found) == ("unknown", None)


@pytest.mark.parametrize(
    ("signal", "op", "value", "holds", "found"),
    [
        ("latency", "le", 1000, True, 1000),
        ("latency", "lt", 1000, False, 1000),
        ("latency", "lt", 1001, True, 1000),
        ("latency", "ge", 2000, True, 2000),
        ("latency", "gt", 2000, False, 2000),
        ("latency", "max_le", 9000, True, 9000),
        ("latency", "max_le", 8999, False, 9000),
        ("latency", "max_ge", 10000, True, 10000),
        ("latency", "max_ge", 10001, False, 10000),
        ("first_byte", "le", 99, False, 100),
        ("first_byte", "ge", 200, True, 200),
        ("first_byte", "max_le", 900, True, 900),
        ("first_byte", "max_ge", 1001, False, 1000),
    ],
)
def test_an_upper_limit_asks_the_best_service_and_a_lower_one_the_average(
    signal: str, op: str, value: float, holds: bool, found: float
) -> None:
    step = judged(asks(signal, op, value), situation(pool=POOL, figures=MEASURED)).trace[0]

    assert (step.holds, step.found) == (holds, found)


@pytest.mark.parametrize("signal", ["latency", "first_byte", "capacity_use"])
@pytest.mark.parametrize(
    ("op", "value", "holds"), [("le", 0, True), ("lt", 0, True), ("ge", 0, False), ("gt", 0, False)]
)
def test_services_nobody_has_measured_are_above_no_limit(
    signal: str, op: str, value: float, holds: bool
) -> None:
    (step,) = judged(asks(signal, op, value), situation(pool=POOL)).trace

    assert (step.holds, step.found) == (holds, None)


@pytest.mark.parametrize(("op", "holds"), [("max_le", True), ("max_ge", False)])
def test_without_samples_the_slowest_are_above_no_limit(op: str, holds: bool) -> None:
    assert judged(asks("latency", op, 999999), situation(pool=POOL)).holds is holds


def test_only_services_that_may_be_chosen_are_asked() -> None:
    pool = (Candidate(ONE, active=False), Candidate(TWO))

    (step,) = judged(asks("latency", "le", 2000), situation(pool=pool, figures=MEASURED)).trace

    assert (step.holds, step.found) == (False, 3000)


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [("ge", 75, True), ("gt", 75, False), ("le", 75, True), ("lt", 75, False)],
)
def test_capacity_is_the_mean_share_of_taken_seats(op: str, value: float, holds: bool) -> None:
    pool = (Candidate(ONE, capacity=2), Candidate(TWO, capacity=4), Candidate(THREE))
    seen = situation(pool=pool, in_flight={ONE: 2, TWO: 2, THREE: 50})

    (step,) = judged(asks("capacity_use", op, value), seen).trace

    assert (step.holds, step.found) == (holds, 75)
