"""Where a request goes, in a sentence, badges and facts; and what became of it when it was served."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import words
from ui.theme.roles import Role, with_role
from ui.windows.routing.comparison import Compared, Past
from ui.windows.routing.words import session_in_words, source_in_words, tier_in_words, tr

Decision = Mapping[str, Any]

_MOST_BADGES = 3


class Verdict(QWidget):
    """All of its labels are made once; another decision only changes what they say."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = _label("heading")
        self.sentence.setAccessibleName(tr("The decision in a sentence"))
        self.badges = [with_role(QLabel(), "badge") for _ in range(_MOST_BADGES)]
        self.comparison = _label("muted")
        self.facts = _label("muted")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.sentence)
        row = QHBoxLayout()
        row.setSpacing(6)
        for badge in self.badges:
            badge.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(badge)
        row.addStretch()
        rows.addLayout(row)
        self._between = _Between()
        rows.addWidget(self.comparison)
        rows.addWidget(self._between)
        rows.addWidget(self.facts)

    def show_decision(self, decision: Decision, refusal: str) -> None:
        self.sentence.setText(tr("⚠ %1").replace("%1", refusal) if refusal else decision["sentence"])
        with_role(self.sentence, "bad" if refusal else "heading")
        self._show_badges(_badges(decision))
        self.facts.setText("  ·  ".join(_facts(decision)))

    def show_comparison(self, compared: Compared | None, past: Past | None) -> None:
        self._between.setVisible(compared is not None and compared.differs)
        self.comparison.setVisible(compared is not None)
        if compared is None:
            return
        when = "" if past is None else tr("Asked at %1. ").replace("%1", words.moment(past.when))
        self.comparison.setText(when + compared.summary)
        if past is not None:
            self._between.show_both(compared, past.sentence)

    def show_record_only(self, past: Past) -> None:
        """As it was decided then, and who has served it; the request itself is gone."""
        self._show_badges([past.service or tr("nobody"), tier_in_words(past.tier)])
        self._between.hide()
        sentence = tr(
            "As it was decided at %1. The request is no longer kept, so where it would go now is unknown."
        )
        self.comparison.setText(sentence.replace("%1", words.moment(past.when)))
        self.comparison.show()

    def _show_badges(self, texts: Iterable[str]) -> None:
        told = list(texts)
        for badge, text in zip(self.badges, [*told, *[""] * _MOST_BADGES], strict=False):
            badge.setText(text)
            badge.setVisible(bool(text))


class _Between(QWidget):
    """Then and now, one beneath the other."""

    def __init__(self) -> None:
        super().__init__()
        self.then, self.now = _label(), _label()
        self.why_then = _label("muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.addWidget(with_role(QLabel(tr("As it was")), "muted"), 0, 0)
        grid.addWidget(self.then, 0, 1)
        grid.addWidget(self.why_then, 1, 1)
        grid.addWidget(with_role(QLabel(tr("As it would go now")), "muted"), 2, 0)
        grid.addWidget(self.now, 2, 1)
        self.hide()

    def show_both(self, compared: Compared, why_then: str) -> None:
        self.then.setText(compared.then)
        self.now.setText(compared.now)
        self.why_then.setText(why_then)
        self.why_then.setVisible(bool(why_then))


def _badges(decision: Decision) -> Iterator[str]:
    yield decision["service"] or tr("nobody")
    yield tier_in_words(decision["tier"], decision.get("wanted_tier"))
    if decision["service"] is not None:
        yield source_in_words(decision["source"])


def _facts(decision: Decision) -> Iterator[str]:
    if decision["rule"] is not None:
        yield tr("Rule %1 applies").replace("%1", decision["rule"])
    yield tr("Route %1").replace("%1", decision["route"] or words.UNKNOWN)
    yield tr("A tool's result") if decision["turn"] == "tool" else tr("A typed turn")
    yield session_in_words(decision["session"])
    if decision.get("explored"):
        yield tr("One of the few turns that try another service")


def _label(role: Role | None = None) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label if role is None else with_role(label, role)
