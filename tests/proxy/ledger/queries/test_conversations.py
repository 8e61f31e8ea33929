"""How long conversations on record were, and for how long they stayed at or below a tier."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proxy.config import TierName
from proxy.exchange import Exchange, Origin, Surface
from proxy.ledger.queries.conversations import Conversations, conversations
from proxy.routing.signals import Kind
from tests.proxy.ledger.made import NOW, attempt, decided, exchange, signals_of
from tests.proxy.ledger.queries.opened import opened

HOUR = 3600.0
DAY = 24 * HOUR
S, M, C, R = "SIMPLE", "MEDIUM", "COMPLEX", "REASONING"


def talk(
    *tiers: str | None, begun: float = NOW - HOUR, session: str | None = "s", **others: Any
) -> Iterator[Exchange]:
    """A request each second, the first one when it was begun."""
    for second, tier in enumerate(tiers):
        yield exchange(attempt(tier=tier), session=session, received=begun + second, **others)


def found(folder: Path, *exchanges: Exchange) -> Conversations:
    with opened(folder, exchanges) as connection:
        return conversations(connection, NOW)


def lengths(folder: Path, *exchanges: Exchange) -> list[int]:
    return sorted(found(folder, *exchanges).lengths)


def test_an_empty_record_tells_of_none(tmp_path: Path) -> None:
    assert found(tmp_path) == Conversations([], {S: [], M: [], C: []}, {S: 0, M: 0, C: 0})


def test_requests_are_counted_by_session(tmp_path: Path) -> None:
    assert lengths(tmp_path, *talk(S, S, S), *talk(M, M, session="other")) == [2, 3]


def test_who_asks_for_another_model_in_the_session_is_another_agent(tmp_path: Path) -> None:
    titles = talk(S, begun=NOW - HOUR + 0.5, requested_model="claude-haiku-4-5")
    assert lengths(tmp_path, *talk(C, C, C), *titles) == [1, 3]


@pytest.mark.parametrize(
    "others",
    [
        {"origin": Origin.DEMO},
        {"origin": Origin.PROBE},
        {"session": None},
        {"surface": Surface.EMBEDDINGS},
        {"begun": NOW - 8 * DAY},
    ],
    ids=["a demo", "a probe", "no session", "embeddings", "more than a week ago"],
)
def test_what_is_no_conversation_of_this_week_is_not_counted(tmp_path: Path, others: dict[str, Any]) -> None:
    assert lengths(tmp_path, *talk(S, S, **{"session": "beside", **others}), *talk(M, M, M)) == [3]


@pytest.mark.parametrize(("begun", "is_over"), [(NOW - 29 * 60, False), (NOW - 31 * 60, True)])
def test_one_that_goes_on_is_not_counted_yet(tmp_path: Path, begun: float, is_over: bool) -> None:
    told = found(tmp_path, *talk(C, S, begun=begun))
    assert (told.lengths, told.stays["SIMPLE"]) == (([2], [1]) if is_over else ([], []))


@pytest.mark.parametrize(
    ("tiers", "tier", "stays"),
    [
        ((S, S, S), "SIMPLE", []),
        ((C, S, S, S), "SIMPLE", [3]),
        ((C, S, S, C, S), "SIMPLE", [2, 1]),
        ((S, S, C, S), "SIMPLE", [1]),
        ((C, S, M, S), "SIMPLE", [1, 1]),
        ((C, S, M, S), "MEDIUM", [3]),
        ((C, S, M, S), "COMPLEX", []),
        ((R, C, S, R, C), "COMPLEX", [2, 1]),
        ((C, C, C), "SIMPLE", []),
        ((C, S, None, S, C), "SIMPLE", [2]),
        ((None, None), "SIMPLE", []),
    ],
)
def test_a_stay_lasts_from_coming_down_to_a_tier_until_going_above_it(
    tmp_path: Path, tiers: tuple[str | None, ...], tier: TierName, stays: list[int]
) -> None:
    assert found(tmp_path, *talk(*tiers)).stays[tier] == stays


def test_stays_of_different_conversations_are_not_joined(tmp_path: Path) -> None:
    one, other = talk(C, S, S), talk(S, S, S, begun=NOW - HOUR + 0.5, session="other")
    assert found(tmp_path, *one, *other).stays["SIMPLE"] == [2]


def test_their_order_is_that_in_which_they_were_asked(tmp_path: Path) -> None:
    """What is answered last is written last."""
    first, second, third = talk(C, S, S)
    assert found(tmp_path, third, first, second).stays["SIMPLE"] == [2]


def test_a_stay_that_something_above_has_ended_is_one_that_came_back(tmp_path: Path) -> None:
    told = found(tmp_path, *talk(C, S, C, M, M), *talk(R, S, session="t"))
    assert (sorted(told.stays[M]), told.returns[M]) == ([1, 1, 2], 1)
    assert told.returns[S] == 1


BESIDE = [Kind.TITLE, Kind.SUGGESTION, Kind.WARM_UP, Kind.QUOTA_PROBE, Kind.CHORE]


def of_kind(kind: Kind, tier: TierName, second: float) -> Exchange:
    """Scored as the product scores it, in the midst of a conversation."""
    decision = decided(signals_of("Rename it.", kind=kind))
    at = NOW - HOUR + second
    return exchange(attempt(tier=tier), session="s", received=at, decision=decision)


@pytest.mark.parametrize("kind", BESIDE)
def test_a_call_beside_a_conversation_neither_begins_nor_ends_a_stay(tmp_path: Path, kind: Kind) -> None:
    without = found(tmp_path / "without", *talk(C, C, S, S, C, C, M))
    beside = [of_kind(kind, S, second + 0.5) for second in range(7)]
    assert found(tmp_path / "with", *talk(C, C, S, S, C, C, M), *beside) == without
    assert (without.lengths, without.stays[S], without.stays[M]) == ([7], [2], [2, 1])


@pytest.mark.parametrize("kind", BESIDE)
def test_a_call_beside_a_conversation_that_went_up_ends_no_stay(tmp_path: Path, kind: Kind) -> None:
    beside = [of_kind(kind, C, second + 0.5) for second in range(5)]
    assert found(tmp_path, *talk(C, S, S, S, S), *beside).stays[S] == [4]


@pytest.mark.parametrize("kind", [Kind.MAIN, Kind.SUBAGENT, Kind.COMPACTION])
def test_what_is_scored_above_nothing_is_part_of_a_stay(tmp_path: Path, kind: Kind) -> None:
    told = found(tmp_path, *talk(C, S, S, S), of_kind(kind, S, 1.5))
    assert (told.lengths, told.stays[S]) == ([5], [4])
