"""The proposal on the page: what would be added and why, which keys it may use, and whether it is wanted."""

from collections.abc import Callable, Collection, Coroutine

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.errors import UserError
from ui.frame.page import Host
from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.widgets.tab_order import put_in_tab_order
from ui.widgets.wrapped import wrapped
from ui.windows.tiers.proposal.asking import Asked, KeyFound, Proposing
from ui.windows.tiers.proposal.rows import PieceRows
from ui.windows.tiers.proposal.told import pieces, written_sentence
from ui.windows.tiers.speech import tr

Do = Callable[[Coroutine[None, None, None]], None]


class ProposalPanel(Panel):
    """Hidden until one is asked for. `closed`: nobody looks at it any more."""

    closed = Signal()

    def __init__(self, proposing: Proposing, host: Host, do: Do) -> None:
        super().__init__(tr("Proposal"))
        self._proposing, self._host, self._do = proposing, host, do
        self._asked: Asked | None = None
        """What is shown, and would be written."""
        self._used: frozenset[KeyFound] = frozenset()
        self._question = 0
        self._is_writing = False
        self.keys: dict[KeyFound, QCheckBox] = {}
        self.apply = with_role(QPushButton(tr("&Write this")), "primary")
        self.apply.clicked.connect(lambda: do(self._apply()))
        self.dismiss = QPushButton(tr("&Not now"))
        self.dismiss.clicked.connect(self._on_dismiss)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(10)
        self._content = QWidget()
        rows = QVBoxLayout(self._content)
        rows.setSpacing(12)
        rows.addLayout(self._parts)
        buttons = QHBoxLayout()
        buttons.addWidget(self.apply)
        buttons.addWidget(self.dismiss)
        buttons.addStretch()
        rows.addLayout(buttons)
        self.fill(self._content)
        self.hide()

    async def ask(self) -> None:
        """Look around and show what fits; that takes a moment."""
        if self._is_writing:
            return
        question = self._begin()
        self._asked = None
        self.show()
        self.empty(tr("Looking for model servers and keys on this computer …"))
        try:
            asked = await self._proposing.asked()
        except Exception as error:
            if question == self._question:
                self._show_failure(error)
            if isinstance(error, UserError):
                return
            raise
        if question != self._question:
            return
        self._show(asked, {each for each in asked.keys if each.stays})
        self._tell_aloud()
        (self.apply if self.apply.isVisible() else self.dismiss).setFocus()

    # -- within -------------------------------------------------------------------------------------

    def _begin(self) -> int:
        """The number of a new question; what comes of any older one is not wanted any more."""
        self._question += 1
        return self._question

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.failed(str(error), lambda: self._do(self.ask()))
        else:
            self.failed(tr("That failed for a reason that only the log knows."))

    def _show(self, asked: Asked, used: Collection[KeyFound]) -> None:
        self._asked, self._used = asked, frozenset(used)
        _emptied(self._parts)
        self._show_keys(asked, used)
        if asked.made.advice:
            self._parts.addWidget(wrapped(text=asked.made.advice))
        self._parts.addWidget(PieceRows(pieces(asked.made)))
        self.apply.setVisible(asked.made.is_new)
        self.apply.setEnabled(True)
        self.dismiss.setText(tr("&Not now") if asked.made.is_new else tr("&Close"))
        self.ready()

    def _show_keys(self, asked: Asked, used: Collection[KeyFound]) -> None:
        self.keys = {key: QCheckBox(_question(key)) for key in asked.keys}
        if self.keys:
            self._parts.addWidget(with_role(QLabel(tr("Keys that were found")), "heading"))
        for key, box in self.keys.items():
            box.setChecked(key in used)
            box.clicked.connect(lambda _is_on=False, key=key: self._do(self._choose(key)))
            self._parts.addWidget(box)
        put_in_tab_order(self._content, self.keys.values())

    async def _choose(self, last: KeyFound) -> None:
        """Until it is known what comes of other keys there is nothing to be written."""
        if self._asked is None:
            return
        question = self._begin()
        self.apply.setEnabled(False)
        used = {key for key, box in self.keys.items() if box.isChecked()}
        try:
            answer = await self._proposing.with_keys(self._asked, used)
        except Exception:
            self._show_again(question, self._asked, self._used, last)
            raise
        self._show_again(question, answer, used, last)

    def _show_again(
        self, question: int, asked: Asked | None, used: Collection[KeyFound], last: KeyFound
    ) -> None:
        if question == self._question and asked is not None:
            self._show(asked, used)
            self.keys[last].setFocus()
            self._tell_aloud()

    async def _apply(self) -> None:
        if self._asked is None or self._is_writing:
            return
        made = self._asked.made
        self._set_writing(is_writing=True)
        try:
            outcome = await self._proposing.write(self._asked)
        except Exception:
            self._set_writing(is_writing=False)
            self.apply.setFocus()
            raise
        self._set_writing(is_writing=False)
        self._on_dismiss()

        async def undo() -> None:
            await self._proposing.take_back(outcome)
            self._host.say(tr("It is as it was before the proposal."))

        self._host.say(written_sentence(made), undo if outcome.can_undo else None)

    def _set_writing(self, *, is_writing: bool) -> None:
        self._is_writing = is_writing
        for each in (self.apply, self.dismiss, *self.keys.values()):
            each.setDisabled(is_writing)
        self.apply.setText(tr("Writing …") if is_writing else tr("&Write this"))

    def _on_dismiss(self) -> None:
        self._begin()
        self._asked = None
        self.hide()
        self.closed.emit()

    def _tell_aloud(self) -> None:
        if self._asked is not None:
            told = self._asked.made.advice or tr("A proposal is shown.")
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, told))


def _question(key: KeyFound) -> str:
    if key.stays:
        return tr("Use the key of %1 from %2; it stays there", key.label, key.where)
    return tr("Copy the key of %1 from %2 into the keyring, and use it", key.label, key.where)


def _emptied(places: QVBoxLayout) -> None:
    while (item := places.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
