"""The record tells how large it is; a shorter memory is asked about when it forgets something at once."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.proxy.ledger.made import exchange, filled
from tests.ui.windows.settings.stage import staged
from ui.loop import QtLoop

DAY = 24 * 60 * 60


def record_in(folder: Path) -> None:
    """With an exchange of today and one of a hundred days ago."""
    now = time.time()
    filled(folder / "tierwise.db", [exchange(received=now - days * DAY) for days in (0, 100)])


async def test_what_is_there_is_told(qt_loop: QtLoop, tmp_path: Path) -> None:
    record_in(tmp_path)
    async with staged(tmp_path) as stage:
        told = [each.accessibleName() for each in stage.page.record.figures.findChildren(QLabel)]
        assert "Exchanges: 2" in told
        assert any(each.startswith("Size now: ") and each.endswith(" KB") for each in told)


async def test_a_memory_long_enough_for_all_asks_nothing(qt_loop: QtLoop, tmp_path: Path) -> None:
    record_in(tmp_path)
    async with staged(tmp_path) as stage:
        await stage.type(stage.page.record.days, "200")
        assert (stage.window.asked, "retention_days = 200" in stage.text) == ([], True)
        await stage.take_back()
        assert stage.page.record.days.value() == 365


@pytest.mark.parametrize("agrees", [True, False])
async def test_one_that_forgets_something_asks(qt_loop: QtLoop, tmp_path: Path, agrees: bool) -> None:
    record_in(tmp_path)
    async with staged(tmp_path) as stage:
        stage.window.agrees = agrees
        await stage.type(stage.page.record.days, "50")
        assert "are older (about 1)" in stage.window.asked[0]
        assert ("retention_days = 50" in stage.text) is agrees
        assert stage.page.record.days.value() == (50 if agrees else 365)
        assert stage.window.undo is None


async def test_budgets_and_what_happens_beyond_them(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        record = stage.page.record
        assert record.daily.text() == "no limit"
        await stage.type(record.daily, record.locale().toString(2.5))
        await stage.type(record.monthly, "40")
        await stage.press(record.action, Qt.Key.Key_End)
        budgets = stage.desk.settings.budgets
        assert (budgets.daily_usd, budgets.monthly_usd, budgets.action) == (2.5, 40, "stop")
        assert stage.window.said[0] == "The daily budget is $2.50."
        await stage.type(record.daily, "0")
        assert stage.window.said[-1] == "There is no daily limit."
        assert record.daily.text() == "no limit"
