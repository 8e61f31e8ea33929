"""What is drawn of a row, and when that is worked out."""

import asyncio
from collections.abc import Iterator
from datetime import date
from itertools import count

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QFont, QFontMetrics

from tests.ui.windows.logs.rows import entry
from ui.loop import QtLoop
from ui.models.columns import Column, Row
from ui.theme.colors import light
from ui.windows.logs.columns import LogColumn
from ui.windows.logs.lines import PAD, Layout, Lines, Place

TODAY = date(2026, 5, 1)


class Asked:
    """A column that counts how often it put a row into words."""

    def __init__(self) -> None:
        self.times = 0
        self.answered = asyncio.Event()

    def column(self, *, is_number: bool = False) -> LogColumn:
        return LogColumn("words", Column("Words", self._text, is_number), 0, "")

    def _text(self, row: Row) -> str:
        self.times += 1
        self.answered.set()
        return f"the words of {row['id']}"


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def owner(qapp: object) -> Iterator[QObject]:
    owner = QObject()
    yield owner
    owner.deleteLater()


def laid(width: int = 400, *, left: int = 0, today: date = TODAY) -> Layout:
    return Layout((Place(0, left, width),), light(), today, QFontMetrics(QFont()))


async def test_expected_rows_are_worked_out_before_they_are_drawn(
    qt_loop: QtLoop, asked: Asked, owner: QObject
) -> None:
    lines = Lines([asked.column()], owner)
    lines.lay(laid())
    lines.expect([entry(id="a")])
    await asked.answered.wait()
    assert [mark.text for mark in lines.of(entry(id="a"))] == ["the words of a"]
    assert asked.times == 1


async def test_what_is_expected_now_takes_the_place_of_what_was(
    qt_loop: QtLoop, asked: Asked, owner: QObject
) -> None:
    lines = Lines([asked.column()], owner)
    lines.lay(laid())
    lines.expect([entry(id="a")])
    lines.expect([entry(id="b")])
    await asked.answered.wait()
    assert [mark.text for mark in lines.of(entry(id="b"))] == ["the words of b"]
    assert asked.times == 1


def test_nothing_is_drawn_before_it_is_known_how(asked: Asked, owner: QObject) -> None:
    assert not Lines([asked.column()], owner).of(entry())
    assert asked.times == 0


def test_another_width_needs_no_other_words(asked: Asked, owner: QObject) -> None:
    lines = Lines([asked.column()], owner)
    lines.lay(laid(400))
    (whole,) = lines.of(entry())
    lines.lay(laid(60))
    (cut,) = lines.of(entry())
    assert whole.text == "the words of req_1"
    assert cut.text.endswith("…")
    assert QFontMetrics(QFont()).horizontalAdvance(cut.text) <= 60 - 2 * PAD
    assert asked.times == 1


@pytest.mark.parametrize("is_number", [False, True])
def test_numbers_end_where_their_column_ends(asked: Asked, owner: QObject, is_number: bool) -> None:
    lines = Lines([asked.column(is_number=is_number)], owner)
    lines.lay(laid(400, left=100))
    (mark,) = lines.of(entry())
    width = QFontMetrics(QFont()).horizontalAdvance(mark.text)
    assert mark.left == (500 - PAD - width if is_number else 100 + PAD)


def test_after_midnight_all_is_put_into_words_again(asked: Asked, owner: QObject) -> None:
    lines = Lines([asked.column()], owner)
    for times, today in zip(count(1), (TODAY, TODAY.replace(day=2)), strict=False):
        lines.lay(laid(today=today))
        lines.of(entry())
        lines.lay(laid(today=today))
        lines.of(entry())
        assert asked.times == times


def test_what_is_forgotten_is_put_into_words_again(asked: Asked, owner: QObject) -> None:
    lines = Lines([asked.column()], owner)
    lines.lay(laid())
    lines.of(entry())
    lines.forget()
    lines.of(entry())
    assert asked.times == 2


def test_of_many_lines_the_latest_are_remembered(asked: Asked, owner: QObject) -> None:
    lines = Lines([asked.column()], owner)
    lines.lay(laid())
    drawn = [lines.of(entry(id=str(number))) for number in range(1100)]
    assert lines.of(entry(id="900")) is drawn[900]
    assert lines.of(entry(id="0")) is not drawn[0]


def test_of_a_service_that_is_cut_both_ends_are_seen(asked: Asked, owner: QObject) -> None:
    column = LogColumn("service", Column("Served by", lambda row: str(row["service"])), 0, "")
    lines = Lines([column], owner)
    lines.lay(laid(140))
    (cut,) = lines.of(entry(service="anthropic/claude-haiku-4-5"))
    assert "…" in cut.text
    assert cut.text.startswith("anthr")
    assert cut.text.endswith("4-5")
