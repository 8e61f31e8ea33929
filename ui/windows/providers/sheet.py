"""A small dialog of this page: fields, one sentence about what is wrong, and a button that does it."""

import asyncio
from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.errors import UserError
from ui.mistakes import called_by_qt
from ui.tasks import Tasks
from ui.theme.roles import with_role
from ui.windows.providers.labels import tell, wrapped
from ui.windows.providers.words import tr

_MARGIN = 20
_GAP = 12
_WIDTH = 480


class Sheet(QDialog):
    """`submit` of a sheet of its own kind does the work; a UserError is told, and the sheet stays.

    Until that has ended everything in it rests: what is being done is what stands there.
    """

    def __init__(self, parent: QWidget, title: str, yes: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self.tasks = Tasks()
        self._was_at: QWidget | None = None
        self._complaint = wrapped("bad")
        self._complaint.hide()
        self._fields = QWidget()
        self.content = QVBoxLayout(self._fields)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(_GAP)
        self.yes = with_role(QPushButton(yes), "primary")
        self.yes.clicked.connect(self.work)
        self.no = QPushButton(tr("Cancel"))
        self.no.setAutoDefault(False)
        self.no.clicked.connect(self.reject)
        self._row = QWidget()
        self.buttons = QHBoxLayout(self._row)
        self.buttons.setContentsMargins(0, 0, 0, 0)
        self.buttons.addStretch()
        self.buttons.addWidget(self.no)
        self.buttons.addWidget(self.yes)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        rows.setSpacing(_GAP)
        rows.addWidget(self._fields, 1)
        rows.addWidget(self._complaint)
        rows.addWidget(self._row)
        self.yes.setDefault(True)  # in its place: before that it has no dialog to be so of

    @property
    def complaint(self) -> str:
        """What is wrong now; empty if nothing is."""
        return self._complaint.text().removeprefix("⚠ ")

    def complain(self, sentence: str) -> None:
        """An empty one takes the last back."""
        tell(self._complaint, "⚠", sentence)
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
        """As the button does."""
        if self._is_at_work:
            return
        problem = self.problem()
        self.complain(problem)
        if not problem:
            self.carry_out(self.submit)

    def carry_out(self, work: Callable[[], Awaitable[None]]) -> None:
        """With what the sheet is about, and then it closes; never two at once."""
        if not self._is_at_work:
            self.complain("")
            self._rest()
            self.tasks.start(self._worked(work))

    @called_by_qt
    def reject(self) -> None:
        """Not in the middle: what is done by then could neither be told nor undone."""
        if not self._is_at_work:
            super().reject()

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
            self.hide()
            self.deleteLater()  # here and now: the garbage collector may run in any thread

    @property
    def _is_at_work(self) -> bool:
        return not self._row.isEnabled()

    async def _worked(self, work: Callable[[], Awaitable[None]]) -> None:
        """Where it is cancelled there is no sheet any more."""
        try:
            await work()
        except UserError as error:
            self._wake()
            self.complain(str(error))
        except Exception:
            self._wake()
            self.complain(tr("That failed for a reason that only the log knows."))
            raise
        else:
            self.accept()

    def _rest(self) -> None:
        self._was_at = self.focusWidget()
        for part in (self._fields, self._row):
            part.setEnabled(False)
        self.setCursor(Qt.CursorShape.BusyCursor)

    def _wake(self) -> None:
        """With the focus where it was: a widget that rests has none."""
        for part in (self._fields, self._row):
            part.setEnabled(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if self._was_at is not None:
            self._was_at.setFocus()
