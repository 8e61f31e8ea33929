"""The tray application ends when that is wished for, whatever it waits for just then."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from app.application import Application
from app.commands.context import Context
from app.ending import End
from app.home import Home
from app.instance import InstanceLock
from app.ports import PortError
from ui import main
from ui.face import Face
from ui.frame.window import MainWindow
from ui.loop import QtLoop
from ui.quit import Application as QtApplication

Shown = TypeVar("Shown", bound=QWidget)

WISHES = {
    "quit": QApplication.quit,
    "interrupt": lambda: os.kill(os.getpid(), signal.SIGINT),
    "terminate": lambda: os.kill(os.getpid(), signal.SIGTERM),
}


def later(act: Callable[[], object]) -> None:
    """From Qt, as a user's doing comes: not from within a coroutine."""
    QTimer.singleShot(0, act)


@pytest.fixture(autouse=True)
def as_the_program_sets_it_up(qapp: QtApplication) -> Iterator[None]:
    qapp.setQuitOnLastWindowClosed(False)
    yield
    qapp.setQuitOnLastWindowClosed(True)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.prepare()
    return home


def made(home: Home, end: End, port: int = 0) -> main.TrayRun:
    return main.TrayRun(Context(home, port=port), InstanceLock(home), end)


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", 0))
        mine.listen()
        yield mine.getsockname()[1]


async def shown(kind: type[Shown]) -> Shown:
    while True:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, kind) and widget.isVisible():
                return widget
        await asyncio.sleep(0)


@pytest.mark.parametrize("wish", WISHES)
async def test_a_wish_to_end_answers_the_question_for_a_port(
    qt_loop: QtLoop, qapp: QtApplication, home: Home, wish: str
) -> None:
    with taken_port() as port:
        end = End(lambda: None)
        running = asyncio.ensure_future(made(home, end, port).until_the_end(qapp))
        await shown(QMessageBox)
        later(WISHES[wish])
        await running
    assert end.is_wished
    assert not any(
        isinstance(widget, QMessageBox) and widget.isVisible() for widget in QApplication.topLevelWidgets()
    )


@pytest.mark.parametrize("wish", WISHES)
async def test_a_wish_to_end_closes_bad_news(qt_loop: QtLoop, qapp: QtApplication, wish: str) -> None:
    end = End(lambda: None)
    telling = asyncio.ensure_future(main._told("It is broken.", end, qapp))
    await shown(QMessageBox)
    later(WISHES[wish])
    await telling
    assert end.is_wished


async def test_bad_news_that_was_read_is_no_wish_to_end(qt_loop: QtLoop, qapp: QtApplication) -> None:
    end = End(lambda: None)
    telling = asyncio.ensure_future(main._told("It is broken.", end, qapp))
    (await shown(QMessageBox)).close()
    await telling
    assert not end.is_wished


async def test_a_refused_port_has_been_read_and_is_not_told_again(
    qt_loop: QtLoop, qapp: QtApplication, home: Home
) -> None:
    with taken_port() as port:
        run = made(home, End(lambda: None), port)
        running = asyncio.ensure_future(run.until_the_end(qapp))
        (await shown(QMessageBox)).close()
        with pytest.raises(PortError) as refused:
            await running
    assert refused.value.was_read


@pytest.mark.parametrize("wish", WISHES)
async def test_a_wish_to_end_during_the_start_undoes_it(
    qt_loop: QtLoop, qapp: QtApplication, home: Home, wish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting = asyncio.Event()
    undone: list[str] = []

    async def start(self: Application) -> None:
        starting.set()
        try:
            await asyncio.Event().wait()
        finally:
            undone.append("start")

    monkeypatch.setattr(Application, "start", start)
    running = asyncio.ensure_future(made(home, End(lambda: None)).until_the_end(qapp))
    await starting.wait()
    later(WISHES[wish])
    await running
    assert undone == ["start"]


async def test_the_face_and_the_application_stop_together_and_the_last_moment_runs_before(
    qt_loop: QtLoop, qapp: QtApplication, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    both = {"face": asyncio.Event(), "application": asyncio.Event()}

    async def stop(name: str, other: str) -> None:
        order.append(name)
        both[name].set()
        await both[other].wait()

    monkeypatch.setattr(Face, "vanish", lambda _self: stop("face", "application"))
    stop_application = Application.stop

    async def stop_both(application: Application) -> None:
        await stop("application", "face")
        await stop_application(application)

    monkeypatch.setattr(Application, "stop", stop_both)
    end = End(lambda: order.append("last moment runs"))
    running = asyncio.ensure_future(made(home, end).until_the_end(qapp))
    window = await shown(MainWindow)
    later(QApplication.quit)
    await running
    assert order[0] == "last moment runs"
    assert sorted(order[1:]) == ["application", "face"]
    window.close()


async def session_ended(qapp: QtApplication, order: list[str]) -> None:
    done = asyncio.Event()

    def session_manager() -> None:
        qapp.commitDataRequest.emit(None)
        order.append("session goes on ending")
        done.set()

    later(session_manager)
    await done.wait()


async def test_the_session_ends_when_all_is_closed_and_not_before(
    qt_loop: QtLoop, qapp: QtApplication, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    stop = Application.stop

    async def recorded(application: Application) -> None:
        await stop(application)
        order.append("closed")

    monkeypatch.setattr(Application, "stop", recorded)
    running = asyncio.ensure_future(made(home, End(lambda: None)).until_the_end(qapp))
    await shown(MainWindow)
    await session_ended(qapp, order)
    await running
    assert order == ["closed", "session goes on ending"]


async def test_the_end_of_the_session_closes_a_question_first(
    qt_loop: QtLoop, qapp: QtApplication, home: Home
) -> None:
    with taken_port() as port:
        running = asyncio.ensure_future(made(home, End(lambda: None), port).until_the_end(qapp))
        order: list[str] = []
        box = await shown(QMessageBox)
        box.finished.connect(lambda: order.append("closed"))
        await session_ended(qapp, order)
        await running
    assert order == ["closed", "session goes on ending"]
