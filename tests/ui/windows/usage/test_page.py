"""The page over a real record: what it shows, and that filters narrow it."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from app.desk.errors import DeskError
from tests.proxy.ledger.made import attempt, exchange
from tests.ui.windows.usage.stage import DAY, HAIKU, LOCAL, Stage, on_stage
from ui.loop import QtLoop
from ui.windows.usage.choice_box import ChoiceBox
from ui.windows.usage.page import UsagePage
from ui.windows.usage.question import Range
from ui.windows.usage.series import View


def offered(box: QComboBox) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


def column(page: UsagePage, place: int) -> list[str]:
    model = page.breakdown.table.model()
    return [model.index(row, place).data() for row in range(model.rowCount())]


def number(page: UsagePage, card: str) -> str:
    return page.figures.cards[card].number.text()


async def pick(stage: Stage, group: str, name: str) -> None:
    """As a user does it: the list tells it, not the program."""
    box = stage.page.filter_bar.boxes[group]
    place = box.findData(name)
    assert place >= 0, offered(box)
    box.setCurrentIndex(place)
    box.activated.emit(place)
    await stage.page.settled()


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
        assert stage.page.levers.sum.text() == number(stage.page, "saved") != "–"


async def test_each_filter_offers_what_exists_under_those_before_it(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        boxes = stage.page.filter_bar.boxes
        await pick(stage, "client", "codex")
        assert offered(boxes["client"]) == ["All (8)", "claude-code (4)", "codex (4)"]
        assert offered(boxes["provider"]) == ["All (4)", "anthropic (2)", "mine (1)", "not served (1)"]
        await pick(stage, "provider", "anthropic")
        assert offered(boxes["model"]) == ["All (2)", "claude-haiku-4-5 (2)"]
        assert offered(boxes["provider"])[0] == "All (4)"
        assert number(stage.page, "requests") == "2"
        assert stage.page.sentence.text() == (
            "Requests in the last 7 days: only client codex, provider anthropic."
        )


async def test_what_was_chosen_is_kept_where_it_has_vanished(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await pick(stage, "provider", "ollama")
        await pick(stage, "client", "codex")
        assert stage.page.filter_bar.boxes["provider"].currentText() == "No requests: ollama"
        assert stage.page.instead.isVisible()
        assert not stage.page.course.isVisible()
        stage.page.clear_filters.click()
        await stage.page.settled()
        assert number(stage.page, "requests") == "8"
        assert stage.page.course.isVisible()
        assert not stage.page.clear_filters.isEnabled()


async def test_a_line_that_is_opened_becomes_a_filter(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        table = stage.page.breakdown.table
        place = column(stage.page, 0).index("COMPLEX")
        table.opened.emit(table.model().index(place, 0))
        await stage.page.settled()
        assert stage.page.filter_bar.boxes["tier"].currentText() == "COMPLEX (2)"
        assert column(stage.page, 0) == ["COMPLEX", "All"]


async def test_new_requests_show_themselves_and_move_nothing(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        table = stage.page.breakdown.table
        table.sort_by(0)
        names = column(stage.page, 0)
        table.selectRow(names.index("SIMPLE"))
        await stage.record(exchange(attempt(LOCAL, tier="SIMPLE"), received=time.time(), session=None))
        assert number(stage.page, "requests") == "9"
        assert column(stage.page, 0) == names
        (selected,) = table.selectionModel().selectedRows()
        assert table.rows.row(selected)["name"] == "SIMPLE"
        assert table.rows.row(selected)["requests"] == 4


async def test_certain_days(qt_loop: QtLoop, tmp_path: Path) -> None:
    now = time.time()
    made = (exchange(attempt(HAIKU), received=now - days * DAY, session=None) for days in (40, 20, 19))
    async with on_stage(tmp_path, sorted(made, key=lambda each: each.received)) as stage:
        page, bar = stage.page, stage.page.filter_bar
        place = bar.range.findData(Range.CUSTOM)
        bar.range.setCurrentIndex(place)
        bar.range.activated.emit(place)
        assert bar.first.isVisible()
        today = QDate.currentDate()
        bar.last.setDate(today.addDays(-15))
        bar.first.setDate(today.addDays(-30))
        await page.settled()
        assert number(page, "requests") == "2"
        assert page.course.charts[View.MONEY].points() == 16
        bar.first.setDate(today.addDays(-45))
        await page.settled()
        assert number(page, "requests") == "3"


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


async def test_another_page_can_lead_here(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.page.look_at({"client": "codex"})
        await stage.page.settled()
        assert stage.page.filter_bar.boxes["client"].currentText() == "codex (4)"
        assert number(stage.page, "requests") == "4"


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


async def test_a_window_that_becomes_narrow_loses_nothing(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.window.resize(720, 480)
        area = stage.page.parentWidget()
        assert area is not None
        assert stage.page.width() <= area.width()


async def test_the_wheel_changes_no_filter_in_passing(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        box: ChoiceBox = stage.page.filter_bar.boxes["client"]
        turn = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, -120),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        box.wheelEvent(turn)
        assert box.currentIndex() == 0
        assert not turn.isAccepted()
