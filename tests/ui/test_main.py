"""The end of the desktop session waits until all is closed."""

import asyncio

from PySide6.QtCore import QTimer

from ui.loop import QtLoop
from ui.main import _SessionEnd
from ui.quit import Application as QtApplication


class Stoppable:
    def __init__(self) -> None:
        self.stop_requested = asyncio.Event()

    def request_stop(self) -> None:
        self.stop_requested.set()


async def test_the_session_ends_when_all_is_closed_and_not_before(
    qt_loop: QtLoop, qapp: QtApplication
) -> None:
    program = Stoppable()
    ending = _SessionEnd(program, qapp)  # type: ignore[arg-type] # the little of it that is asked for
    order: list[str] = []

    async def closing() -> None:
        await program.stop_requested.wait()
        await asyncio.sleep(0.01)
        order.append("closed")
        ending.all_is_closed()

    def session_manager() -> None:
        qapp.commitDataRequest.emit(None)
        order.append("session goes on ending")
        done.set()

    done = asyncio.Event()
    task = asyncio.ensure_future(closing())

    QTimer.singleShot(0, session_manager)
    await done.wait()
    await task
    assert order == ["closed", "session goes on ending"]
