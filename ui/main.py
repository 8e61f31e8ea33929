"""The tray application: Qt and the gateway in one process, on one loop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication

from app.application import Application, Options
from app.commands.context import Context
from app.crashes import Crashes
from app.ending import End
from app.instance import InstanceLock
from app.lasting import what_is_here_lasts
from app.logs import Logs
from app.ports import PortError
from app.running import Running
from proxy.version import __version__
from ui.desktop_end import heeding_the_desktop
from ui.dialogs import ask_for_port, tell
from ui.face import Face
from ui.loop import run
from ui.quit import Application as QtApplication
from ui.watchdog import Watchdog, WatchedApplication


def run_tray(context: Context, end: End) -> int:
    """The tray application, from here to its end."""
    context.home.prepare()
    logs = context.home.logs
    with InstanceLock(context.home) as lock, Logs(logs, context.log_level), Crashes(logs):
        is_watched = context.log_level == "debug"
        qt = _qt_application(WatchedApplication if is_watched else QtApplication)
        with _watched(qt):
            run(TrayRun(context, lock, end).until_the_end(qt), qt)
    return 0


def tell_user(sentence: str, end: End) -> None:
    """Bad news in a dialog, until it was read or the end is wished for."""
    qt = _qt_application()
    run(_told(sentence, end, qt), qt)


async def _told(sentence: str, end: End, qt: QtApplication) -> None:
    with heeding_the_desktop(end, qt):
        await end.unless_wished(tell(sentence))


@contextmanager
def _watched(qt: QtApplication) -> Iterator[None]:
    """Where details are logged, also what keeps the one thread for too long."""
    if not isinstance(qt, WatchedApplication):
        yield
        return
    watchdog = Watchdog()
    watchdog.start()
    qt.watch(watchdog)
    try:
        yield
    finally:
        watchdog.stop()


def _qt_application(kind: type[QtApplication] = QtApplication) -> QtApplication:
    """The one of this process, made when it is first needed."""
    existing = QApplication.instance()
    if isinstance(existing, QtApplication):
        return existing
    QtApplication.setApplicationName("Tierwise")
    QtApplication.setApplicationVersion(__version__)
    QtApplication.setDesktopFileName("tierwise")
    application = kind(["tierwise"])
    application.setQuitOnLastWindowClosed(False)
    return application


class TrayRun:
    """One run of the tray application."""

    def __init__(self, context: Context, lock: InstanceLock, end: End) -> None:
        self._context = context
        self._lock = lock
        self._end = end

    async def until_the_end(self, qt: QtApplication) -> None:
        with heeding_the_desktop(self._end, qt):
            port = self._context.port
            while True:
                try:
                    return await self._run(Options(port), qt)
                except PortError as error:
                    port = await self._another_port(error)

    async def _another_port(self, taken: PortError) -> int:
        if self._context.smoke:
            raise taken
        if not await self._end.unless_wished(ask_for_port(taken)):
            taken.was_read = True
            raise taken
        return taken.free_port

    async def _run(self, options: Options, qt: QtApplication) -> None:
        application = Application(self._context.home, self._lock, options, self._context.environ)
        face = Face(application, self._context.home, self._context.environ, qt)
        application.has_window(face.show_window)
        async with Running(_WithFace(application, face), self._end):
            what_is_here_lasts()
            await face.appear(self._context.window)
            if not self._context.smoke:
                await self._end.wished()


class _WithFace:
    """The application and its face, of which the one need not wait until the other has stopped."""

    def __init__(self, application: Application, face: Face) -> None:
        self._application = application
        self._face = face

    @property
    def stop_requested(self) -> asyncio.Event:
        return self._application.stop_requested

    async def start(self) -> None:
        await self._application.start()

    async def stop(self) -> None:
        stops = (self._face.vanish(), self._application.stop())
        for outcome in await asyncio.gather(*stops, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
