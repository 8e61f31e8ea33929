"""The main window: navigation at the left, a page at the right, and a line for what was just done.

Pages are made when they are first gone to, in pieces between which the loop runs, and are gone with the
window. A hidden page asks nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.dialogs import confirmed
from ui.frame.dismantling import dismantled
from ui.frame.failure import failure_told
from ui.frame.navigation import Entry, Navigation
from ui.frame.notice import Notice
from ui.frame.page import MARGIN, Host, Page, Undo
from ui.frame.pressing import pressed_by_enter
from ui.frame.scrolling import scrolling
from ui.mistakes import called_by_qt, mistakes_logged
from ui.tasks import Tasks

_log = logging.getLogger("tierwise.ui")

USUAL_SIZE = QSize(1080, 720)
_SMALLEST = QSize(720, 480)

MakePage = Callable[[Host], Awaitable[Page]]


class MainWindow(QWidget):
    """`closed` is emitted when the user closes it; whoever opened it takes it apart then."""

    closed = Signal()
    quit_wished = Signal()
    building_began = Signal()
    building_ended = Signal()

    def __init__(self, icon: QIcon, entries: Sequence[Entry], pages: Mapping[str, MakePage]) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Tierwise"))
        self.setWindowIcon(icon)
        self.setMinimumSize(_SMALLEST)
        self.resize(USUAL_SIZE)
        self._entries = entries
        self._make = pages
        self._pages: dict[str, Page] = {}
        self._building: dict[str, asyncio.Task[None]] = {}
        self._tasks = Tasks(self._tell_failure)
        self._is_closing = False
        self.navigation = Navigation(entries)
        self.navigation.chosen.connect(self._show_page)
        self._stack = QStackedWidget()
        self.notice = Notice()
        self.notice.undo_wished.connect(self._on_undo_wished)
        self._lay_out()
        self._add_shortcuts()

    # -- for pages (Host) ---------------------------------------------------------------------------

    def say(self, sentence: str, undo: Undo | None = None) -> None:
        self.notice.say(sentence, undo)

    def go_to(self, page: str, about: object = None) -> None:
        self.navigation.choose(page)
        if about is not None:
            self._tasks.start(self._looked_at(page, about))

    async def confirmed(self, question: str, details: str, yes: str) -> bool:
        return await confirmed(self, question, details, yes)

    # -- for those who open it ----------------------------------------------------------------------

    @property
    def current(self) -> str:
        return self._entries[max(self.navigation.currentRow(), 0)].name

    def page(self, name: str) -> Page | None:
        """None for one that nobody has gone to yet."""
        return self._pages.get(name)

    async def built(self, name: str) -> Page:
        """The page, as soon as all of it is there; for whoever has to wait for that."""
        self.go_to(name)
        await asyncio.shield(self._building[name])
        return self._pages[name]

    async def dismantled(self) -> None:
        """Once it is closed: gone, and its memory given back."""
        await dismantled(self, self._pages)

    # -- Qt's ---------------------------------------------------------------------------------------

    @called_by_qt
    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 -- Qt's name
        super().closeEvent(event)
        if not self._is_closing:
            self._is_closing = True
            with mistakes_logged("the end of the window"):
                self._leave()
                self.closed.emit()

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        page = self._pages.get(self.current) if event.type() == QEvent.Type.WindowStateChange else None
        if page is not None:
            with mistakes_logged(self.current):
                if self.isMinimized():
                    page.pause()
                else:
                    page.resume()

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    # -- within -------------------------------------------------------------------------------------

    def _leave(self) -> None:
        """Nothing goes on in a closed window."""
        self._tasks.cancel()
        for building in self._building.values():
            if building.cancel():
                self.building_ended.emit()
        for name, page in self._pages.items():
            with mistakes_logged(f"the end of {name}"):
                page.leave()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._stack, 1)
        below = QHBoxLayout()
        below.setContentsMargins(MARGIN, 0, MARGIN, MARGIN // 2)
        below.addWidget(self.notice)
        right.addLayout(below)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.navigation)
        columns.addLayout(right, 1)

    def _add_shortcuts(self) -> None:
        keys = QKeySequence.StandardKey
        for place, entry in enumerate(self._entries, start=1):
            self._on_key(f"Ctrl+{place}", partial(self.navigation.choose, entry.name))
        self._on_key("Ctrl+PgDown", lambda: self.navigation.step(1))
        self._on_key("Ctrl+PgUp", lambda: self.navigation.step(-1))
        self._on_key("F6", self.navigation.setFocus)
        self._on_key(keys.Refresh, lambda: self._with_page(Page.refresh))
        self._on_key(keys.Find, lambda: self._with_page(_find))
        self._on_key(keys.Close, self.close)
        self._on_key(keys.Quit, self.quit_wished.emit)

    def _on_key(self, key: QKeySequence.StandardKey | str, act: Callable[[], object]) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(act)

    def _with_page(self, act: Callable[[Page], object]) -> None:
        """One that is still being made has nothing yet to act upon."""
        if (page := self._pages.get(self.current)) is not None and page.is_built:
            act(page)

    def _show_page(self, name: str) -> None:
        if name not in self._building:
            self.building_began.emit()
            self._building[name] = asyncio.get_running_loop().create_task(self._build(name))
        self._bring_up(name)

    def _bring_up(self, name: str) -> None:
        """Show it, if it is there and still the one that is wanted."""
        if name == self.current and (page := self._pages.get(name)) is not None:
            self._stack.setCurrentIndex(list(self._pages).index(name))
            self.setWindowTitle(self.tr("%1 – Tierwise").replace("%1", page.heading))

    async def _build(self, name: str) -> None:
        try:
            page = await self._make[name](self)
            self._pages[name] = page
            self._stack.addWidget(scrolling(page) if page.scrolls else page)
            self._bring_up(name)
            for _ in page.build():
                await asyncio.sleep(0)
            page.built()
            _log.info("the page %s is there", name)
        except Exception:
            self.say(self.tr("This page cannot be shown, for a reason that only the log knows."))
            _log.exception("the page %s could not be built", name)
            raise
        finally:
            if not self._is_closing:
                self.building_ended.emit()

    async def _looked_at(self, name: str, about: object) -> None:
        """Why a page could not be built has been told."""
        building = self._building[name]
        await asyncio.wait([building])
        if not building.cancelled() and building.exception() is None:
            self._pages[name].look_at(about)

    def _on_undo_wished(self, undo: Undo) -> None:
        """Whatever is on show: the page that did it may be hidden, and another one still being made."""
        self._tasks.start(undo())

    def _tell_failure(self, error: BaseException) -> None:
        failure_told(self.say, error, "the window")


def _find(page: Page) -> None:
    if (field := page.search_field()) is not None:
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
