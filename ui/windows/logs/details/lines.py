"""Names with their values, laid out as one text: many labels would take many times as long to lay out."""

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel

from ui.mistakes import called_by_qt
from ui.theme.colors import colors

_NARROW = 160


class Lines(QLabel):
    """Can be selected and copied; what it says is plain text, whatever a name holds."""

    def __init__(self, name: str, share: int = 26) -> None:
        """`share` is the part of the width that the names take, in percent."""
        super().__init__()
        self.setAccessibleName(name)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._share = share
        self._lines: tuple[tuple[str, str], ...] = ()
        self._heights: dict[int, int] = {}

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        return self._lines

    def show_lines(self, lines: Iterable[tuple[str, str]]) -> None:
        self._lines = tuple(lines)
        self.setAccessibleDescription(". ".join(f"{name}: {value}" for name, value in self._lines))
        self._draw()

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._draw()

    @called_by_qt
    def heightForWidth(self, width: int) -> int:  # noqa: N802 -- Qt's name
        """Layouts ask over and over, and each time the whole text would be laid out."""
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    @called_by_qt
    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return QSize(_NARROW, self.fontMetrics().height())

    @called_by_qt
    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return self.sizeHint()

    def _draw(self) -> None:
        self._heights.clear()
        muted = colors(self.palette()).muted.name()
        rows = "".join(self._row(name, value, muted) for name, value in self._lines)
        self.setText(f'<table width="100%" cellspacing="0" cellpadding="2">{rows}</table>')

    def _row(self, name: str, value: str, muted: str) -> str:
        return (
            f'<tr><td width="{self._share}%" style="color: {muted}; padding-right: 8px">{_html(name)}</td>'
            f"<td>{_html(value)}</td></tr>"
        )


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
