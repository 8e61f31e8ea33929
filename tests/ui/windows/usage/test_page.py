"""The page over a real record: what it shows, and when."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from app.desk.errors import DeskError
from tests.proxy.ledger.made import attempt, exchange
from tests.ui.windows.usage.stage import HAIKU, LOCAL, UNPRICED, column, number, on_stage
from ui.loop import QtLoop
from ui.windows.usage.asking import local_day
from ui.windows.usage.page import UsagePage
from ui.windows.usage.question import Range
from ui.windows.usage.series import View


async def test_it_opens_with_the_last_seven_days(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        page = stage.page
        assert page.sentence.text() == "All requests in the last 7 days."
        assert number(page, "requests") == "8"
        assert page.filter_bar.boxes["client"].currentText() == "All (8)"
        assert "The price of 1 request" in page.figures.left_out.text()
        assert page.course.isVisible()
        assert page.instead.isHidden()


async def test_every_table_ends_with_sums_that_equal_the_totals(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        for button in stage.page.breakdown.groups.buttons.values():
            button.click()
            names, requests, saved = (column(stage.page, place) for place in (0, 1, 7))
            assert names[-1] == "All"
            assert sum(map(int, requests[:-1])) == int(requests[-1]) == 8
            assert saved[-1] == number(stage.page, "saved")


async def test_the_levers_come_to_what_is_saved(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        assert stage.page.levers.bars.sum.text() == number(stage.page, "saved") != "–"


async def test_new_requests_show_themselves_and_move_nothing(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        table = stage.page.breakdown.table
        table.sort_by(0)
        names = column(stage.page, 0)
        table.selectRow(names.index("SIMPLE"))
        bar = scroll_area(stage.page).verticalScrollBar()
        stage.page.resize(stage.page.width(), stage.page.height() - 100)
        bar.setValue(bar.maximum() // 2)
        place = bar.value()
        await stage.record(exchange(attempt(LOCAL, tier="SIMPLE"), received=time.time(), session=None))
        assert number(stage.page, "requests") == "9"
        assert bar.value() == place > 0
        assert column(stage.page, 0) == names
        (selected,) = table.selectionModel().selectedRows()
        assert table.rows.row(selected)["name"] == "SIMPLE"
        assert table.rows.row(selected)["requests"] == 4


@pytest.mark.parametrize("view", list(View))
async def test_every_view_of_the_chart_has_something_to_tell(
    qt_loop: QtLoop, tmp_path: Path, view: View
) -> None:
    async with on_stage(tmp_path) as stage:
        stage.page.course.views.buttons[view.value].click()
        chart = stage.page.course.charts[view]
        assert chart.isVisible()
        assert chart.points() == 7
        assert chart.accessibleName()


async def test_before_the_first_request_there_is_a_sentence(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path, ()) as stage:
        page = stage.page
        (button,) = [each for each in page.instead.findChildren(QPushButton) if each.isVisible()]
        assert button.text() == "Show all time"
        button.click()
        await page.settled()
        assert page.question.range is Range.ALL
        words = [label.text() for label in page.instead.findChildren(QLabel)]
        assert "Nothing is recorded yet. The record begins with the first request." in words
        await stage.record(exchange(attempt(HAIKU), received=time.time(), session=None))
        assert number(page, "requests") == "1"
        assert page.course.isVisible()


async def test_a_record_that_cannot_be_read_says_why_and_is_asked_again(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise DeskError("The disk is gone.")

    async with on_stage(tmp_path) as stage:
        page = stage.page
        with monkeypatch.context() as broken:
            broken.setattr(stage.desk, "usage", refuse)
            page.ask(replace(page.question, range=Range.ALL))
            await page.settled()
            assert "⚠ The disk is gone." in [label.text() for label in page.instead.findChildren(QLabel)]
            assert not page.course.isVisible()
        (again,) = [each for each in page.instead.findChildren(QPushButton) if each.isVisible()]
        again.click()
        await page.settled()
        assert page.course.isVisible()


def scroll_area(page: UsagePage) -> QScrollArea:
    area = page.parentWidget().parentWidget()
    assert isinstance(area, QScrollArea)
    return area


async def test_in_a_narrow_window_what_stood_beside_stands_below(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        page = stage.page
        assert page.levers.y() == page.course.y()
        high = page.filter_bar.height()
        stage.window.resize(720, 480)
        await asyncio.sleep(0)
        assert scroll_area(page).horizontalScrollBar().maximum() == 0
        assert page.levers.y() > page.course.y()
        assert page.filter_bar.height() > high


async def test_where_nothing_can_be_compared_no_lever_is_called_zero(qt_loop: QtLoop, tmp_path: Path) -> None:
    made = exchange(attempt(UNPRICED), requested_model="auto", received=time.time(), session=None)
    async with on_stage(tmp_path, [made]) as stage:
        assert number(stage.page, "saved") == "–"
        assert not stage.page.levers.bars.isVisible()


async def test_today_is_another_day_after_midnight_though_nothing_happens(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage(tmp_path) as stage:
        page, midnight = stage.page, asyncio.Event()
        page.ask(replace(page.question, range=Range.TODAY))
        await page.settled()
        assert page.course.isVisible()
        tomorrow = local_day() + timedelta(days=1)
        monkeypatch.setattr("ui.windows.usage.page.local_day", lambda: tomorrow)
        page._midnight.timeout.connect(midnight.set)
        assert page._midnight.isActive()
        page._midnight.setInterval(0)  # as if it had come
        await midnight.wait()
        await page.settled()
        assert page.instead.isVisible()
