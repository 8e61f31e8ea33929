"""Tries the chosen provider out: each step appears as it is done, and it can be stopped."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.desk.desk import Desk
from app.errors import UserError
from ui.frame.panel import Panel
from ui.signs import Level
from ui.tasks import Tasks
from ui.theme.roles import with_role
from ui.widgets.fields import Choice
from ui.windows.providers.findings import Step, step, verdict
from ui.windows.providers.labels import named, wrapped
from ui.windows.providers.words import tr

_LETTERS = 14


class TrialPanel(Panel):
    """What it has shown of one provider is gone when another one is chosen.

    `found` is emitted with the name of a provider and why its test failed; empty: it did not, or begins anew.
    """

    found = Signal(str, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Test"))
        self._desk = desk
        self._name = ""
        self._run: object | None = None
        """The test that is under way."""
        self._labels: list[QWidget] = []
        self.steps: list[Step] = []
        self.tasks = Tasks()
        self.model = Choice(())
        self.model.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.model.setMinimumContentsLength(_LETTERS)
        self.start = QPushButton(tr("&Test"))
        self.start.clicked.connect(self.try_out)
        self.stop = QPushButton(tr("&Stop"))
        self.stop.clicked.connect(self._on_stop)
        self.stop.hide()
        self.verdict = wrapped("muted")
        self.fill(self._content())
        self.ready()

    def show_provider(self, name: str) -> None:
        if name == self._name:
            return
        self._put_away()
        self._name = name
        self.show_models(())
        self.start.setAccessibleName(tr("Test %1", name))

    def forget(self) -> None:
        """What it has shown was of another key."""
        self._put_away()
        self.found.emit(self._name, "")

    def _put_away(self) -> None:
        if self._run is not None:
            self._on_stop()
        self._clear()
        self.verdict.hide()

    def show_models(self, models: Sequence[str]) -> None:
        """Those that can be tried; the chosen one stays."""
        wanted = ["", *models]
        if [self.model.itemData(place) for place in range(self.model.count())] == wanted:
            return
        chosen = self.model.value if self.model.count() else ""
        self.model.clear()
        self.model.addItem(tr("The usual one"), "")
        for model in models:
            self.model.addItem(model, model)
        self.model.show_value(chosen if chosen in wanted else "")

    def try_out(self) -> None:
        """Unless that is under way."""
        if self._run is None:
            self._run = object()
            self._begin()
            self.tasks.start(self._tried(self._run, self._name, self.model.value or None))

    async def _tried(self, run: object, name: str, model: str | None) -> None:
        """What is cancelled has been told by whoever did so."""
        try:
            async for finding in self._desk.providers.test(name, model):
                if run is self._run:
                    self._show_step(step(finding))
        except UserError as error:
            self._end(run, "bad", f"✕ {error}", str(error))
        except Exception:
            sentence = tr("That failed for a reason that only the log knows.")
            self._end(run, "bad", f"✕ {sentence}", sentence)
            raise
        else:
            self._end(run, *verdict(self.steps), next((each.text for each in self.steps if each.fails), ""))

    def _on_stop(self) -> None:
        self.tasks.cancel()
        self._end(self._run, "muted", tr("The test was stopped."))

    def _begin(self) -> None:
        self._clear()
        self.found.emit(self._name, "")
        self.stop.show()
        if self.start.hasFocus():
            self.stop.setFocus()  # a button that goes grey would lose the keyboard
        self.start.setEnabled(False)
        with_role(self.verdict, "muted").setText(tr("Asking …"))
        self.verdict.show()

    def _end(self, run: object, level: Level, told: str, why: str = "") -> None:
        if run is not self._run:
            return
        self._run = None
        self.start.setEnabled(True)
        if self.stop.hasFocus():
            self.start.setFocus()
        self.stop.hide()
        with_role(self.verdict, level).setText(told)
        self._announce(told)
        if why:
            self.found.emit(self._name, why)

    def _show_step(self, told: Step) -> None:
        row = len(self.steps)
        self.steps.append(told)
        text = wrapped(text=told.text)
        cells = (
            QLabel(told.title),
            with_role(QLabel(told.word), told.level),
            text,
            with_role(QLabel(told.took), "muted"),
        )
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = Qt.AlignmentFlag.AlignTop
        for column, cell in enumerate(cells):
            if cell is text:
                self._grid.addWidget(cell, row, column)
            else:
                self._grid.addWidget(cell, row, column, top)
            self._labels.append(cell)
        self._announce(told.spoken)

    def _clear(self) -> None:
        self.steps.clear()
        labels, self._labels = self._labels, []
        for label in labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()

    def _announce(self, sentence: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _content(self) -> QWidget:
        content = QWidget()
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (named(self.model, tr("&Model to ask")), self.model, self.start, self.stop):
            line.addWidget(widget)
        line.addStretch()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        rows = QVBoxLayout(content)
        rows.setSpacing(10)
        rows.addLayout(line)
        rows.addWidget(
            wrapped("muted", tr("A few tiny requests, which are real and cost a few hundred tokens."))
        )
        rows.addLayout(self._grid)
        rows.addWidget(self.verdict)
        return content
