"""What becomes of the lists of tiers, without a window."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from app.settings import Settings
from proxy.config import ServiceEntry as Entry
from ui.windows.tiers.lists import (
    Held,
    Rearranged,
    RefusedError,
    carried,
    changed,
    copied,
    in_order,
    moved,
    removed,
    stepped,
    with_new,
)

A, B, C = Held("SIMPLE", "p/a"), Held("SIMPLE", "p/b"), Held("SIMPLE", "p/c")


def settings(*services: dict[str, Any], tactic: str = "priority", medium: tuple[str, ...] = ()) -> Settings:
    entries = [{"provider": "p", **each} for each in services]
    others = [{"provider": "p", "model": each} for each in medium]
    tiers = {"SIMPLE": {"tactic": tactic, "services": entries}, "MEDIUM": {"services": others}}
    return msgspec.convert({"providers": {"p": {"kind": "ollama"}}, "tiers": tiers}, Settings)


THREE = settings({"model": "a"}, {"model": "b"}, {"model": "c"})


def names(made: Rearranged, tier: str = "SIMPLE") -> list[str]:
    return [each.model for name, services in made.lists.items() if name == tier for each in services]


@pytest.mark.parametrize(
    ("made", "after"),
    [
        (moved(THREE, A, 0), "abc"),
        (moved(THREE, A, 1), "abc"),
        (moved(THREE, A, 2), "bac"),
        (moved(THREE, A, 3), "bca"),
        (moved(THREE, C, 0), "cab"),
        (stepped(THREE, B, -1), "bac"),
        (stepped(THREE, B, 1), "acb"),
        (stepped(THREE, A, -1), "abc"),
        (stepped(THREE, C, 1), "abc"),
        (removed(THREE, B), "ac"),
    ],
)
def test_a_service_lands_in_the_gap_it_was_put_into(made: Rearranged, after: str) -> None:
    assert "".join(names(made)) == after


NUMBERED = settings(
    {"model": "a", "priority": 1}, {"model": "c", "priority": 9}, {"model": "b", "priority": 5}
)


def test_under_priorities_the_list_is_in_the_order_of_the_numbers() -> None:
    assert [each.model for each in in_order(NUMBERED.tier("SIMPLE"))] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("held", "gap", "after"),
    [
        (A, 3, {"b": 5, "c": 9, "a": 9}),
        (C, 0, {"c": 1, "a": 1, "b": 5}),
        (C, 1, {"a": 1, "c": 5, "b": 5}),
        (B, 1, {"a": 1, "b": 5, "c": 9}),
    ],
)
def test_a_moved_service_takes_the_number_that_keeps_it_there(
    held: Held, gap: int, after: dict[str, int]
) -> None:
    services = moved(NUMBERED, held, gap).lists["SIMPLE"]
    assert {each.model: each.priority for each in services} == after
    assert [each.model for each in sorted(services, key=lambda each: each.priority)] == list(after)


def test_where_no_priorities_count_none_is_changed() -> None:
    shared = settings({"model": "a", "priority": 7}, {"model": "b"}, tactic="random")
    assert [each.priority for each in moved(shared, A, 2).lists["SIMPLE"]] == [0, 7]


def test_a_service_takes_its_parameters_and_numbers_to_another_tier() -> None:
    rich = settings({"model": "a", "weight": 4, "params": {"effort": "low"}}, medium=("m",))
    made = carried(rich, A, "MEDIUM")
    assert made.lists["MEDIUM"][1] == Entry("p", "a", weight=4, params={"effort": "low"})
    assert made.lists["SIMPLE"] == ()
    assert list(made.lists) == ["MEDIUM", "SIMPLE"]


def test_a_copy_stays_where_it_was() -> None:
    made = copied(THREE, A, "MEDIUM", 0)
    assert names(made, "MEDIUM") == ["a"]
    assert "SIMPLE" not in made.lists


@pytest.mark.parametrize(
    "order",
    [
        lambda of: carried(of, A, "MEDIUM"),
        lambda of: copied(of, A, "MEDIUM"),
        lambda of: with_new(of, Entry("p", "a"), "MEDIUM"),
    ],
)
def test_no_tier_gets_a_service_twice(order: Callable[[Settings], Rearranged]) -> None:
    with pytest.raises(RefusedError, match="is in MEDIUM already"):
        order(settings({"model": "a"}, medium=("a",)))


@pytest.mark.parametrize(
    "order",
    [
        lambda of, held: moved(of, held, 0),
        lambda of, held: stepped(of, held, 1),
        removed,
        lambda of, held: carried(of, held, "MEDIUM"),
        lambda of, held: changed(of, held, "", weight=2),
    ],
)
def test_what_was_taken_away_meanwhile_is_told(order: Callable[[Settings, Held], Rearranged]) -> None:
    with pytest.raises(RefusedError, match="not in SIMPLE any more"):
        order(THREE, Held("SIMPLE", "p/gone"))


def test_a_number_changes_nothing_but_itself() -> None:
    made = changed(NUMBERED, C, "told", weight=3)
    assert [(each.model, each.weight) for each in made.lists["SIMPLE"]] == [("a", 1), ("c", 3), ("b", 1)]
