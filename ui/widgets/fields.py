"""Fields in which a setting is chosen. None changes because a wheel turns over it on the way down a page."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDoubleSpinBox

from ui.mistakes import called_by_qt

_WIDTH = 210
_TEXT_AIR = 6
_STEPPING_MS = 500
"""Who steps through numbers means the one that is stayed at."""


class Choice(QComboBox):
    """One of a few values, each told in words. `chosen` is emitted for the user's choice only."""

    chosen = Signal(str)

    def __init__(self, values: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for value, told in values:
            self.addItem(told, value)
        self.setMinimumWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(lambda _place: self.chosen.emit(self.value))

    @property
    def value(self) -> str:
        return str(self.currentData())

    def show_value(self, value: str) -> None:
        self.setCurrentIndex(self.findData(value))

    @called_by_qt
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 -- Qt's name
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberField(QDoubleSpinBox):
    """A number within a range, typed or stepped through with the arrow keys.

    What is typed outside of it is told at once and never taken.

    `settled` is emitted with a number that the user has meant: after Enter, on leaving the field, or
    a moment after the last step. `judged` says what is wrong with what stands there; empty: nothing.
    """

    settled = Signal(float)
    judged = Signal(str)

    def __init__(self, low: float, high: float, *, decimals: int = 0, unit: str = "", none: str = "") -> None:
        """`none` is what is shown in the place of the lowest."""
        super().__init__()
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSuffix(unit)
        self.setSpecialValueText(none)
        self.setMinimumWidth(_WIDTH)
        self.lineEdit().setTextMargins(_TEXT_AIR, 0, _TEXT_AIR, 0)
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToPreviousValue)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._known = self.value()
        self._is_typed = False
        self._is_wrong = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._settle)
        self.lineEdit().textEdited.connect(self._on_typed)
        self.editingFinished.connect(self._settle)

    @property
    def allowed(self) -> str:
        return (
            self.tr("Allowed: %1 to %2.")
            .replace("%1", self._told(self.minimum()))
            .replace("%2", self._told(self.maximum()))
        )

    def show_value(self, value: float) -> None:
        """What holds now, even outside the range, unless the user is about to say something else."""
        self.setRange(min(self.minimum(), value), max(self.maximum(), value))
        self._known = round(value, self.decimals())
        if not self._is_typed and not self._pause.isActive():
            self.setValue(value)
            self._known = self.value()

    def setAccessibleName(self, name: str) -> None:  # noqa: N802 -- Qt's name
        """What has the focus is the line within."""
        super().setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)

    @called_by_qt
    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Numbers outside the range can be typed, for else nobody would learn why they cannot."""
        state, text, place = super().validate(text, place)
        if state is QValidator.State.Invalid and self._number(text) is not None:
            state = QValidator.State.Intermediate
        return state, text, place

    @called_by_qt
    def stepBy(self, steps: int) -> None:  # noqa: N802 -- Qt's name
        super().stepBy(steps)
        self._judge("")
        self._pause.start(_STEPPING_MS)

    @called_by_qt
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 -- Qt's name
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _on_typed(self, text: str) -> None:
        self._is_typed = True
        self._pause.stop()
        number = self._number(text)
        is_within = number is not None and self.minimum() <= number <= self.maximum()
        is_none = bool(self.specialValueText()) and text == self.specialValueText()
        self._judge("" if is_within or is_none else self.allowed)

    def _judge(self, wrong: str) -> None:
        self._is_wrong = bool(wrong)
        self.judged.emit(wrong)

    def _settle(self) -> None:
        """What was wrong has given way to what stood there before; what others say beside it stays."""
        self._is_typed = False
        self._pause.stop()
        if self._is_wrong:
            self._judge("")
        if self.value() != self._known:
            self._known = self.value()
            self.settled.emit(self._known)

    def _number(self, text: str) -> float | None:
        bare = text.removesuffix(self.suffix()).strip()
        number, is_one = self.locale().toDouble(bare)
        return number if is_one else None

    def _told(self, number: float) -> str:
        return self.locale().toString(number, "f", self.decimals()) if number % 1 else f"{number:.0f}"
