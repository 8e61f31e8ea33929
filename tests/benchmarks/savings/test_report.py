"""What is printed of policies: the goals as they are, met or not."""

from collections.abc import Sequence

import pytest

from benchmarks.savings.careful import Alike
from benchmarks.savings.policies import BASELINE, NAIVE, ORACLE, OURS
from benchmarks.savings.replay import Choice, Line, Story, story
from benchmarks.savings.report import Replayed, tell_careful, tell_goals
from benchmarks.savings.world import LADDERS
from benchmarks.table import Table
from proxy.config import TIER_NAMES, TierName
from proxy.wire.canonical import Usage
from tests.benchmarks.savings.made import Talk

LADDER = LADDERS["claude-code"]
TURNS = 50


def told() -> Story:
    talk = Talk()
    for _ in range(TURNS):
        talk.typed("Go.")
    return story(talk.session(), ["COMPLEX"] * TURNS, LADDER)


STORY = told()


def lines(dollars: float, weak: int) -> Sequence[Line]:
    """So many dollars in all, and so many requests that somebody served who is too weak."""
    return [line("MEDIUM" if at < weak else "COMPLEX", dollars / TURNS, at) for at in range(TURNS)]


def line(tier: TierName, dollars: float, at: int) -> Line:
    assert tier in TIER_NAMES
    return Line(
        request=STORY.session.requests[at],
        label="COMPLEX",
        choice=Choice(LADDER.service(tier), tier),
        usage=Usage(),
        nano=round(dollars * 1_000_000_000),
        is_switch=False,
        reach=tier,
        floor=tier,
    )


def replayed(ours: Sequence[Line], naive: Sequence[Line] | None = None) -> Sequence[Replayed]:
    """The baseline costs ten dollars, and the oracle five."""
    by_policy = {
        BASELINE: lines(10, 0),
        NAIVE: lines(4, 10) if naive is None else naive,
        OURS: ours,
        ORACLE: lines(5, 0),
    }
    return [Replayed(STORY, by_policy)]


@pytest.mark.parametrize(
    ("dollars", "weak", "saved", "weakness", "is_met"),
    [
        (4.0, 1, "60.0%|met", "2.0%|met", True),
        (4.1, 1, "59.0%|NOT met", "2.0%|met", False),
        (4.0, 2, "60.0%|met", "4.0%|NOT met", False),
        (7.0, 6, "30.0%|NOT met", "12.0%|NOT met", False),
    ],
)
def test_goals_that_are_not_met_are_told_as_such(
    dollars: float, weak: int, saved: str, weakness: str, is_met: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table(60)
    tell_goals(table, replayed(lines(dollars, weak)))
    first, second, _ = capsys.readouterr().out.splitlines()
    assert (judged(first), judged(second), table.is_met) == (saved, weakness, is_met)


def judged(row: str) -> str:
    value, _, bar = row.partition("bar ")
    return f"{value.split()[-1]}|{'NOT met' if 'NOT met' in bar else 'met'}"


def test_what_is_saved_is_told_beside_what_the_oracle_saves(capsys: pytest.CaptureFixture[str]) -> None:
    tell_goals(Table(60), replayed(lines(4, 5)))
    assert "120%, but 10.0% weak where the oracle has none" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("dollars", "weak", "is_met"), [(3.9, 9, True), (3.9, 10, False), (4.0, 9, False), (4.1, 5, False)]
)
def test_against_the_naive_policy_fewer_dollars_and_fewer_weak_are_asked_for(
    dollars: float, weak: int, is_met: bool
) -> None:
    table = Table(60)
    tell_careful(table, replayed(lines(dollars, weak)), None)
    assert table.is_met is is_met


@pytest.mark.parametrize(
    ("lower", "other", "said", "is_met"),
    [
        (2.5, 4.0, "-5.00% dollars (thresholds 2.5 points lower: 4.000)", True),
        (-1.5, 3.6, "+5.56% dollars (thresholds 1.5 points higher: 3.600)", False),
    ],
)
def test_at_equal_weakness_the_cheaper_one_is_better(
    lower: float, other: float, said: str, is_met: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table(60)
    tell_careful(table, replayed(lines(3.8, 9)), Alike(lower, 9, other * 1_000_000_000))
    assert said in capsys.readouterr().out
    assert table.is_met is is_met


def test_what_could_not_be_made_as_weak_is_told_and_not_judged(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(60)
    tell_careful(table, replayed(lines(3.8, 9)), None)
    assert "not compared" in capsys.readouterr().out
    assert table.is_met
