"""Quitting is a wish that the program hears, not its end: the main coroutine cleans up and returns.

Left alone, `QApplication.quit()`, the system's Quit (Cmd-Q, the dock) and the closing of the last window
end `exec()`. All arrive as `QEvent.Quit` at the application, where `Application` keeps the event and
calls back:

    wish = asyncio.Event()
    on_quit(app, wish.set)
    await wish.wait()

It overrides the application's own `event`. An event filter on the application would do without a class,
but it is asked about every event of every object: that costs more than Qt's share of a turn, and PySide
would have to wrap objects that are still being built.

The end of a session is another matter. `commitDataRequest` announces it, and on Windows the process may
be gone as soon as its slots have returned: what must be saved is saved before they return, if need be in
a QEventLoop of their own, where asyncio goes on. `saveStateRequest` asks how to start the program again,
to which a program that the session starts anyway has no answer. `aboutToQuit` is emitted whenever the
loop stops running, several times in the course of `run`, so its slots must bear that.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from ui.mistakes import called_by_qt


class Application(QApplication):
    """A QApplication that can be asked to quit without quitting."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        super().__init__(list(arguments))
        self.quit_wished: Callable[[], object] | None = None

    @called_by_qt
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit and self.quit_wished is not None:
            self.quit_wished()
            return True
        return super().event(event)


def on_quit(app: QApplication, callback: Callable[[], object] | None) -> None:
    """From now on a wish to quit calls `callback`, each time, and nothing else; None lets Qt quit again."""
    if not isinstance(app, Application):
        raise TypeError(f"{app!r} cannot hear a wish to quit: make it a ui.quit.Application")
    app.quit_wished = callback
