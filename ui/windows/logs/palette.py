"""The colour of what is stressed."""

from PySide6.QtGui import QColor

from ui.theme.colors import Colors
from ui.windows.logs.columns import Stress


def stressed(stress: Stress | None, of: Colors) -> QColor:
    """The very same object for the same answer, so that a painter can see that nothing has changed."""
    if stress is None:
        return of.text
    return {"good": of.good, "warn": of.warn, "bad": of.bad, "muted": of.muted}[stress]
