"""Everything can be reached and is named: by Tab from top to bottom, by letters, and by screen readers."""

import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from tests.ui.windows.settings.stage import Stage, staged
from ui.loop import QtLoop

KEEPING = "[ledger]\nkeep_bodies_days = 30\n"


def fields(stage: Stage) -> list[QWidget]:
    return [
        each
        for each in stage.page.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and each.isVisible()
        and each.isEnabled()
    ]


async def test_tab_leads_through_all_fields_from_top_to_bottom(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, KEEPING) as stage:
        stage.area.activateWindow()
        stage.page.general.theme.setFocus()
        passed: list[QWidget] = []
        while (here := QApplication.focusWidget()) not in passed and here is not None:
            passed.append(here)
            QTest.keyClick(here, Qt.Key.Key_Tab)
        assert set(fields(stage)) <= set(passed)
        heights = [
            each.mapTo(stage.page, QPoint(0, 0)).y() for each in passed if stage.page.isAncestorOf(each)
        ]
        rows = [round(height / 20) for height in heights]
        assert rows == sorted(rows)


async def test_every_field_has_a_name_and_most_say_what_they_mean(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, KEEPING) as stage:
        for field in fields(stage):
            interface = QAccessible.queryAccessibleInterface(field)
            assert interface.text(QAccessible.Text.Name), field
        page = stage.page
        for field in (page.general.theme, page.connection.port, page.privacy.keeps, page.record.days):
            assert field.accessibleDescription()


async def test_no_letter_leads_to_two_places(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, KEEPING) as stage:
        texts = [each.text() for each in stage.page.findChildren(QLabel) if each.buddy() is not None]
        texts += [each.text() for each in stage.page.findChildren(QAbstractButton) if each.isVisible()]
        letters = Counter(found[1].lower() for text in texts if (found := re.search(r"&(\w)", text)))
        assert letters
        assert [letter for letter, uses in letters.items() if uses > 1] == []


@pytest.mark.parametrize("name", ["connection", "about"])
async def test_another_page_can_point_at_a_part(qt_loop: QtLoop, tmp_path: Path, name: str) -> None:
    async with staged(tmp_path) as stage:
        stage.area.activateWindow()
        stage.page.look_at(name)
        section = stage.page.sections[name]
        focused = QApplication.focusWidget()
        assert focused is not None
        assert section.isAncestorOf(focused)
        assert not section.visibleRegion().isEmpty()


async def test_paths_that_are_long_do_not_widen_the_page(qt_loop: QtLoop, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 5)
    async with staged(deep) as stage:
        assert stage.page.minimumSizeHint().width() < 540
