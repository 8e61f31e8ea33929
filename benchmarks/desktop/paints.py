"""How long it takes from asking for a page until something of it, and until its content is on the screen."""

import asyncio
import time
from importlib.util import find_spec
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from ui.face import Face
from ui.frame.page import Page
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


async def first_paints(face: Face, name: str) -> dict[str, Any]:
    """Milliseconds: `window` where it was closed before, `page` when it is built, `content`; and the CPU."""
    if find_spec(f"ui.windows.{name}.page") is None:
        return {"missing": "it is not there yet"}
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            return await _first_paints(face, name)
    except Exception as error:  # noqa: BLE001 -- any page's own; told in place of its times
        return {"missing": f"{type(error).__name__}: {error}"}


async def _first_paints(face: Face, name: str) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    was_closed = face.window is None
    face.show_window(name)
    assert face.window is not None
    frame = FirstPaint(face.window) if was_closed else None
    page = await face.window.built(name)
    built = FirstPaint(page)
    page.update()
    times = {"page": await built.at()}
    await _settled(page)
    settled = FirstPaint(page)
    page.update()
    times["content"] = await settled.at()
    if frame is not None:
        times["window"] = await frame.at()
    spent = (time.process_time() - cpu) * 1000
    return {"cpu": spent, **{which: (at - began) * 1000 for which, at in times.items()}}


async def _settled(page: Page) -> None:
    """A table that fetches its rows by itself shows the first of them, and all feeds have shown theirs."""
    for model in page.findChildren(PagesModel):
        if not model.is_begun:
            begun = asyncio.Event()
            model.began.connect(begun.set)
            await begun.wait()
    await page.settled()
