"""Everything without a mouse, and a name for everything."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDateEdit, QLabel, QTableView, QWidget

from tests.ui.windows.usage.stage import Stage, focus, on_stage
from ui.loop import QtLoop
from ui.widgets.charts.chart import Chart


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focus(), key, modifier)


def walk(stage: Stage) -> list[QWidget]:
    """All stops of the Tab key on the page, in their order."""
    first = stage.page.exports[next(iter(stage.page.exports))]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    stops = [focus()]
    for _ in range(60):
        press(Qt.Key.Key_Tab)
        if not stage.page.isAncestorOf(focus()) or focus() in stops:
            return stops
        stops.append(focus())
    raise AssertionError(stops)


async def active(stage: Stage) -> None:
    stage.window.activateWindow()
    await asyncio.sleep(0)


async def test_the_tab_key_goes_through_the_page_from_top_to_bottom(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await active(stage)
        page = stage.page
        stops = walk(stage)
        wanted = [
            *page.exports.values(),
            page.filter_bar.range,
            *page.filter_bar.boxes.values(),
            page.course.views.buttons["money"],
            page.course.charts[page.course.view],
            page.breakdown.groups.buttons["tier"],
            page.breakdown.table.head,
            page.breakdown.table,
        ]
        assert [stop for stop in stops if stop in wanted] == wanted


async def test_a_filter_is_set_and_cleared_with_keys_only(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await active(stage)
        page = stage.page
        QTest.keyClick(stage.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert focus() is page.filter_bar.boxes["client"]
        press(Qt.Key.Key_Down)
        await page.settled()
        assert page.question.chosen == (("client", "claude-code"),)
        cleared = asyncio.Event()
        page.clear_filters.clicked.connect(cleared.set)
        press(Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
        await cleared.wait()  # Qt holds a button down for a moment
        await page.settled()
        assert page.question.chosen == ()


async def test_the_table_is_chosen_sorted_and_opened_with_keys_only(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await active(stage)
        page = stage.page
        page.breakdown.groups.buttons["tier"].setFocus()
        for _ in range(3):
            press(Qt.Key.Key_Right)
        assert page.breakdown.groups.current == "client"
        press(Qt.Key.Key_Tab)
        assert focus() is page.breakdown.table.head
        press(Qt.Key.Key_Space)
        press(Qt.Key.Key_Tab)
        assert focus() is page.breakdown.table
        press(Qt.Key.Key_Return)
        await page.settled()
        assert page.question.chosen == (("client", "claude-code"),)


async def test_the_view_of_the_chart_is_chosen_with_arrows(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await active(stage)
        stage.page.course.views.buttons["money"].setFocus()
        press(Qt.Key.Key_Right)
        assert stage.page.course.views.current == "tokens"


async def test_everything_that_can_be_reached_has_a_name(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        page = stage.page
        for kind in (QComboBox, QDateEdit, QTableView, Chart):
            found = [each for each in page.findChildren(kind) if each.parent() is not None]
            assert found
            assert all(each.accessibleName() for each in found), found
        assert all(each.text() for each in page.findChildren(QAbstractButton) if each.isVisible())
        labels = [label for label in page.filter_bar.findChildren(QLabel) if label.buddy() is not None]
        assert len(labels) == 7
