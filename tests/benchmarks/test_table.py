"""When a table of figures says that all bars were met."""

import pytest

from benchmarks.table import NotMeasuredError, Table


def first_paint() -> None:
    raise NotMeasuredError("the window did not open")


def test_a_figure_that_was_not_measured_is_told_and_misses(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(20)
    with table.measuring("first paint"):
        first_paint()
    assert not table.is_met
    assert capsys.readouterr().out.split(maxsplit=2)[2] == "NOT measured: the window did not open\n"


def test_what_was_measured_changes_nothing() -> None:
    table = Table(20)
    with table.measuring("first paint"):
        table.tell("first paint", "100 ms", "150 ms", met=True)
    assert table.is_met


def test_other_errors_are_not_taken_for_missing_figures() -> None:
    with pytest.raises(ZeroDivisionError), Table(20).measuring("first paint"):
        raise ZeroDivisionError
