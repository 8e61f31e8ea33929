"""What a backup holds, what putting it back does, and the way there."""

from collections.abc import Callable, Coroutine

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.preferences.backups import Held
from ui.frame.page import Host
from ui.words import whole_moment


class Restoring(QWidget):
    """A running Tierwise writes its record, so it has to end first; then one command does it."""

    def __init__(self, host: Host, do: Callable[[Coroutine[None, None, None]], None]) -> None:
        super().__init__()
        self._host = host
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.command = QLineEdit()
        self.command.setReadOnly(True)
        self.command.setAccessibleName(self.tr("Command that puts the backup back"))
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setAccessibleName(self.tr("Copy the command"))
        self.copy.clicked.connect(self._on_copy)
        self.end = QPushButton(self.tr("&Quit Tierwise …"))
        self.end.clicked.connect(lambda: do(self._end()))
        line = QHBoxLayout()
        line.addWidget(self.command, 1)
        line.addWidget(self.copy)
        line.addWidget(self.end)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 6, 0, 0)
        rows.addWidget(self.told)
        rows.addLayout(line)

    def show_held(self, held: Held, command: str) -> None:
        self.told.setText(self._sentences(held))
        self.command.setText(command)
        self.command.setCursorPosition(0)
        self.show()
        self.copy.setFocus()

    def _sentences(self, held: Held) -> str:
        parts = [each for each in (held.record, "config.toml" if held.has_config else "") if each]
        return (
            self.tr(
                "%1, made on %2 with Tierwise %3, holds %4.\n"
                "It takes the place of the record and the settings that are here; those are backed up first. "
                "Tierwise must not run meanwhile: quit it, then type this in a terminal, and start it again."
            )
            .replace("%1", held.file.name)
            .replace("%2", whole_moment(held.created.timestamp() * 1000))
            .replace("%3", held.version)
            .replace("%4", self.tr(" and ").join(parts))
        )

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())
        self._host.say(self.tr("The command is copied."))

    async def _end(self) -> None:
        if await self._host.confirmed(
            self.tr("Quit Tierwise?"),
            self.tr("Clients are not served until it is started again. The command is copied for you."),
            self.tr("&Quit"),
        ):
            QGuiApplication.clipboard().setText(self.command.text())
            QApplication.quit()
