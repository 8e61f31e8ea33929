"""A small dialog of this page: fields, one sentence about what is wrong, and a button that does it."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.errors import UserError
from ui.tasks import Tasks
from ui.theme.roles import with_role
from ui.windows.providers.labels import wrapped
from ui.windows.providers.words import tr

_MARGIN = 20
_GAP = 12
_WIDTH = 480


class Sheet(QDialog):
    """`submit` of a sheet of its own kind does the work; a UserError is told, and the sheet stays."""

    def __init__(self, parent: QWidget, title: str, yes: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self.tasks = Tasks()
        self._complaint = wrapped("bad")
        self._complaint.hide()
        self.content = QVBoxLayout()
        self.content.setSpacing(_GAP)
        self.yes = with_role(QPushButton(yes), "primary")
        self.yes.setDefault(True)
        self.yes.clicked.connect(self.work)
        self.no = QPushButton(tr("Cancel"))
        self.no.setAutoDefault(False)
        self.no.clicked.connect(self.reject)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch()
        self.buttons.addWidget(self.no)
        self.buttons.addWidget(self.yes)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        rows.setSpacing(_GAP)
        rows.addLayout(self.content, 1)
        rows.addWidget(self._complaint)
        rows.addLayout(self.buttons)

    @property
    def complaint(self) -> str:
        """What is wrong now; empty if nothing is."""
        return self._complaint.text().removeprefix("⚠ ")

    def complain(self, sentence: str) -> None:
        """An empty one takes the last back."""
        self._complaint.setText(f"⚠ {sentence}" if sentence else "")
        self._complaint.setVisible(bool(sentence))
        self.grow()
        if sentence:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def grow(self) -> None:
        """As high as what is in it by now wants to be; it never shrinks under the pointer."""
        if (layout := self.layout()) is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def problem(self) -> str:
        """What is wrong with what stands in the fields, in a sentence; empty for nothing."""
        return ""

    async def submit(self) -> None:
        """Do it; a UserError says why that cannot be."""
        raise NotImplementedError

    def work(self) -> None:
        """As the button does, and not twice at once."""
        if not self.yes.isEnabled():
            return
        problem = self.problem()
        self.complain(problem)
        if not problem:
            self._wait(is_waiting=True)
            self.tasks.start(self._worked())

    async def answered(self) -> bool:
        """Show it, and wait until the work is done, or the user wants it no more."""
        closed = asyncio.Event()
        self.finished.connect(closed.set)
        try:
            self.open()
            await closed.wait()
            return self.result() == QDialog.DialogCode.Accepted
        finally:
            self.tasks.cancel()
            self.close()
            self.deleteLater()  # here and now: the garbage collector may run in any thread

    async def _worked(self) -> None:
        """Where it is cancelled there is no sheet any more."""
        try:
            await self.submit()
        except UserError as error:
            self._wait(is_waiting=False)
            self.complain(str(error))
        except Exception:
            self._wait(is_waiting=False)
            self.complain(tr("That failed for a reason that only the log knows."))
            raise
        else:
            self.accept()

    def _wait(self, *, is_waiting: bool) -> None:
        self.yes.setEnabled(not is_waiting)
        self.no.setEnabled(not is_waiting)
        self.setCursor(Qt.CursorShape.BusyCursor if is_waiting else Qt.CursorShape.ArrowCursor)
