"""A line that says which model servers run on this computer; empty as long as nobody has looked."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel

from app.local.first_look import what_was_found
from proxy.local.found import LocalServer
from ui.mistakes import called_by_qt


class Machine(Protocol):
    """This computer, as far as somebody has looked around on it."""

    def local_servers(self) -> Sequence[LocalServer] | None:
        """Its model servers; None as long as nobody has looked."""
        ...

    def on_local_servers(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back whenever that has changed; the answer ends it."""
        ...

    def watching_local_servers(self) -> AbstractContextManager[None]:
        """As long as somebody looks on, changes are seen within seconds."""
        ...


class FoundHere(QLabel):
    """It follows what is found until `stop_listening`."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self._machine = machine
        self._stop = machine.on_local_servers(self._tell)
        self._watching = ExitStack()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setWordWrap(True)
        self._tell()

    @called_by_qt
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        self._watching.close()  # shown again without having been hidden
        self._watching.enter_context(self._machine.watching_local_servers())
        super().showEvent(event)

    @called_by_qt
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        self._watching.close()
        super().hideEvent(event)

    def stop_listening(self) -> None:
        self._watching.close()
        self._stop()
        self._stop = _nothing

    def _tell(self) -> None:
        self.setText(self._sentence())

    def _sentence(self) -> str:
        servers = self._machine.local_servers()
        if servers is None:
            return ""
        found = what_was_found(servers)
        if not found:
            return self.tr("No model server runs on this computer.")
        return self.tr("Found on this computer: %1.").replace("%1", found)


def _nothing() -> None:
    pass
