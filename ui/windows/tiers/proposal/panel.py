"""The proposal on the page: what would be added and why, which keys it may use, and whether it is wanted."""

from collections.abc import Callable, Coroutine, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.errors import UserError
from ui.frame.page import Host
from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.windows.tiers.proposal.asking import Asked, KeyFound, Proposing
from ui.windows.tiers.proposal.told import Piece, pieces, written_sentence
from ui.windows.tiers.speech import tr

_AIR = 6

Do = Callable[[Coroutine[None, None, None]], None]


class ProposalPanel(Panel):
    """Hidden until one is asked for. `closed`: nobody looks at it any more."""

    closed = Signal()

    def __init__(self, proposing: Proposing, host: Host, do: Do) -> None:
        super().__init__(tr("Proposal"))
        self._proposing, self._host, self._do = proposing, host, do
        self._asked: Asked | None = None
        self.keys: dict[KeyFound, QCheckBox] = {}
        self.apply = with_role(QPushButton(tr("&Write this")), "primary")
        self.apply.clicked.connect(lambda: do(self._apply()))
        self.dismiss = QPushButton(tr("&Not now"))
        self.dismiss.clicked.connect(self._on_dismiss)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(10)
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setSpacing(12)
        rows.addLayout(self._parts)
        buttons = QHBoxLayout()
        buttons.addWidget(self.apply)
        buttons.addWidget(self.dismiss)
        buttons.addStretch()
        rows.addLayout(buttons)
        self.fill(content)
        self.hide()

    async def ask(self) -> None:
        """Look around and show what fits; that takes a moment."""
        self.show()
        self.empty(tr("Looking for model servers and keys on this computer …"))
        try:
            asked = await self._proposing.asked()
        except UserError as error:
            self.failed(str(error), lambda: self._do(self.ask()))
            return
        except Exception:
            self.failed(tr("That failed for a reason that only the log knows."))
            raise
        self._show(asked, {each for each in asked.keys if each.stays})
        self._tell_aloud()
        (self.apply if self.apply.isVisible() else self.dismiss).setFocus()

    # -- within -------------------------------------------------------------------------------------

    def _show(self, asked: Asked, used: set[KeyFound]) -> None:
        self._asked = asked
        _emptied(self._parts)
        self._show_keys(asked, used)
        if asked.made.advice:
            self._parts.addWidget(_wrapped(asked.made.advice))
        self._parts.addWidget(_Pieces(pieces(asked.made)))
        self.apply.setVisible(asked.made.is_new)
        self.dismiss.setText(tr("&Not now") if asked.made.is_new else tr("&Close"))
        self.ready()

    def _show_keys(self, asked: Asked, used: set[KeyFound]) -> None:
        self.keys = {key: QCheckBox(_question(key)) for key in asked.keys}
        if self.keys:
            self._parts.addWidget(with_role(QLabel(tr("Keys that were found")), "heading"))
        for key, box in self.keys.items():
            box.setChecked(key in used)
            box.clicked.connect(lambda _is_on=False, key=key: self._do(self._choose(key)))
            self._parts.addWidget(box)

    async def _choose(self, last: KeyFound) -> None:
        if self._asked is None:
            return
        used = {key for key, box in self.keys.items() if box.isChecked()}
        self._show(await self._proposing.with_keys(self._asked, used), used)
        self.keys[last].setFocus()
        self._tell_aloud()

    async def _apply(self) -> None:
        if self._asked is None:
            return
        made = self._asked.made
        outcome = await self._proposing.write(self._asked)
        self._on_dismiss()

        async def undo() -> None:
            await self._proposing.take_back(outcome)
            self._host.say(tr("It is as it was before the proposal."))

        self._host.say(written_sentence(made), undo if outcome.can_undo else None)

    def _on_dismiss(self) -> None:
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


class _Pieces(QWidget):
    """All pieces in two columns: what, and why."""

    def __init__(self, shown: Sequence[Piece]) -> None:
        super().__init__()
        self._places = QGridLayout(self)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setHorizontalSpacing(16)
        self._places.setVerticalSpacing(3)
        self._places.setColumnStretch(0, 2)
        self._places.setColumnStretch(1, 3)
        for piece in shown:
            self._add(piece)

    def _add(self, piece: Piece) -> None:
        first = self._places.rowCount()
        self._places.setRowMinimumHeight(first, _AIR)
        self._places.addWidget(with_role(QLabel(piece.heading), "heading"), first + 1, 0, 1, 2)
        for row, line in enumerate(piece.lines, start=first + 2):
            why = line.why or (tr("is there already") if not line.is_new else "")
            self._places.addWidget(_wrapped(line.told), row, 0, Qt.AlignmentFlag.AlignTop)
            self._places.addWidget(with_role(_wrapped(why), "muted"), row, 1, Qt.AlignmentFlag.AlignTop)
        if piece.note:
            note = with_role(_wrapped(piece.note), "muted")
            self._places.addWidget(note, self._places.rowCount(), 0, 1, 2)


def _emptied(places: QVBoxLayout) -> None:
    while (item := places.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
