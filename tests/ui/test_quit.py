"""A wish to quit reaches the program, which then ends in its own time."""

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.loop import QtLoop, run
from ui.quit import Application, on_quit


@pytest.fixture(autouse=True)
def quits_for_real_afterwards(qapp: Application) -> Iterator[None]:
    yield
    on_quit(qapp, None)


async def test_quit_calls_back_and_closes_nothing(qt_loop: QtLoop, qapp: Application, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    wished = asyncio.Event()
    on_quit(qapp, wished.set)
    QTimer.singleShot(0, QApplication.quit)
    await wished.wait()
    assert window.isVisible()


async def test_closing_the_last_window_is_a_wish(qt_loop: QtLoop, qapp: Application, qtbot: QtBot) -> None:
    wished = asyncio.Event()
    on_quit(qapp, wished.set)
    qapp.setQuitOnLastWindowClosed(True)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    QTimer.singleShot(0, window.close)
    await wished.wait()


def test_the_main_coroutine_cleans_up_after_quit(qapp: Application) -> None:
    async def main() -> str:
        wished = asyncio.Event()
        on_quit(qapp, wished.set)
        QTimer.singleShot(0, QCoreApplication.quit)
        await wished.wait()
        QCoreApplication.quit()
        await asyncio.sleep(0.01)
        return "cleaned up"

    assert run(main(), qapp) == "cleaned up"


async def test_every_wish_calls_the_latest_callback_once(qt_loop: QtLoop, qapp: Application) -> None:
    wishes: list[str] = []
    on_quit(qapp, lambda: wishes.append("old"))
    for _ in range(3):
        on_quit(qapp, lambda: wishes.append("new"))
    QCoreApplication.quit()
    QCoreApplication.quit()
    assert wishes == ["new", "new"]


def test_without_a_callback_qt_quits(qapp: Application) -> None:
    on_quit(qapp, None)
    QTimer.singleShot(0, QCoreApplication.quit)
    assert qapp.exec() == 0
