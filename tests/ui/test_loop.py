"""What our loop promises beyond asyncio: Qt and asyncio share a thread, and neither starves the other or
ends it.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QPoint, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import TIME_LIMIT, in_use
from ui.loop import QtLoop, run
from ui.quit import Application


def every(milliseconds: int, slot: Callable[[], object]) -> QTimer:
    timer = QTimer()
    timer.timeout.connect(slot)
    timer.start(milliseconds)
    return timer


class CountedLoop(QtLoop):
    """Knows how often Qt woke it."""

    turns = 0

    def _turn(self) -> None:
        self.turns += 1
        super()._turn()


async def turns_until(happened: asyncio.Event) -> None:
    """One callback that schedules the next: the loop is never idle."""
    while not happened.is_set():  # noqa: ASYNC110 -- to keep the loop busy is the point
        await asyncio.sleep(0)


# Fairness


@pytest.mark.parametrize("milliseconds", [0, 5])
async def test_callbacks_that_reschedule_themselves_leave_time_for_qts_timers(
    qt_loop: QtLoop, milliseconds: int
) -> None:
    ticked = asyncio.Event()
    ticks = iter(range(10))
    timer = every(milliseconds, lambda: next(ticks, None) is None and ticked.set())
    await turns_until(ticked)
    timer.stop()


async def test_callbacks_that_reschedule_themselves_leave_time_for_paint(
    qt_loop: QtLoop, qtbot: QtBot
) -> None:
    painted = asyncio.Event()

    class Canvas(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
            painted.set()

    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.show()
    await turns_until(painted)
    painted.clear()
    canvas.update()
    await turns_until(painted)


async def test_sockets_that_are_always_ready_leave_time_for_qts_timers(qt_loop: QtLoop) -> None:
    ticked = asyncio.Event()
    ticks = iter(range(10))
    timer = every(1, lambda: next(ticks, None) is None and ticked.set())
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"never read")
        qt_loop.add_reader(ours, lambda: None)
        await ticked.wait()
        qt_loop.remove_reader(ours)
    timer.stop()


async def test_a_storm_of_qt_timers_leaves_time_for_asyncio(qt_loop: QtLoop) -> None:
    storm = [every(0, lambda: time.sleep(0.0005)) for _ in range(3)]
    await everything_works(qt_loop)
    for timer in storm:
        timer.stop()


async def test_a_storm_of_posted_events_leaves_time_for_asyncio(qt_loop: QtLoop) -> None:
    kind = QEvent.Type(QEvent.registerEventType())

    class Storm(QObject):
        raging = True

        def customEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
            if self.raging:
                QCoreApplication.postEvent(self, QEvent(kind))

    storm = Storm()
    QCoreApplication.postEvent(storm, QEvent(kind))
    await everything_works(qt_loop)
    storm.raging = False


async def everything_works(loop: asyncio.AbstractEventLoop) -> None:
    """Callbacks, timers, threads and sockets, each more than once."""

    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line.upper())
        writer.close()

    async with await asyncio.start_server(shout, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for _ in range(5):
            await asyncio.sleep(0)
            await asyncio.sleep(0.001)
            assert await asyncio.to_thread(threading.current_thread) is not threading.current_thread()
            writer.write(b"hello\n")
            assert await reader.readline() == b"HELLO\n"
        writer.close()
        await writer.wait_closed()


# Qt's event loop inside Qt's event loop


async def test_asyncio_goes_on_while_a_slot_runs_qts_event_loop(qt_loop: QtLoop) -> None:
    nested, entered = QEventLoop(), asyncio.Event()
    QTimer.singleShot(0, lambda: (QTimer.singleShot(0, entered.set), nested.exec()))
    await entered.wait()
    await everything_works(qt_loop)
    assert nested.isRunning()
    nested.quit()


async def test_asyncio_goes_on_while_a_menu_is_open(qt_loop: QtLoop, qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addAction("Quit")
    opened, closed = asyncio.Event(), asyncio.Event()
    menu.aboutToShow.connect(opened.set)
    QTimer.singleShot(0, lambda: (menu.exec(QPoint(0, 0)), closed.set()))
    await opened.wait()
    await everything_works(qt_loop)
    assert menu.isVisible()
    assert not closed.is_set()
    menu.close()
    await closed.wait()


async def test_asyncio_goes_on_while_a_dialog_is_open(qt_loop: QtLoop, qtbot: QtBot) -> None:
    dialog, opened = QDialog(), asyncio.Event()
    qtbot.addWidget(dialog)
    answered: asyncio.Future[int] = qt_loop.create_future()
    QTimer.singleShot(0, lambda: (QTimer.singleShot(0, opened.set), answered.set_result(dialog.exec())))
    await opened.wait()
    assert dialog.isVisible()
    await everything_works(qt_loop)
    assert not answered.done()
    dialog.accept()
    assert await answered == 1


def test_the_run_can_end_while_a_dialog_is_open(qt_loop: QtLoop, qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)

    async def main() -> str:
        opened = asyncio.Event()
        QTimer.singleShot(0, lambda: (QTimer.singleShot(0, opened.set), dialog.exec()))
        await opened.wait()
        return "ended"

    assert qt_loop.run_until_complete(main()) == "ended"


async def test_asyncio_stands_still_while_a_coroutine_runs_qts_event_loop_and_goes_on_after(
    qt_loop: QtLoop, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []
    nested = QEventLoop()
    other = asyncio.create_task(everything_works(qt_loop))
    qt_loop.call_soon(ran.append, "callback")
    qt_loop.call_later(0.001, ran.append, "timer")
    qt_loop.call_soon_threadsafe(ran.append, "from a thread")
    QTimer.singleShot(100, nested.quit)
    busy = time.process_time()
    nested.exec()
    assert time.process_time() - busy < 0.05
    assert ran == []
    assert [record.levelno for record in caplog.records if record.name == "tierwise.ui.loop"] == [
        logging.WARNING
    ]
    await other
    assert sorted(ran) == ["callback", "from a thread", "timer"]


# Being called from Qt


async def test_a_slot_wakes_the_loop(qt_loop: QtLoop) -> None:
    came = asyncio.Event()
    QTimer.singleShot(5, lambda: asyncio.get_running_loop().call_soon(came.set))
    await came.wait()


async def test_a_slot_sets_a_timer_earlier_than_those_that_wait(qt_loop: QtLoop) -> None:
    came = asyncio.Event()
    far = qt_loop.call_later(3600, print)
    began = qt_loop.time()
    QTimer.singleShot(5, lambda: qt_loop.call_later(0.001, came.set))
    await came.wait()
    assert qt_loop.time() - began < TIME_LIMIT / 2  # not by the turn that the time limit brings
    far.cancel()


def test_a_slot_stops_the_loop(qt_loop: QtLoop) -> None:
    QTimer.singleShot(5, qt_loop.stop)
    qt_loop.run_forever()


async def test_timers_cancelled_in_a_slot_are_swept_without_a_turn(qt_loop: QtLoop) -> None:
    class Held: ...

    swept: asyncio.Future[int] = qt_loop.create_future()

    def slot() -> None:
        handles = [qt_loop.call_later(300, print, Held()) for _ in range(20_000)]
        alive = [weakref.ref(handle) for handle in handles]
        for handle in handles:
            handle.cancel()
        del handle, handles
        swept.set_result(sum(handle() is not None for handle in alive))

    QTimer.singleShot(0, slot)
    assert await swept < 200


def test_qt_without_the_loop_runs_no_callbacks(qt_loop: QtLoop, qapp: Application) -> None:
    ran: list[str] = []
    qt_loop.call_soon(ran.append, "soon")
    qt_loop.call_later(0, ran.append, "later")
    qt_loop.call_soon_threadsafe(ran.append, "from a thread")
    for _ in range(5):
        qapp.processEvents()
    assert ran == []
    qt_loop.run_until_complete(asyncio.sleep(0.01))
    assert sorted(ran) == ["from a thread", "later", "soon"]


# Idleness


def test_an_idle_loop_sleeps(qapp: Application) -> None:
    loop = CountedLoop(qapp)
    with in_use(loop):
        loop.call_later(60, print)
        loop.run_until_complete(asyncio.sleep(0.01))  # Qt settles
        waker = threading.Timer(0.5, loop.call_soon_threadsafe, [loop.stop])
        loop.turns, busy = 0, time.process_time()
        waker.start()
        loop.run_forever()
        assert loop.turns <= 3  # the first, the bell, what it brought
        assert time.process_time() - busy < 0.1
        waker.join()


# Ending


@pytest.mark.parametrize("end", ["quit", "exit"])
def test_only_stop_ends_a_run(qt_loop: QtLoop, qapp: Application, end: str) -> None:
    async def main() -> str:
        getattr(qapp, end)()
        await asyncio.sleep(0.01)
        await everything_works(qt_loop)
        return "cleaned up"

    assert qt_loop.run_until_complete(main()) == "cleaned up"


def test_the_loop_does_not_run_inside_a_foreign_exec(qt_loop: QtLoop, qapp: Application) -> None:
    errors: list[str] = []

    def slot() -> None:
        try:
            qt_loop.run_until_complete(asyncio.sleep(0))
        except RuntimeError as error:
            errors.append(str(error))
        qapp.exit()

    QTimer.singleShot(0, slot)
    qapp.exec()
    assert errors == ["QApplication.exec() is running already"]


def test_the_loop_runs_in_the_main_thread_only(qapp: Application) -> None:
    loop = QtLoop(qapp)
    errors: list[BaseException] = []

    def elsewhere() -> None:
        try:
            loop.run_forever()
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "main thread" in str(errors[0])
    with in_use(loop):
        pass


def test_run_cancels_what_is_left_and_closes_the_loop(qapp: Application) -> None:
    ended: list[str] = []

    async def leftover() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(ended.append, "leftover")

    async def main() -> asyncio.AbstractEventLoop:
        task = asyncio.create_task(leftover())
        await asyncio.sleep(0)
        assert not task.done()
        return asyncio.get_running_loop()

    loop = run(main(), qapp)
    assert isinstance(loop, QtLoop)
    assert loop.is_closed()
    assert ended == ["leftover"]


# The environment


def test_another_qt_binding_in_the_environment_does_no_harm() -> None:
    program = "import os, ui.loop; assert os.environ['QT_API'] == 'pyqt5'"
    environ = os.environ | {"QT_API": "pyqt5"}
    subprocess.run([sys.executable, "-c", program], env=environ, check=True, timeout=60)


def test_a_closed_loop_leaves_no_qt_object_to_the_garbage_collector(qapp: Application) -> None:
    loop = QtLoop(qapp)
    things = [loop._soon, loop._alarm, *loop._of_qasync(), *loop._of_platform()]
    assert all(shiboken6.isValid(thing) for thing in things)
    loop.close()
    assert not any(shiboken6.isValid(thing) for thing in things)
    loop.close()
