"""Both sides of leaving a service that has a session's prompt in its cache."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui import words
from ui.speech import later
from ui.theme.roles import with_role
from ui.windows.routing.words import tr

Economics = Mapping[str, Any]

_VERDICTS: Final = {
    "cold": later("Nothing of the session is cached any more, so going costs nothing."),
    "restarted": later("The prompt begins anew, so going costs nothing."),
    "free": later("Both cost nothing."),
    "budget": later("The budget is used up, so it goes."),
    "local": later("Both cost nothing, but the other one would have to read all of the prompt again."),
    "unpriced": later("What one of them costs is unknown, so it stays."),
    "pays": later("Going pays."),
    "stays": later("Going does not pay, so it stays."),
}


class EconomicsPart(QWidget):
    """Staying at the left, going at the right, and beneath them what follows."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        self._stay, self._go = _Side(grid, 0), _Side(grid, 1)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        rows = QVBoxLayout(self)
        rows.setSpacing(8)
        rows.addLayout(grid)
        rows.addWidget(self.told)

    def show_economics(self, found: Economics) -> None:
        self._stay.say(tr("Staying"), found["from"], found["stay_usd"])
        self._go.say(tr("Going"), found["to"], found["switch_usd"])
        self.told.setText(" ".join(economics_in_words(found)))


class _Side:
    def __init__(self, grid: QGridLayout, column: int) -> None:
        self._labels = (
            with_role(QLabel(), "muted"),
            with_role(QLabel(), "figure"),
            with_role(QLabel(), "muted"),
        )
        for row, label in enumerate(self._labels):
            label.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(label, row, column)

    def say(self, what: str, service: str, dollars: float | None) -> None:
        for label, text in zip(self._labels, (what, words.money(dollars), service), strict=True):
            label.setText(text)


def economics_in_words(found: Economics) -> Iterator[str]:
    verdict = found["verdict"]
    yield tr(_VERDICTS[verdict]) if verdict in _VERDICTS else verdict
    if found["expected_turns"] is not None:
        yield tr("Both are for %1 turns, this one included.").replace("%1", f"{found['expected_turns']:.3g}")
    if found["warm_prefix_tokens"]:
        cached = tr("%1 tokens are believed to be cached at %2.").replace("%2", found["from"])
        yield cached.replace("%1", words.count(found["warm_prefix_tokens"]))
    if found["switch_once_usd"] is not None:
        yield tr("Going costs %1 once.").replace("%1", words.money(found["switch_once_usd"]))
    after = found["break_even_turns"]
    if after is not None:
        yield (
            tr("It never pays.") if after < 0 else tr("It pays after %1 turns.").replace("%1", f"{after:.2g}")
        )
