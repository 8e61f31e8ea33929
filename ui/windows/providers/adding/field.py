"""One field of the form: what it is called, what it means, and what is wrong with it, beside it."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.windows.providers.labels import named, tell, wrapped


class FormField(QWidget):
    """The label's letter leads to the field."""

    def __init__(self, label: str, field: QWidget, meaning: str = "") -> None:
        super().__init__()
        self.field = field
        self.label = named(field, label)
        self._meaning = wrapped("muted", meaning)
        if not meaning:
            self._meaning.hide()
        self._complaint = wrapped("bad")
        self._complaint.hide()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        for widget in (self.label, field, self._meaning, self._complaint):
            rows.addWidget(widget)
        self._describe()

    @property
    def complaint(self) -> str:
        return self._complaint.text().removeprefix("⚠ ")

    def complain(self, sentence: str) -> None:
        """An empty one takes the last back."""
        if sentence and sentence != self.complaint:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
        tell(self._complaint, "⚠", sentence)
        self._describe()

    def _describe(self) -> None:
        told = " ".join(filter(None, (self._meaning.text(), self.complaint)))
        self.field.setAccessibleDescription(told)
