"""Asks where the file is to be, writes it, and tells where it is."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.desk.desk import Desk
from app.errors import UserError
from app.record.errors import RecordError
from app.record.outlet import pour_into
from ui.theme.roles import with_role
from ui.windows.usage.asking import local_day
from ui.windows.usage.files import Export, FileKind, file_name, pieces_of
from ui.windows.usage.question import Question


async def exported(parent: QWidget, desk: Desk, question: Question, kind: FileKind) -> Path | None:
    """Where it is; None where nobody wants it. It is written in a thread, all of it or nothing."""
    window = question.window(local_day())
    usage, rows = await asyncio.gather(
        desk.usage(window, question.filters), desk.export_usage(window, question.filters)
    )
    export = Export(question, usage, rows)
    file = await chosen_file(parent, _tr("Export the usage"), file_name(export, kind), kind)
    if file is None:
        return None
    try:
        await asyncio.to_thread(pour_into, file, pieces_of(export, kind))
    except RecordError as error:
        raise UserError(_tr("%1 Export it to another place.").replace("%1", str(error))) from error
    return file


async def chosen_file(parent: QWidget, title: str, name: str, kind: FileKind) -> Path | None:
    """Where the user wants it; None for nowhere. The desktop's own dialog, which stops nothing meanwhile."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(parent, title, folder, f"{kind.name} (*.{kind.value})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kind.value)
    dialog.selectFile(name)
    closed = asyncio.Event()
    dialog.finished.connect(closed.set)
    try:
        dialog.open()
        await closed.wait()
        is_wanted = dialog.result() == QFileDialog.DialogCode.Accepted
        return Path(dialog.selectedFiles()[0]) if is_wanted else None
    finally:
        # Destroyed here and now: the garbage collector may run in any thread, and a widget bears only one.
        dialog.close()
        dialog.deleteLater()


class SavedLine(QFrame):
    """Where the last file is, until it is dismissed."""

    def __init__(self) -> None:
        super().__init__()
        with_role(self, "notice")
        self.file: Path | None = None
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_folder = with_role(QPushButton(self.tr("&Open folder")), "quiet")
        self.open_folder.clicked.connect(self._on_open)
        self.dismiss = with_role(QPushButton(self.tr("Dismiss")), "quiet")
        self.dismiss.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._sentence, 1)
        row.addWidget(self.open_folder)
        row.addWidget(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        return self._sentence.text()

    def tell(self, file: Path) -> None:
        self.file = file
        path = QDir.toNativeSeparators(str(file))
        self._sentence.setText(self.tr("The usage was saved in %1").replace("%1", path))
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))

    def _on_open(self) -> None:
        if self.file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.file.parent)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("usage", text)
