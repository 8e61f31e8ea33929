"""How long a place is left alone."""

from proxy.local.pace import LeftAlone, Pace
from proxy.local.place import IPV4, Place

PLACE = Place(IPV4, 8000)
PACE = Pace(again=3, left_alone=600)


def test_a_place_is_left_alone_until_its_time_is_over() -> None:
    alone = LeftAlone(PACE)
    alone.leave(PLACE, 1, 1000.0, is_promising=False)

    assert alone.has(PLACE, 1, 1599.0)
    assert not alone.has(PLACE, 1, 1600.0)
    assert not alone.has(Place(IPV4, 8001), 1, 1000.0)


def test_somebody_else_there_is_worth_another_look() -> None:
    alone = LeftAlone(PACE)
    alone.leave(PLACE, 1, 1000.0, is_promising=False)

    assert not alone.has(PLACE, 2, 1001.0)
    assert not alone.has(PLACE, None, 1001.0)


def spans(alone: LeftAlone, pids: list[int | None]) -> list[float]:
    """How long it is left alone, each time that it is looked at in vain."""
    found = []
    for pid in pids:
        alone.leave(PLACE, pid, 0.0, is_promising=True)
        found.append(next(float(second) for second in range(10_000) if not alone.has(PLACE, pid, second)))
    return found


def test_one_that_may_still_come_to_answer_is_looked_at_soon_and_then_ever_more_seldom() -> None:
    assert spans(LeftAlone(PACE), [1] * 10) == [3, 6, 12, 24, 48, 96, 192, 384, 600, 600]


def test_somebody_else_there_begins_anew() -> None:
    assert spans(LeftAlone(PACE), [1, 1, 2, None, None]) == [3, 6, 3, 3, 6]


def test_what_is_given_another_chance_begins_anew() -> None:
    alone = LeftAlone(PACE)
    spans(alone, [1, 1, 1])
    alone.forget(PLACE)

    assert not alone.has(PLACE, 1, 0.0)
    assert spans(alone, [1]) == [3]
    alone.forget_all()
    assert spans(alone, [1]) == [3]
