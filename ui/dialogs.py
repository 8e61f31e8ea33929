"""Questions and bad news before there is a window. Each is awaited; none stops the loop."""

import asyncio
import logging

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

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
    use = QPushButton(_tr("&Use port %1 this time").replace("%1", str(error.free_port)))
    box.addButton(use, QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Close).setText(_tr("&Quit"))
    box.setDefaultButton(use)
    await _closed(box)
    return box.clickedButton() is use


async def tell(sentence: str) -> None:
    box = QMessageBox(QMessageBox.Icon.Critical, _tr("Tierwise cannot start"), sentence)
    box.addButton(QMessageBox.StandardButton.Close)
    await _closed(box)


async def _closed(box: QMessageBox) -> None:
    box.setTextFormat(Qt.TextFormat.PlainText)  # it quotes files, which may look like markup
    closed = asyncio.Event()
    box.finished.connect(closed.set)
    try:
        box.open()
        _log.info("a dialog waits to be answered: %s", box.text())
        await closed.wait()
    finally:
        box.close()


def _tr(text: str) -> str:
    return QCoreApplication.translate("dialogs", text)
