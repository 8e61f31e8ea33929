"""A request of one's own: pasted or written, with what its address and headers would have told."""

import asyncio
from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from ui.mistakes import called_by_qt
from ui.tasks import Tasks
from ui.theme.roles import with_role
from ui.windows.routing.paste_field import PasteField
from ui.windows.routing.question import Choices, Guess, guess
from ui.windows.routing.words import surface_in_words, surfaces, tr

_PAUSE_MS = 300
Guessing = Callable[[str, Choices], Guess]


class WrittenPart(QWidget):
    """What is not chosen is guessed, and the guess is shown."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self.field = PasteField()
        self.field.setAccessibleName(tr("The request to explain"))
        self.surface, self.client, self.model = QComboBox(), QComboBox(), QLineEdit()
        self.told = with_role(QLabel(), "muted")
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.clear = with_role(QPushButton(tr("Clea&r")), "quiet")
        self.clear.clicked.connect(self.field.forget)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._fill_choices()
        self._lay_out()
        self.field.changed.connect(self._pause.start)
        self.surface.currentIndexChanged.connect(self.look)
        self.client.activated.connect(self._look_soon)
        self.model.textEdited.connect(self._look_soon)
        self.look()

    @property
    def choices(self) -> Choices:
        client = self.client.currentText().strip()
        return Choices(self.surface.currentData() or "", client, self.model.text().strip())

    def offer_clients(self, clients: Iterable[str]) -> None:
        known = {self.client.itemText(place) for place in range(self.client.count())}
        chosen = self.client.currentText()
        self.client.addItems([name for name in dict.fromkeys(clients) if name not in known])
        self.client.setCurrentText(chosen)  # the first one that is added would be taken by itself

    def look(self) -> None:
        """Guess anew what it is."""
        self._tasks.cancel()
        if not self.field.text.strip():
            self._say_privacy()
            self._offer_guesses(tr("Guessed"), tr("as the request says"), tr("as the request says"))
            return
        self._tasks.start(self._looked(self.field.text, self.choices))

    def _look_soon(self) -> None:
        self._pause.start()

    @called_by_qt
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        super().hideEvent(event)
        self._pause.stop()

    async def _looked(self, text: str, choices: Choices) -> None:
        try:
            found = await asyncio.to_thread(guess, text, choices)
        except UserError as error:
            self._say(tr("⚠ %1").replace("%1", str(error)), is_wrong=True)
            return
        self._say(guess_in_words(found), is_wrong=False)
        surface = tr("Guessed: %1").replace("%1", surface_in_words(found.surface))
        self._offer_guesses(surface, found.client, found.model or tr("none"))

    def _offer_guesses(self, surface: str, client: str, model: str) -> None:
        """What holds where nothing is chosen."""
        self.surface.setItemText(0, surface)
        self.model.setPlaceholderText(model)
        if (line := self.client.lineEdit()) is not None:
            line.setPlaceholderText(client)

    def _say(self, sentence: str, *, is_wrong: bool) -> None:
        with_role(self.told, "bad" if is_wrong else "muted")
        self.told.setText(sentence)

    def _say_privacy(self) -> None:
        self._say(
            tr("What you paste stays in memory: it is not sent, not stored and not logged."), is_wrong=False
        )

    def _fill_choices(self) -> None:
        self.surface.addItem("", "")
        for name, words in surfaces().items():
            self.surface.addItem(words, name)
        self.client.setEditable(True)
        self.client.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.client.setCurrentText("")
        if (line := self.client.lineEdit()) is not None:
            line.textEdited.connect(self._look_soon)

    def _lay_out(self) -> None:
        choices = QGridLayout()
        choices.setHorizontalSpacing(10)
        choices.setVerticalSpacing(2)
        named = ((tr("&Format"), self.surface), (tr("&Client"), self.client), (tr("&Model"), self.model))
        for column, (name, control) in enumerate(named):
            label = with_role(QLabel(name), "muted")
            label.setBuddy(control)
            control.setMinimumWidth(90)
            choices.addWidget(label, 0, column)
            choices.addWidget(control, 1, column)
            choices.setColumnStretch(column, 1)
        below = QHBoxLayout()
        below.addWidget(self.told, 1)
        below.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.field)
        rows.addLayout(below)
        rows.addLayout(choices)


def guess_in_words(found: Guess) -> str:
    if found.is_plain:
        return tr("Plain words: asked as one turn of a user. They stay in memory and are not sent.")
    if not found.surface:
        return tr("A recent request, by its id.")
    sentence = tr("A request for %1, from %2, for the model %3. It stays in memory and is not sent.")
    named = sentence.replace("%1", surface_in_words(found.surface)).replace("%2", found.client)
    return named.replace("%3", found.model or tr("that it does not name"))
