"""A dialog rests while its work is being done, and is as it was when that fails."""

import asyncio
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.desk.errors import DeskError
from tests.ui.windows.providers.stage import press
from ui.loop import QtLoop
from ui.windows.providers.price_sheet import PriceSheet


class _Slow:
    """Sets prices once it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.set: list[Mapping[str, float]] = []
        self.fails = False

    async def __call__(self, prices: Mapping[str, float]) -> None:
        self.set.append(prices)
        await self.let.wait()
        if self.fails:
            raise DeskError("The disk is full.")


async def test_nothing_of_a_sheet_can_be_changed_while_it_is_at_work(qt_loop: QtLoop) -> None:
    slow = _Slow()
    parent = QWidget()
    sheet = PriceSheet(parent, "mine/small", {"input": 3.0}, slow, is_own=True)
    answer = asyncio.get_running_loop().create_task(sheet.answered())
    await asyncio.sleep(0)
    sheet.work()
    await asyncio.sleep(0)
    for part in (sheet.yes, sheet.no, sheet.take_back, sheet.fields["input"]):
        assert not part.isEnabled()
    press(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    slow.let.set()
    assert await answer
    assert slow.set == [{"input": 3.0}]


async def test_what_was_clicked_while_another_work_went_on_is_not_done_later(qt_loop: QtLoop) -> None:
    slow = _Slow()
    slow.fails = True
    parent = QWidget()
    sheet = PriceSheet(parent, "mine/small", {"input": 3.0}, slow, is_own=True)
    answer = asyncio.get_running_loop().create_task(sheet.answered())
    await asyncio.sleep(0)
    sheet.fields["input"].setFocus()
    sheet.work()
    await asyncio.sleep(0)
    sheet.take_back.clicked.emit()
    slow.let.set()
    await sheet.tasks.ended()
    assert sheet.complaint == "The disk is full."
    assert sheet.focusWidget() is sheet.fields["input"]
    slow.fails = False
    sheet.work()
    assert await answer
    assert slow.set == [{"input": 3.0}, {"input": 3.0}]
