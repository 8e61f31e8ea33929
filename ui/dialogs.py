"""Questions and bad news. Each is awaited; none stops the loop."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import shiboken6
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.ports import PortError

_log = logging.getLogger("tierwise.ui")


async def ask_for_port(error: PortError) -> bool:
    """Whether to use the free port, for this run."""
    box = QMessageBox(QMessageBox.Icon.Warning, _tr("Tierwise"), error.problem)
    box.setInformativeText(
        _tr(
            "Stop that program and start Tierwise again, or use port %1 this time: clients that know the "
            "usual address will not find Tierwise there. `port` under [server] in config.toml changes it "
            "for good."
        ).replace("%1", str(error.free_port))
    )
    use = box.addButton(
        _tr("&Use port %1 this time").replace("%1", str(error.free_port)), QMessageBox.ButtonRole.AcceptRole
    )
    box.addButton(QMessageBox.StandardButton.Close).setText(_tr("&Quit"))
    box.setDefaultButton(use)
    with _gone_afterwards(box):
        await _closed(box)
        return box.clickedButton() is use


async def tell(sentence: str, title: str = "") -> None:
    """Bad news; without a title it is why the program cannot start."""
    box = QMessageBox(QMessageBox.Icon.Critical, title or _tr("Tierwise cannot start"), sentence)
    box.addButton(QMessageBox.StandardButton.Close)
    with _gone_afterwards(box):
        await _closed(box)


async def confirmed(parent: QWidget | None, question: str, details: str, yes: str) -> bool:
    """Whether the user says yes to something that has a consequence. Enter and Esc both leave it as it is."""
    box = QMessageBox(QMessageBox.Icon.Question, _tr("Tierwise"), question, parent=parent)
    box.setInformativeText(details)
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    with _gone_afterwards(box):
        await _closed(box)
        return box.clickedButton() is agree


@contextmanager
def _gone_afterwards(box: QMessageBox) -> Iterator[None]:
    """Destroyed here and now: the garbage collector may run in any thread, and a widget bears only one."""
    try:
        yield
    finally:
        if shiboken6.isValid(box):  # a window that was closed meanwhile took it with it
            box.close()
            box.deleteLater()


async def _closed(box: QMessageBox) -> None:
    box.setTextFormat(Qt.TextFormat.PlainText)  # it quotes files, which may look like markup
    closed = asyncio.Event()
    box.finished.connect(closed.set)
    box.open()
    _log.info("a dialog waits to be answered: %s", box.text())
    await closed.wait()


def _tr(text: str) -> str:
    return QCoreApplication.translate("dialogs", text)
