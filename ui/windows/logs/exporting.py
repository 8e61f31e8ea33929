"""Writes the rows that are on show into a file: in a thread, told while it lasts, given up when wished."""

import asyncio
import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from app.home import Home
from app.record.rows_file import Form, GivenUpError, write_rows
from proxy.ledger.exporting import Wanted
from ui.theme.roles import with_role
from ui.words import count

_TOLD_AFTER_MS = 1000
_TOLD_EVERY_MS = 250


class ExportMenu(QMenu):
    """`chosen` says into which file, and in which form."""

    chosen = Signal(Path, Form)

    def __init__(self, button: QPushButton) -> None:
        super().__init__(button)
        self._button = button
        self.addAction(self.tr("As &CSV …")).triggered.connect(lambda: self._ask(Form.CSV))
        self.addAction(self.tr("As &JSON …")).triggered.connect(lambda: self._ask(Form.JSON))
        button.setMenu(self)

    def _ask(self, form: Form) -> None:
        dialog = QFileDialog(self._button.window(), self.tr("Export requests"), f"requests.{form}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{form.upper()} (*.{form})")
        dialog.setDefaultSuffix(str(form))
        dialog.fileSelected.connect(lambda name: self.chosen.emit(Path(name), form))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class Progress(QFrame):
    """One export; it is seen when it lasts longer than a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        with_role(self, "notice")
        self._given_up = threading.Event()
        self._written = 0
        self.sentence = QLabel()
        self.cancel = with_role(QPushButton(self.tr("Cancel the export")), "quiet")
        self.cancel.clicked.connect(self.give_up)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.cancel)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tell)
        self.hide()

    def give_up(self) -> None:
        self._given_up.set()

    async def write(self, home: Home, wanted: Wanted, file: Path, form: Form) -> str:
        """What came of it, as a sentence."""
        self._given_up = threading.Event()
        self._written = 0
        self._timer.start(_TOLD_AFTER_MS)
        goes_on = partial(self._goes_on, self._given_up)
        try:
            written = await asyncio.to_thread(write_rows, home, wanted, file, form, goes_on)
        except GivenUpError:
            return self.tr("The export was cancelled; no file was written.")
        else:
            told = self.tr("%1 request is in %2.") if written == 1 else self.tr("%1 requests are in %2.")
            return told.replace("%1", count(written)).replace("%2", str(file))
        finally:
            self.give_up()  # a thread cannot be cancelled, but it asks
            self._timer.stop()
            self.hide()

    def _goes_on(self, given_up: threading.Event, written: int) -> bool:
        """Asked by the thread that writes."""
        self._written = written
        return not given_up.is_set()

    def _tell(self) -> None:
        self._timer.start(_TOLD_EVERY_MS)
        self.sentence.setText(self.tr("%1 rows are written …").replace("%1", count(self._written)))
        self.show()
