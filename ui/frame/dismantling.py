"""How a closed window goes: part by part, for all of it at once would hold up every stream for a while.

What it held goes back to the system then. The allocator of Linux would keep it as long as the program runs,
though a tray without a window needs little.
"""

import asyncio
import ctypes
import gc
import sys
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QComboBox, QSplitter, QStackedWidget, QWidget

from ui.frame.page import Page

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_WHOLE = (QAbstractScrollArea, QComboBox, QSplitter, QStackedWidget)
"""These need their own parts until they go."""
_MANY = 24
"""So many widgets at once take a millisecond or two."""


async def dismantled(window: QWidget, pages: dict[str, Page]) -> None:
    """For a hidden window whose pages do nothing any more, and which nobody else holds; if the loop ends
    first, the rest goes at once."""
    try:
        while pages:
            await _taken_apart(pages.popitem()[1])
            gc.collect()  # wrappers that hold each other would wait for a hundred thousand more of their kind
            await asyncio.sleep(0)
    finally:
        window.deleteLater()
    await asyncio.sleep(0)
    await asyncio.to_thread(_give_back)


async def _taken_apart(page: QWidget) -> None:
    for timer in page.findChildren(QTimer):
        timer.stop()  # what it calls would look for parts that are gone
    for part in _parts(page):
        part.deleteLater()
        await asyncio.sleep(0)
    page.deleteLater()
    await asyncio.sleep(0)


def _parts(widget: QWidget) -> Iterator[QWidget]:
    """What it consists of, and of what is large its own parts first."""
    for part in widget.findChildren(QWidget, options=_DIRECT):
        if not isinstance(part, _WHOLE) and len(part.findChildren(QWidget)) > _MANY:
            yield from _parts(part)
        yield part


def _give_back() -> None:
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries than glibc have none
    if trim is not None:
        trim(0)
