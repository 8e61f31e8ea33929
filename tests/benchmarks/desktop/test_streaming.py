"""What the benchmark says of streams: a bar is met only by whole ones that were all measured."""

import pytest

from benchmarks.desktop.readings import Traffic
from benchmarks.desktop.streaming import Rounds, tell_way
from benchmarks.table import Table

QUICK = Traffic(streams=1, asked=2, tokens=2, delays=[1.0, 2.0])
SLOW = Traffic(streams=1, asked=2, tokens=2, delays=[1.0, 30.0])
FAULTY = Traffic(streams=2, asked=4, tokens=3, delays=[1.0, 2.0], faults={"streams ended early": 1})
NOTHING = Traffic(streams=1, asked=2, faults={"streams answered with HTTP 502": 1})

TOLD = [
    (Rounds([QUICK], [QUICK]), True, "met"),
    (Rounds([QUICK], [SLOW]), True, "met"),
    (Rounds([SLOW], [QUICK]), False, "NOT met"),
    (Rounds([QUICK, QUICK, SLOW], [QUICK] * 3), True, "(2.0 to 30.0)"),
    (Rounds([FAULTY], [QUICK]), False, "1 streams ended early (of 3 streams with 5 of 6 tokens)"),
    (Rounds([QUICK], [FAULTY]), False, "1 streams ended early"),
    (Rounds([NOTHING], [QUICK]), False, "NOT measured: no token was received"),
    (Rounds([QUICK], [QUICK], ["the log has hardly moved"]), False, "NOT measured: the log has hardly moved"),
    (Rounds([], [], ["nothing was painted"]), False, "NOT measured: nothing was painted"),
]


@pytest.mark.parametrize(("rounds", "is_met", "told"), TOLD)
def test_a_way_is_judged_by_what_was_whole(
    rounds: Rounds, is_met: bool, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table(52)
    tell_way(table, "streams", 10, rounds)
    assert table.is_met is is_met
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("rounds", [Rounds([FAULTY], [QUICK]), Rounds([QUICK], [NOTHING])])
def test_without_a_bar_of_its_own_a_way_is_still_judged_by_its_faults(
    rounds: Rounds, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table(52)
    tell_way(table, "streams", None, rounds)
    assert not table.is_met
    assert "bar no faults     NOT met" in capsys.readouterr().out
    tell_way(quiet := Table(52), "streams", None, Rounds([SLOW], [SLOW]))
    assert quiet.is_met


def test_direct_streams_are_told_beside_those_through_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    tell_way(Table(52), "streams", 10, Rounds([QUICK], [SLOW]))
    through, direct = capsys.readouterr().out.splitlines()
    assert through.startswith("streams")
    assert "p99   2.00" in through
    assert direct.startswith("  direct")
    assert "p99  30.00" in direct
