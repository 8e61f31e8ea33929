"""How long it takes from asking for a page until something of it, and until its content is on the screen."""

import asyncio
import time
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from benchmarks.table import NotMeasuredError
from ui.face import Face
from ui.frame.page import Page
from ui.frame.panel import Panel
from ui.models.pages import PagesModel

_LONGEST_SECONDS: Final = 8.0


class FirstPaint(QObject):
    """Waits for the next frame with this widget in it, and tells when that was done."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's name
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            asyncio.get_running_loop().call_soon(self._painted)  # the loop runs when the whole frame is there
        return False

    async def at(self) -> float:
        return await self._done

    def _painted(self) -> None:
        if not self._done.done():
            self._done.set_result(time.perf_counter())


class Frames(QObject):
    """Counts those of a window, from now on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._count = 0
        self._since = time.perf_counter()
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's name
        self._count += event.type() == QEvent.Type.UpdateRequest
        return False

    def counted(self) -> dict[str, float]:
        self.deleteLater()
        return {"times": self._count, "seconds": time.perf_counter() - self._since}


async def first_paints(face: Face, name: str) -> dict[str, float]:
    """Milliseconds: `window` where it was closed before, `content` of what is seen first, `all` of the page;
    and the CPU until there was all."""
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            return await _first_paints(face, name)
    except TimeoutError:
        raise NotMeasuredError(f"its content was not painted within {_LONGEST_SECONDS:g} s") from None


async def _first_paints(face: Face, name: str) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    was_closed = face.window is None
    face.show_window(name)
    assert face.window is not None
    frame = FirstPaint(face.window) if was_closed else None
    window = face.window
    while (page := window.page(name)) is None:  # noqa: ASYNC110 -- made in a turn or two; nobody tells
        await asyncio.sleep(0)
    await page.first_built.wait()
    times = {"content": await _painted(page)}
    await window.built(name)
    times["all"] = await _painted(page)
    if frame is not None:
        times["window"] = await frame.at()
    spent = (time.process_time() - cpu) * 1000
    return {"cpu": spent, **{which: (at - began) * 1000 for which, at in times.items()}}


async def _painted(page: Page) -> float:
    """When there is on the screen what all that the page has by now asks for."""
    await _settled(page)
    for panel in page.findChildren(Panel):
        if panel.isVisible() and panel.failure:
            raise NotMeasuredError(f"a panel has failed: {panel.failure}")
    paint = FirstPaint(page)
    page.update()
    return await paint.at()


async def _settled(page: Page) -> None:
    """A table that fetches its rows by itself shows the first of them, and all feeds have shown theirs."""
    for model in page.findChildren(PagesModel):
        if not model.is_begun:
            begun = asyncio.Event()
            model.began.connect(begun.set)
            await begun.wait()
    await page.settled()
