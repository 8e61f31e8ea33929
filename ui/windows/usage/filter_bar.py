"""Where the days and the filters are picked: client, provider, model and tier, one under the other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, QSignalBlocker, Signal
from PySide6.QtWidgets import QDateEdit, QLabel, QVBoxLayout, QWidget

from ui.theme.roles import with_role
from ui.windows.usage.asking import Line, local_day
from ui.windows.usage.choice_box import CalmComboBox, ChoiceBox
from ui.windows.usage.grid import Grid
from ui.windows.usage.question import CASCADE, Question, Range, days_from, days_until
from ui.windows.usage.told import range_name

_NARROWEST = 150
_EARLIEST = QDate(2000, 1, 1)
_MOST_BESIDE = 7


class FilterBar(Grid):
    """`changed` is emitted with the question that the user has made."""

    changed = Signal(Question)

    def __init__(self, question: Question) -> None:
        super().__init__(_NARROWEST, _MOST_BESIDE)
        self.question = question
        self.range = CalmComboBox()
        for range_ in Range:
            self.range.addItem(range_name(range_), range_)
        self.range.activated.connect(self._on_range)
        self.first = self._day_box(self.tr("First day"))
        self.last = self._day_box(self.tr("Last day"))
        self.boxes = {group: ChoiceBox(group) for group in CASCADE}
        self.first.dateChanged.connect(self._on_first)
        self.last.dateChanged.connect(self._on_last)
        self._labelled(self.tr("&Days"), self.range)
        self._days = (
            self._labelled(self.tr("F&rom"), self.first),
            self._labelled(self.tr("U&ntil"), self.last),
        )
        labels = (self.tr("&Client"), self.tr("&Provider"), self.tr("&Model"), self.tr("&Tier"))
        for (group, box), label in zip(self.boxes.items(), labels, strict=True):
            self._labelled(label, box)
            box.offer((), "")
            box.picked.connect(partial(self._on_picked, group))
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        """As somebody else has changed it."""
        self.question = question
        self.range.setCurrentIndex(self.range.findData(question.range))
        for box, day in ((self.first, question.days.first), (self.last, question.days.last)):
            with QSignalBlocker(box):
                box.setDateRange(_EARLIEST, _of_qt(local_day()))
                box.setDate(_of_qt(day))
        for field in self._days:
            field.setVisible(question.range is Range.CUSTOM)
        self.arrange()

    def offer(self, choices: Mapping[str, Sequence[Line]]) -> None:
        for group, box in self.boxes.items():
            box.offer(choices[group], getattr(self.question.filters, group))

    def _on_range(self, place: int) -> None:
        self._change(replace(self.question, range=self.range.itemData(place)))

    def _on_first(self, day: QDate) -> None:
        self._change(replace(self.question, days=days_from(_of_python(day), self.question.days)))

    def _on_last(self, day: QDate) -> None:
        self._change(replace(self.question, days=days_until(_of_python(day), self.question.days)))

    def _on_picked(self, group: str, name: str) -> None:
        self._change(self.question.narrowed(group, name))

    def _change(self, question: Question) -> None:
        if question != self.question:
            self.show_question(question)
            self.changed.emit(question)

    def _labelled(self, text: str, field: QWidget) -> QWidget:
        cell = QWidget()
        label = with_role(QLabel(text), "muted")
        label.setBuddy(field)
        field.setAccessibleName(text.replace("&", ""))
        rows = QVBoxLayout(cell)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(3)
        rows.addWidget(label)
        rows.addWidget(field)
        rows.addStretch(1)
        self.add(cell)
        return cell

    def _day_box(self, tip: str) -> QDateEdit:
        box = QDateEdit()
        box.setCalendarPopup(True)
        box.setDisplayFormat("d MMM yyyy")
        box.setKeyboardTracking(False)
        box.setToolTip(tip)
        return box


def _of_qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _of_python(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
