"""A page of the main window: built piece by piece, it asks while it is shown and leaves nothing behind."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator
from typing import Any, Protocol, TypeVar

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.desk.changes import Change
from ui.frame.failure import failure_told
from ui.frame.feed import Feed, Show
from ui.frame.panel import Panel
from ui.frame.source import Source
from ui.mistakes import called_by_qt, mistakes_logged
from ui.tasks import Tasks
from ui.theme.roles import with_role

T = TypeVar("T")

MARGIN = 20
GAP = 12

Undo = Callable[[], Coroutine[None, None, None]]


class Host(Protocol):
    """The window around a page."""

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        """Tell what was done, for a while, and offer to undo it. A remark, without a way back, leaves the
        one that is offered."""
        ...

    def go_to(self, page: str, about: object = None) -> None:
        """Show another page; `about` is what it should look at."""
        ...

    async def confirmed(self, question: str, details: str, yes: str) -> bool:
        """Ask before something that cannot be undone, or that has a consequence."""
        ...


class Page(QWidget):
    """What all pages have. A page of its own kind fills `build`."""

    heading = ""
    """Its name in the title of the window."""
    scrolls = True
    """False for one whose own parts scroll."""

    def __init__(self, source: Source, host: Host) -> None:
        super().__init__()
        with_role(self, "page")
        self.host = host
        self.tasks = Tasks(self.tell_failure)
        self._source = source
        self._feeds: list[Feed[Any]] = []
        self.first_built = asyncio.Event()
        """What is seen first is there; more may be on its way."""
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(MARGIN, MARGIN - 4, MARGIN, MARGIN)
        self.rows.setSpacing(GAP)

    # -- what a page of its own kind says -----------------------------------------------------------

    def build(self) -> Iterator[None]:
        """Make the page; every `yield` lets the loop run, so what lies between takes 30 ms at most."""
        raise NotImplementedError

    def look_at(self, about: object) -> None:
        """Show what another page has pointed to."""

    def search_field(self) -> QWidget | None:
        """What Ctrl+F leads to."""
        return None

    # -- what it can use ----------------------------------------------------------------------------

    def feed(
        self,
        ask: Callable[[], Awaitable[T]],
        show: Show[T],
        *,
        changes: Collection[Change],
        panels: Collection[Panel] = (),
    ) -> Feed[T]:
        """Ask whenever it may have changed. `show` shows the answer, maybe in pieces, and makes the panels
        ready; they say so where that fails. While the page is still being made it may be asked already, for
        panels that are yet to come; it is shown when the page is built."""

        async def answer() -> T:
            try:
                answer = await ask()
            except Exception:
                await feed.wait_for(self.first_built)
                raise
            await feed.wait_for(self.first_built)
            return answer

        def failed(sentence: str) -> None:
            for panel in panels:
                panel.failed(sentence, feed.ask_anew)

        feed = Feed(self, self._source, answer, show, failed, changes)
        self._feeds.append(feed)
        if self._is_seen():
            feed.wake()
        return feed

    def do(self, work: Coroutine[None, None, None]) -> None:
        """Something that was clicked; what fails with a sentence is told."""
        self.tasks.start(work)

    def title(self, text: str) -> QLabel:
        label = with_role(QLabel(text), "title")
        label.setAccessibleName(text)
        return label

    # -- what the window does with it ---------------------------------------------------------------

    def built(self) -> None:
        self.first_built.set()
        self.resume()

    def refresh(self) -> None:
        for feed in self._feeds:
            feed.ask_anew()

    @property
    def is_built(self) -> bool:
        return self.first_built.is_set()

    async def settled(self) -> None:
        """Until everything that was asked is shown."""
        for feed in self._feeds:
            await feed.settled()

    def leave(self) -> None:
        """The window closes."""
        self.tasks.cancel()
        for feed in self._feeds:
            feed.end()

    @called_by_qt
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        super().showEvent(event)
        with mistakes_logged(self.heading):
            self.resume()

    @called_by_qt
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        super().hideEvent(event)
        with mistakes_logged(self.heading):
            self.pause()

    def pause(self) -> None:
        for feed in self._feeds:
            feed.sleep()

    def resume(self) -> None:
        if self._is_seen():
            for feed in self._feeds:
                feed.wake()

    def _is_seen(self) -> bool:
        """For Qt, what is in a minimised window is visible."""
        return self.isVisible() and not self.window().isMinimized()

    def tell_failure(self, error: BaseException) -> None:
        """In the line at the bottom of the window."""
        failure_told(self.host.say, error, f"the page {self.heading}")
