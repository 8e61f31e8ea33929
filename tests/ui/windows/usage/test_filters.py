"""Days and filters narrow the page."""

import time
from pathlib import Path

from PySide6.QtCore import QDate, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from tests.proxy.ledger.made import attempt, exchange
from tests.ui.windows.usage.stage import DAY, HAIKU, Stage, column, number, on_stage
from ui.loop import QtLoop
from ui.windows.usage.choice_box import ChoiceBox
from ui.windows.usage.question import Range
from ui.windows.usage.series import View


def offered(box: QComboBox) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


async def pick(stage: Stage, group: str, name: str) -> None:
    """As a user does it: the list tells it, not the program."""
    box = stage.page.filter_bar.boxes[group]
    place = box.findData(name)
    assert place >= 0, offered(box)
    box.setCurrentIndex(place)
    box.activated.emit(place)
    await stage.page.settled()


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


async def test_another_page_can_lead_here(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.page.look_at({"client": "codex"})
        await stage.page.settled()
        assert stage.page.filter_bar.boxes["client"].currentText() == "codex (4)"
        assert number(stage.page, "requests") == "4"


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
