"""Where the Tab key finds what was put into a part of a page later than the rest was made."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_in_tab_order(place: QWidget, parts: Iterable[QWidget]) -> None:
    """These, from the first to the last, come where the place that they are in comes.

    New widgets come behind all others of their window.
    """
    before = _stop_before(place)
    for part in parts:
        for stop in (part, *part.findChildren(QWidget)):
            if _is_stop(stop):
                if before is not None:
                    QWidget.setTabOrder(before, stop)
                before = stop


def _stop_before(place: QWidget) -> QWidget | None:
    """None where it is the first that there is."""
    found = place.previousInFocusChain()
    while found is not None and found is not place.window():
        if _is_stop(found) and not place.isAncestorOf(found):
            return found
        found = found.previousInFocusChain()
    return None


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
