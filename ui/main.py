"""The tray application: Qt and the gateway in one process, on one loop."""

from PySide6.QtCore import QEventLoop, QTimer

from app.application import Application, Options
from app.commands.context import Context
from app.errors import UserError
from app.instance import InstanceLock
from app.logs import Logs
from app.ports import PortError
from app.running import running
from proxy.version import __version__
from ui.dialogs import ask_for_port, tell
from ui.face import Face
from ui.loop import run
from ui.quit import Application as QtApplication
from ui.quit import on_quit

# The session manager and Windows give a program a few seconds before they end it.
_SESSION_END_MS = 2500


def run_tray(context: Context) -> int:
    context.home.prepare()
    with InstanceLock(context.home) as lock, Logs(context.home.logs, context.log_level):
        qt = _qt_application()
        return run(_Tray(context, lock, qt).main(), qt)


def _qt_application() -> QtApplication:
    QtApplication.setApplicationName("Tierwise")
    QtApplication.setApplicationVersion(__version__)
    QtApplication.setDesktopFileName("tierwise")
    application = QtApplication(["tierwise"])
    application.setQuitOnLastWindowClosed(False)
    return application


class _Tray:
    """One run of the tray application."""

    def __init__(self, context: Context, lock: InstanceLock, qt: QtApplication) -> None:
        self._context = context
        self._lock = lock
        self._qt = qt

    async def main(self) -> int:
        port = self._context.port
        while True:
            try:
                await self._run(Options(port))
            except PortError as error:
                if self._context.smoke or not await ask_for_port(error):
                    raise
                port = error.free_port
            except UserError as error:
                if not self._context.smoke:
                    await tell(str(error))
                raise
            else:
                return 0

    async def _run(self, options: Options) -> None:
        application = Application(self._context.home, self._lock, options, self._context.environ)
        face = Face(application, self._context.home, self._context.environ)
        application.has_window(face.show_window)
        ending = _SessionEnd(application, self._qt)
        try:
            async with running(application):
                face.appear(window_wanted=self._context.show_window)
                if not self._context.smoke:
                    await application.stop_requested.wait()
                await face.vanish()
        finally:
            ending.all_is_closed()


class _SessionEnd:
    """Quit, from wherever it comes, becomes a request to stop; the end of the session waits for it."""

    def __init__(self, application: Application, qt: QtApplication) -> None:
        self._application = application
        self._waiting = QEventLoop()
        on_quit(qt, application.request_stop)
        qt.commitDataRequest.connect(self._end_of_session)
        self._qt = qt

    def all_is_closed(self) -> None:
        self._qt.commitDataRequest.disconnect(self._end_of_session)
        self._waiting.quit()

    def _end_of_session(self) -> None:
        """The process may be ended as soon as this returns, so it returns when all is closed."""
        self._application.request_stop()
        QTimer.singleShot(_SESSION_END_MS, self._waiting.quit)
        self._waiting.exec()
