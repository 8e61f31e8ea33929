"""How a desktop wishes for the end: by Quit, and by the end of the session, which waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, QTimer

from app.ending import End
from app.running import heeding_signals
from ui.quit import Application, on_quit

# The session manager and Windows give a program a few seconds before they end it.
_SESSION_END_MS = 2500


@contextmanager
def heeding_the_desktop(end: End, qt: Application) -> Iterator[None]:
    """Within a coroutine: signals, Quit and the end of the session wish for the end, and that interrupts."""
    session = _SessionEnd(end, qt)
    on_quit(qt, end.wish)
    try:
        with heeding_signals(end):
            yield
    finally:
        on_quit(qt, None)
        session.all_is_closed()


class _SessionEnd:
    """The process may be ended as soon as the slot returns, so that returns when all is closed."""

    def __init__(self, end: End, qt: Application) -> None:
        self._end = end
        self._qt = qt
        self._waiting = QEventLoop()
        qt.commitDataRequest.connect(self._on_end_of_session)

    def all_is_closed(self) -> None:
        self._qt.commitDataRequest.disconnect(self._on_end_of_session)
        self._waiting.quit()
        self._waiting.deleteLater()

    def _on_end_of_session(self) -> None:
        self._end.wish()
        QTimer.singleShot(_SESSION_END_MS, self._waiting.quit)
        self._waiting.exec()
