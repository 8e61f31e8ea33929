"""How a closed window goes: part by part, for all of it at once would hold up every stream for a while.

What it held goes back to the system then. The allocator of Linux would keep it as long as the program runs,
though a tray without a window needs little.
"""

import asyncio
import ctypes
import sys
from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


async def dismantled(window: QWidget, pages: Iterable[QWidget]) -> None:
    """For a hidden window whose pages do nothing any more; if the loop ends first, the rest goes at once."""
    try:
        for page in pages:
            for timer in page.findChildren(QTimer):
                timer.stop()  # what it calls would look for parts that are gone
            for part in page.findChildren(QWidget, options=_DIRECT):
                part.deleteLater()
                await asyncio.sleep(0)
    finally:
        window.deleteLater()
    await asyncio.sleep(0)
    await asyncio.to_thread(_give_back)


def _give_back() -> None:
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries than glibc have none
    if trim is not None:
        trim(0)
