"""The panel with one request: why it went as it did, what it took and cost, and what can be done with it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.theme.roles import with_role
from ui.widgets.charts.waterfall import Waterfall
from ui.windows.logs.details.facts import attempts, candidates, facts, reasons, sentence, spans
from ui.windows.logs.details.lines import Lines
from ui.windows.logs.details.said import WhatWasSaid

_GAP: Final = 8
_MARGIN: Final = 14


class Details(QFrame):
    """Each button is a wish; the page grants them."""

    closed = Signal()
    id_wished = Signal()
    json_wished = Signal()
    explanation_wished = Signal()
    conversation_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        with_role(self, "panel")
        self.setAccessibleName(self.tr("Details of a request"))
        self.heading = with_role(QLabel(), "heading")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = Lines(self.tr("Facts"))
        self.attempts = Lines(self.tr("Attempts"), 44)
        self.reasons = Lines(self.tr("Reasons, in order"))
        self.candidates = Lines(self.tr("Candidates"), 44)
        self.waterfall = Waterfall(self.tr("Attempts along time"))
        self.said = WhatWasSaid()
        self.explain = self._button(self.tr("E&xplain now"), self.explanation_wished)
        self.conversation = self._button(self.tr("Only this con&versation"), self.conversation_wished)
        self.copy_id = self._button(self.tr("Copy &id"), self.id_wished)
        self.copy_json = self._button(self.tr("Copy &JSON"), self.json_wished)
        self._reasons_head = self._heading(self.tr("Why, step by step"))
        self._candidates_head = self._heading(self.tr("Who was in question"))
        self._content = self._filled()
        self._area = self._scrolling(self._content)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(_MARGIN, _MARGIN - 4, 2, 2)
        rows.setSpacing(_GAP)
        rows.addLayout(self._head())
        rows.addWidget(self._area, 1)

    def prepared(self) -> Iterator[None]:
        """Do beforehand, piece by piece, what else the first opening would have to."""
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()
        yield
        if (layout := self._content.layout()) is not None:
            layout.activate()
        yield

    def show_exchange(self, row: Mapping[str, Any], kept_days: int) -> None:
        self.heading.setText(row["service"] or self.tr("Nobody served this"))
        self.sentence.setText(sentence(row))
        self.facts.show_lines([(self.tr("Id"), row["id"]), *facts(row)])
        self.waterfall.set_spans(spans(row))
        self.waterfall.setVisible(bool(row["attempts"]))
        self.attempts.show_lines(attempts(row) or [("", self.tr("Nobody was asked."))])
        self._show_or_hide(self._reasons_head, self.reasons, reasons(row))
        self._show_or_hide(self._candidates_head, self.candidates, candidates(row))
        self.conversation.setVisible(row["session"] is not None)
        self.said.begin(kept_days)
        self._area.verticalScrollBar().setValue(0)

    def _show_or_hide(self, head: QLabel, lines: Lines, told: Any) -> None:
        lines.show_lines(told)
        head.setVisible(bool(told))
        lines.setVisible(bool(told))

    def _head(self) -> QHBoxLayout:
        close = with_role(QPushButton(self.tr("Close")), "quiet")
        close.setToolTip(self.tr("Close the details (Esc)"))
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(close)
        return head

    def _filled(self) -> QWidget:
        content = with_role(QWidget(), "page")
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, _MARGIN - 2, _MARGIN - 2)
        rows.setSpacing(_GAP)
        rows.addWidget(self.sentence)
        rows.addLayout(self._row(self.explain, self.conversation))
        rows.addWidget(self._heading(self.tr("Attempts")))
        rows.addWidget(self.waterfall)
        rows.addWidget(self.attempts)
        rows.addWidget(self._reasons_head)
        rows.addWidget(self.reasons)
        rows.addWidget(self._heading(self.tr("Facts")))
        rows.addWidget(self.facts)
        rows.addLayout(self._row(self.copy_id, self.copy_json))
        rows.addWidget(self._candidates_head)
        rows.addWidget(self.candidates)
        rows.addWidget(self._heading(self.tr("What was said")))
        rows.addWidget(self.said)
        rows.addStretch()
        return content

    def _scrolling(self, content: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Details"))
        area.setWidget(content)
        return area

    def _heading(self, text: str) -> QLabel:
        return with_role(QLabel(text), "heading")

    def _button(self, text: str, wish: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(wish)
        return button

    def _row(self, *buttons: QPushButton) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        for button in buttons:
            row.addWidget(button)
        row.addStretch()
        return row
