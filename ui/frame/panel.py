"""A panel of a page: a title, what belongs to it, and a sentence in its place while there is nothing."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.theme.roles import with_role
from ui.widgets.with_aside import WithAside

_MARGIN = 14
_GAP = 8
_NO_ROOM = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)


class Panel(QFrame):
    """It begins as loading; `fill` puts in the content once, `ready` shows it."""

    def __init__(self, title: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        with_role(self, "panel")
        self.setAccessibleName(title)
        self.title = with_role(QLabel(title), "heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self._at_the_right: QHBoxLayout | None = None
        self._message = _Message()
        self._places = _AsHighAsShown()
        self._places.addWidget(self._message)
        self._title_and_content = QVBoxLayout(self)
        self._title_and_content.setContentsMargins(_MARGIN, _MARGIN - 2, _MARGIN, _MARGIN)
        self._title_and_content.setSpacing(_GAP)
        self._title_and_content.addWidget(self.title)
        self._title_and_content.addWidget(self._places, 1)
        self.title.setVisible(bool(title))
        self.loading()

    def add_to_head(self, widget: QWidget) -> None:
        """Beside the title, at the right; below it where there is no room."""
        if self._at_the_right is None:
            together = QWidget()
            self._at_the_right = QHBoxLayout(together)
            self._at_the_right.setContentsMargins(0, 0, 0, 0)
            self._at_the_right.setSpacing(_GAP)
            self._title_and_content.insertWidget(0, WithAside(self.title, together, _GAP))
        self._at_the_right.addWidget(widget)

    def fill(self, content: QWidget) -> None:
        """What is shown when there is something to show."""
        if (layout := content.layout()) is not None:
            layout.setContentsMargins(0, 0, 0, 0)
        self._places.addWidget(content)

    def ready(self) -> None:
        self._places.setCurrentIndex(self._places.count() - 1)

    def loading(self) -> None:
        """While nothing was shown yet; what is on show stays until there is something better."""
        if self._places.currentWidget() is self._message:
            self._message.say(self.tr("Loading …"))

    def empty(self, sentence: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """There is nothing, and that is no fault."""
        self._message.say(sentence, action, act)
        self._places.setCurrentWidget(self._message)

    def failed(self, sentence: str, again: Callable[[], object] | None = None) -> None:
        """It could not be had, and why."""
        action = self.tr("Try again") if again is not None else ""
        self._message.say(sentence, action, again, is_failure=True)
        self._places.setCurrentWidget(self._message)

    @property
    def failure(self) -> str:
        """Why there is nothing to be seen; empty unless something went wrong."""
        return self._message.failure if self._places.currentWidget() is self._message else ""


class _AsHighAsShown(QStackedWidget):
    """Needs the room of what it shows, not of the largest."""

    def __init__(self) -> None:
        super().__init__()
        self._policies: list[tuple[QWidget, QSizePolicy]] = []
        self.currentChanged.connect(self._on_shown)

    def addWidget(self, widget: QWidget) -> int:  # noqa: N802 -- Qt's name
        self._policies.append((widget, widget.sizePolicy()))
        place = super().addWidget(widget)
        self._on_shown()
        return place

    def _on_shown(self) -> None:
        for place, (widget, policy) in enumerate(self._policies):
            widget.setSizePolicy(policy if place == self.currentIndex() else _NO_ROOM)


class _Message(QWidget):
    """A sentence, and at most one thing that can be done about it."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence = with_role(QLabel(), "muted")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        self._button.hide()
        self._act: Callable[[], object] | None = None
        self.failure = ""
        self._button.clicked.connect(self._on_click)
        rows = QVBoxLayout(self)
        rows.addStretch()
        rows.addWidget(self._sentence)
        rows.addWidget(self._button, 0, Qt.AlignmentFlag.AlignCenter)
        rows.addStretch()

    def say(
        self,
        sentence: str,
        action: str = "",
        act: Callable[[], object] | None = None,
        *,
        is_failure: bool = False,
    ) -> None:
        self.failure = sentence if is_failure else ""
        self._sentence.setText(f"⚠ {sentence}" if is_failure else sentence)
        with_role(self._sentence, "bad" if is_failure else "muted")
        self._act = act
        self._button.setText(action)
        self._button.setVisible(act is not None)

    def _on_click(self) -> None:
        if self._act is not None:
            self._act()
