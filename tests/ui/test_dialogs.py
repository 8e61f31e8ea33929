"""Questions before there is a window: awaited, answered by a click, and never in the loop's way."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from app.ports import PortError
from ui.dialogs import ask_for_port, confirmed, tell
from ui.loop import QtLoop

ERROR = PortError("127.0.0.1", 4517, "python (process 7)", 50000)


async def shown() -> QMessageBox:
    while True:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QMessageBox) and widget.isVisible():
                return widget
        await asyncio.sleep(0)


@pytest.mark.parametrize(("answer", "expected"), [("Use port 50000 this time", True), ("Quit", False)])
async def test_the_answer_to_a_taken_port(qt_loop: QtLoop, answer: str, expected: bool) -> None:
    asking = asyncio.ensure_future(ask_for_port(ERROR))
    box = await shown()
    assert "taken by python (process 7)" in box.text()
    assert "--port" not in box.informativeText()
    (button,) = [b for b in box.buttons() if b.text().replace("&", "") == answer]
    button.click()
    assert await asking is expected


async def test_closing_the_question_is_no(qt_loop: QtLoop) -> None:
    asking = asyncio.ensure_future(ask_for_port(ERROR))
    (await shown()).close()
    assert await asking is False


async def test_bad_news_waits_until_it_was_read(qt_loop: QtLoop) -> None:
    telling = asyncio.ensure_future(tell("It is <b>broken</b>. Mend it."))
    box = await shown()
    assert box.text() == "It is <b>broken</b>. Mend it."
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert not telling.done()
    box.close()
    await telling


async def test_a_question_that_is_no_longer_needed_goes_away(qt_loop: QtLoop) -> None:
    asking = asyncio.ensure_future(ask_for_port(ERROR))
    await shown()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not any(
        isinstance(widget, QMessageBox) and widget.isVisible() for widget in QApplication.topLevelWidgets()
    )


async def test_what_a_question_quotes_is_no_markup(qt_loop: QtLoop) -> None:
    asking = asyncio.ensure_future(
        confirmed(None, "Remove <b>mine</b>?", "<i>mine</i> serves SIMPLE.", "Remove")
    )
    box = await shown()
    texts = {label.text(): label.textFormat() for label in box.findChildren(QLabel) if label.text()}
    assert texts == dict.fromkeys(
        ("Remove <b>mine</b>?", "<i>mine</i> serves SIMPLE."), Qt.TextFormat.PlainText
    )
    box.close()
    assert await asking is False
