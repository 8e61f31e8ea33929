"""The page itself: what is asked stands above, the answer below, and both can be taken along as a file."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from app.desk.changes import Change
from app.desk.desk import Desk
from ui.frame.page import GAP, Host, Page
from ui.theme.roles import with_role
from ui.widgets.beside import Beside
from ui.windows.usage.asking import Answer, answer_to, local_day, until_midnight
from ui.windows.usage.breakdown import Breakdown
from ui.windows.usage.course import Course
from ui.windows.usage.figures import Figures
from ui.windows.usage.files import FileKind
from ui.windows.usage.filter_bar import FilterBar
from ui.windows.usage.instead import Instead
from ui.windows.usage.levers import Levers
from ui.windows.usage.question import CASCADE, Question, Range, first_question
from ui.windows.usage.saving import SavedLine, exported
from ui.windows.usage.told import nothing, requests, shown

_COLUMN = 44
"""In characters: panels that would be narrower stand below each other."""


class UsagePage(Page):
    heading = "Usage"

    def __init__(self, desk: Desk, host: Host) -> None:
        super().__init__(desk, host)
        self.desk = desk
        self.question = first_question(desk.filters, local_day())
        self._asked_by_user = False
        self._midnight = QTimer(self)
        self._midnight.setSingleShot(True)
        self._midnight.timeout.connect(self.refresh)

    def build(self) -> Iterator[None]:
        self.rows.addLayout(self._head())
        self.saved = SavedLine()
        self.rows.addWidget(self.saved)
        yield
        self.filter_bar = FilterBar(self.question)
        self.filter_bar.changed.connect(self.ask)
        self.rows.addWidget(self.filter_bar)
        self.rows.addLayout(self._sentence_line())
        yield
        self.figures = Figures()
        yield
        self.course = Course(lambda: time.time() * 1000)
        yield
        self.levers = Levers()
        middle = Beside((self.course, self.levers), _COLUMN, (2, 1), GAP, shares=(5, 3))
        yield
        self.breakdown = Breakdown()
        self.breakdown.picked.connect(self._on_picked)
        yield
        content = (self.figures, middle, self.breakdown)
        self.instead = Instead(content)
        for part in (self.instead, *content):
            self.rows.addWidget(part)
        self.rows.addStretch(1)
        self._answers = self.feed(self._answer, self._show, changes={Change.RECORD}, panels=[self.instead])
        yield

    def leave(self) -> None:
        super().leave()
        self._midnight.stop()

    def search_field(self) -> QWidget | None:
        return self.filter_bar.boxes[CASCADE[0]] if self.is_built else None

    def look_at(self, about: object) -> None:
        """Groups with the name to which each is narrowed, as in {"client": "codex"}."""
        if isinstance(about, Mapping):
            names = {group: str(about.get(group, "")) for group in CASCADE}
            self.ask(replace(self.question, filters=replace(self.question.filters, **names)))

    def ask(self, question: Question) -> None:
        """Show this from now on."""
        self.question = question
        self._asked_by_user = True
        self.filter_bar.show_question(question)
        self._tell_question()
        self._answers.ask_anew()

    def clear(self) -> None:
        self.ask(self.question.cleared())
        self.filter_bar.range.setFocus()

    # -- the answer ---------------------------------------------------------------------------------

    async def _answer(self) -> Answer:
        return await answer_to(self.question, self.desk, local_day())

    def _show(self, answer: Answer) -> Iterator[None]:
        # Then the same words mean other days, though nothing else happens.
        self._midnight.start(until_midnight())
        self.filter_bar.offer(answer.choices)
        if answer.totals["requests"]:
            yield from self._show_sums(answer)
        else:
            self._show_nothing(answer.question)
        if self._asked_by_user:
            self._asked_by_user = False
            told = f"{shown(answer.question)} {requests(answer.totals['requests'])}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, told))

    def _show_sums(self, answer: Answer) -> Iterator[None]:
        self.figures.show_totals(answer.totals)
        self.levers.show_totals(answer.totals)
        yield
        self.course.show_usage(answer.usage)
        yield
        self.breakdown.show_usage(answer.usage)
        yield
        self.instead.ready()

    def _show_nothing(self, question: Question) -> None:
        """And what would show more."""
        sentence = nothing(question)
        if question.chosen:
            self.instead.empty(sentence, self.tr("Clear filters"), self.clear)
        elif question.range is not Range.ALL:
            everything = partial(self.ask, replace(question, range=Range.ALL))
            self.instead.empty(sentence, self.tr("Show all time"), everything)
        else:
            self.instead.empty(sentence)

    def _on_picked(self, group: str, name: str) -> None:
        self.ask(self.question.narrowed(group, name))

    # -- the file -----------------------------------------------------------------------------------

    async def _export(self, kind: FileKind) -> None:
        """What was shown when it was asked for."""
        self._exports.setEnabled(False)
        try:
            file = await exported(self, self.desk, self.question, kind)
            if file is not None:
                self.saved.tell(file)
        finally:
            self._exports.setEnabled(True)

    # -- the parts above ----------------------------------------------------------------------------

    def _head(self) -> QBoxLayout:
        self._exports = QWidget()
        row = QHBoxLayout(self._exports)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.exports: dict[FileKind, QPushButton] = {}
        for kind, text in (
            (FileKind.CSV, self.tr("Export C&SV …")),
            (FileKind.JSON, self.tr("Export &JSON …")),
        ):
            button = QPushButton(text)
            button.clicked.connect(partial(self._on_export, kind))
            row.addWidget(button)
            self.exports[kind] = button
        head = QHBoxLayout()
        head.addWidget(self.title(self.tr("Usage")))
        head.addStretch()
        head.addWidget(self._exports)
        return head

    def _on_export(self, kind: FileKind) -> None:
        self.do(self._export(kind))

    def _sentence_line(self) -> QBoxLayout:
        self.sentence = with_role(QLabel(), "muted")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.clear_filters = with_role(QPushButton(self.tr("Cl&ear filters")), "quiet")
        self.clear_filters.clicked.connect(self.clear)
        row = QHBoxLayout()
        row.addWidget(self.sentence, 1)
        row.addWidget(self.clear_filters)
        self._tell_question()
        return row

    def _tell_question(self) -> None:
        self.sentence.setText(shown(self.question))
        self.clear_filters.setEnabled(bool(self.question.chosen))
