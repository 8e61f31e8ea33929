"""The main window: pages are made when they are gone to, by mouse and by keyboard, and end with it."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.desk.changes import Change
from app.errors import UserError
from tests.ui.frame.source import Questions, ToldSource
from ui.frame.navigation import Entry
from ui.frame.page import Host, Page
from ui.frame.panel import Panel
from ui.frame.window import MainWindow
from ui.icons import program_icon
from ui.loop import QtLoop

ENTRIES = (Entry("overview", "Overview"), Entry("usage", "Usage"), Entry("logs", "Logs"))


class MadePage(Page):
    """A page with a field, whose pieces are counted."""

    def __init__(self, source: ToldSource, host: Host, name: str) -> None:
        super().__init__(source, host)
        self.heading = name.title()
        self.scrolls = name != "logs"
        self.questions = Questions()
        self.pieces = 0
        self.pointed_to: object = None
        self.has_left = False

    def build(self) -> Iterator[None]:
        self.rows.addWidget(self.title(self.heading))
        self.pieces += 1
        yield
        self.field = QLineEdit()
        self.rows.addWidget(self.field)
        self.panel = Panel("What is there")
        self.panel.fill(QWidget())
        self.rows.addWidget(self.panel)
        self.answers = self.feed(
            self.questions.ask, lambda _: self.panel.ready(), changes={Change.RECORD}, panels=[self.panel]
        )
        self.pieces += 1

    def look_at(self, about: object) -> None:
        self.pointed_to = about

    def search_field(self) -> QWidget:
        return self.field

    def leave(self) -> None:
        super().leave()
        self.has_left = True


class Opened:
    def __init__(self) -> None:
        self.source = ToldSource()
        self.window = MainWindow(
            program_icon(),
            ENTRIES,
            {entry.name: partial(self._made, entry.name) for entry in ENTRIES},
        )

    async def _made(self, name: str, host: Host) -> Page:
        return MadePage(self.source, host, name)

    async def page(self, name: str) -> MadePage:
        self.window.show()
        return await self.page_as_it_is(name)

    async def page_as_it_is(self, name: str) -> MadePage:
        """Without showing the window."""
        page = await self.window.built(name)
        assert isinstance(page, MadePage)
        return page


@pytest.fixture
def opened(qt_loop: QtLoop, qtbot: QtBot) -> Iterator[Opened]:
    made = Opened()
    yield made
    if shiboken6.isValid(made.window):
        made.window.close()
        shiboken6.delete(made.window)


async def test_a_page_is_made_piece_by_piece_when_it_is_gone_to(qt_loop: QtLoop, opened: Opened) -> None:
    pieces: list[int] = []
    opened.window.go_to("overview")
    while (page := opened.window.page("overview")) is None or page.pieces < 2:
        pieces.append(0 if page is None else page.pieces)
        await asyncio.sleep(0)
    assert sorted(set(pieces)) == [0, 1]
    assert opened.window.page("usage") is None
    assert opened.window.windowTitle() == "Overview – Tierwise"


async def test_only_the_page_on_show_asks(qt_loop: QtLoop, opened: Opened) -> None:
    overview = await opened.page("overview")
    await overview.questions.until_asked(1)
    usage = await opened.page("usage")
    await usage.questions.until_asked(1)
    overview.questions.answer("")
    opened.source.tell()
    assert not overview.answers._is_awake
    assert usage.answers._is_awake


async def test_keys_lead_everywhere(qt_loop: QtLoop, opened: Opened) -> None:
    await opened.page("overview")
    QTest.keyClick(opened.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.current == "usage"
    QTest.keyClick(opened.window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.current == "logs"
    QTest.keyClick(opened.window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.current == "overview"
    QTest.keyClick(opened.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.focusWidget() is (await opened.page("overview")).field
    QTest.keyClick(opened.window, Qt.Key.Key_F6)
    assert opened.window.focusWidget() is opened.window.navigation
    QTest.keyClick(opened.window.navigation, Qt.Key.Key_Down)
    assert opened.window.current == "usage"


async def test_refresh_asks_anew(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")
    await page.questions.until_asked(1)
    QTest.keyClick(opened.window, Qt.Key.Key_F5)
    await page.questions.until_asked(2)


async def test_a_page_that_scrolls_itself_is_not_put_into_another_scroll_area(
    qt_loop: QtLoop, opened: Opened
) -> None:
    def is_within_scroll_area(page: Page) -> bool:
        parent = page.parentWidget()
        return parent is not None and isinstance(parent.parentWidget(), QScrollArea)

    assert is_within_scroll_area(await opened.page("overview"))
    assert not is_within_scroll_area(await opened.page("logs"))


async def test_another_page_can_be_pointed_to_something(qt_loop: QtLoop, opened: Opened) -> None:
    await opened.page("overview")
    opened.window.go_to("logs", "ex_1")
    page = await opened.page("logs")
    await opened.window._tasks.ended()
    assert page.pointed_to == "ex_1"


async def test_minimised_it_asks_nothing(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")
    opened.window.showMinimized()
    assert not page.answers._is_awake
    opened.window.showNormal()
    assert page.answers._is_awake


async def test_minimised_while_a_page_is_made_it_asks_nothing(qt_loop: QtLoop, opened: Opened) -> None:
    opened.window.go_to("overview")
    opened.window.showMinimized()
    page = await opened.page_as_it_is("overview")
    assert not page.answers._is_awake
    opened.window.showNormal()
    assert page.answers._is_awake


@pytest.mark.parametrize("turns", range(6))
async def test_each_building_that_begins_ends_once_whenever_the_window_is_closed(
    qt_loop: QtLoop, opened: Opened, turns: int
) -> None:
    told: list[str] = []
    opened.window.building_began.connect(lambda: told.append("began"))
    opened.window.building_ended.connect(lambda: told.append("ended"))
    opened.window.go_to("overview")
    building = opened.window._building["overview"]
    for _ in range(turns):
        await asyncio.sleep(0)
    opened.window.close()
    await asyncio.wait([building])
    assert told == ["began", "ended"]


async def test_undoing_has_a_key_that_no_page_has(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")
    page.rows.addWidget(QPushButton("Copy &URL"))
    undone = asyncio.Event()

    async def undo() -> None:
        undone.set()

    opened.window.say("SIMPLE is off.", undo)
    opened.window.navigation.setFocus()
    QTest.keyClick(opened.window.navigation, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await undone.wait()
    assert "&" not in opened.window.notice.undo.text()


async def test_what_was_done_is_told_and_undone_once(qt_loop: QtLoop, opened: Opened) -> None:
    await opened.page("overview")
    undone: list[str] = []

    async def undo() -> None:
        undone.append("undone")

    opened.window.say("SIMPLE is off.", undo)
    assert opened.window.notice.isVisible()
    assert opened.window.notice.text == "SIMPLE is off."
    opened.window.notice.undo.click()
    await opened.window._tasks.ended()
    assert undone == ["undone"]
    assert not opened.window.notice.isVisible()


async def test_a_remark_leaves_the_way_back_from_what_was_done(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")
    undone = asyncio.Event()

    async def undo() -> None:
        undone.set()

    notice = opened.window.notice
    opened.window.say("SIMPLE is off.", undo)
    opened.window.say("p/small is in MEDIUM already.")
    assert notice.text == "p/small is in MEDIUM already."
    assert notice.done.text() == "SIMPLE is off."
    assert notice.done.isVisible()
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await undone.wait()
    assert not notice.isVisible()


async def test_a_remark_is_over_before_what_was_done(qt_loop: QtLoop, opened: Opened) -> None:
    await opened.page("overview")

    async def undo() -> None:
        raise AssertionError("nobody wishes it")

    notice = opened.window.notice
    opened.window.say("SIMPLE is off.", undo)
    opened.window.say("p/small is in MEDIUM already.")
    notice.remark.over.timeout.emit()
    assert notice.text == "SIMPLE is off."
    assert notice.undo.isVisible()
    opened.window.say("p/small is in MEDIUM already.")
    notice.done.over.timeout.emit()
    assert notice.text == "p/small is in MEDIUM already."
    assert not notice.undo.isVisible()
    notice.remark.over.timeout.emit()
    assert not notice.isVisible()


async def test_what_is_done_next_takes_the_place_of_all_that_was_told(
    qt_loop: QtLoop, opened: Opened
) -> None:
    await opened.page("overview")
    undone: list[str] = []

    async def first() -> None:
        undone.append("first")

    async def second() -> None:
        undone.append("second")

    notice = opened.window.notice
    opened.window.say("SIMPLE is off.", first)
    opened.window.say("p/small is in MEDIUM already.")
    opened.window.say("SIMPLE is on.", second)
    assert notice.text == "SIMPLE is on."
    assert not notice.remark.isVisible()
    notice.undo.click()
    await opened.window._tasks.ended()
    assert undone == ["second"]


async def test_what_is_dismissed_can_no_longer_be_undone_by_accident(qt_loop: QtLoop, opened: Opened) -> None:
    await opened.page("overview")

    async def undo() -> None:
        raise AssertionError("nobody wishes it")

    opened.window.say("SIMPLE is off.", undo)
    opened.window.notice.dismiss.click()
    assert not opened.window.notice.isVisible()
    opened.window.say("p/small is in MEDIUM already.")
    assert not opened.window.notice.undo.isVisible()


async def test_undone_while_another_page_is_being_made_it_is_carried_out(
    qt_loop: QtLoop, opened: Opened
) -> None:
    await opened.page("overview")
    undone = asyncio.Event()

    async def undo() -> None:
        undone.set()

    opened.window.say("SIMPLE is off.", undo)
    opened.window.go_to("usage")
    assert opened.window.page("usage") is None
    opened.window.notice.undo.click()
    await undone.wait()


async def test_why_something_cannot_be_undone_is_told(qt_loop: QtLoop, opened: Opened) -> None:
    opened.window.show()

    async def undo() -> None:
        raise UserError("The file cannot be written.")

    opened.window.say("SIMPLE is off.", undo)
    opened.window.notice.undo.click()
    await opened.window._tasks.ended()
    assert opened.window.notice.text == "The file cannot be written."


async def test_what_fails_with_a_sentence_is_told(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")

    async def fail() -> None:
        raise UserError("The file cannot be written.")

    page.do(fail())
    await page.tasks.ended()
    assert opened.window.notice.text == "The file cannot be written."


async def test_a_panel_says_what_went_wrong_and_asks_again(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")
    await page.questions.until_asked(1)
    page.questions.fail(UserError("The record cannot be read."))
    await page.answers._tasks.ended()
    again = next(button for button in page.panel.findChildren(QPushButton) if button.isVisible())
    again.click()
    await page.questions.until_asked(2)


async def test_closed_it_leaves_every_page_and_nothing_goes_on(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")
    await page.questions.until_asked(1)
    closed: list[bool] = []
    opened.window.closed.connect(lambda: closed.append(True))
    opened.window.close()
    assert closed == [True]
    assert page.has_left
    assert opened.source.listeners == []
    await asyncio.gather(*opened.window._building.values(), return_exceptions=True)
    await page.answers._tasks.ended()
    assert page.questions.open[0].cancelled()


async def test_a_page_that_fails_at_its_end_takes_nothing_with_it(
    qt_loop: QtLoop, opened: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page, other = await opened.page("overview"), await opened.page("usage")

    def fail() -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(page, "leave", fail)
    opened.window.close()
    assert other.has_left
    assert "ZeroDivisionError: oops" in caplog.text


async def test_a_page_that_cannot_be_built_says_so_also_to_who_was_sent_there(
    qt_loop: QtLoop, opened: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: MadePage) -> Iterator[None]:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(MadePage, "build", fail)
    opened.window.show()
    opened.window.go_to("usage", "something")
    await opened.window._tasks.ended()
    assert opened.window.notice.text.startswith("This page cannot be shown")
    assert "ZeroDivisionError: oops" in caplog.text


async def test_taken_apart_nothing_of_it_is_left(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")
    opened.window.close()
    await opened.window.dismantled()
    while shiboken6.isValid(opened.window):  # noqa: ASYNC110 -- that it is gone is no event
        await asyncio.sleep(0)
    assert not shiboken6.isValid(page)


async def test_its_pages_do_not_wait_for_the_garbage_collector(qt_loop: QtLoop, opened: Opened) -> None:
    page = weakref.ref(await opened.page("overview"))
    gc.disable()
    try:
        opened.window.close()
        await opened.window.dismantled()
        assert page() is None
    finally:
        gc.enable()


async def test_a_question_waits_for_its_answer_and_esc_is_no(qt_loop: QtLoop, opened: Opened) -> None:
    await opened.page("overview")
    asked = asyncio.create_task(opened.window.confirmed("Switch it off?", "Nobody is left.", "Switch off"))
    await asyncio.sleep(0)
    box = opened.window.findChild(QMessageBox)
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert await asked is False
    asked = asyncio.create_task(opened.window.confirmed("Switch it off?", "Nobody is left.", "Switch off"))
    await asyncio.sleep(0)
    box = next(each for each in opened.window.findChildren(QMessageBox) if each.isVisible())
    next(button for button in box.buttons() if button.text() == "Switch off").click()
    assert await asked is True


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("kind", [QPushButton, QToolButton])
async def test_enter_presses_the_button_that_has_the_keyboard(
    qt_loop: QtLoop, opened: Opened, kind: type[QPushButton] | type[QToolButton], key: Qt.Key
) -> None:
    page = await opened.page("overview")
    button = kind()
    pressed: list[Qt.Key] = []
    button.clicked.connect(lambda: pressed.append(key))
    page.rows.addWidget(button)
    button.show()
    opened.window.activateWindow()
    button.setFocus()
    assert button.hasFocus()
    QTest.keyClick(button, key)
    assert pressed == [key]
    QTest.keyClick(button, key, Qt.KeyboardModifier.ControlModifier)
    button.setEnabled(False)
    QTest.keyClick(opened.window, key)
    assert pressed == [key]


async def test_enter_is_left_to_fields_and_lists(qt_loop: QtLoop, opened: Opened) -> None:
    page = await opened.page("overview")
    button, rows = QPushButton("Never"), QListWidget()
    rows.addItem("One")
    for widget in (button, rows):
        page.rows.addWidget(widget)
        widget.show()
    heard: list[str] = []
    button.clicked.connect(lambda: heard.append("button"))
    page.field.returnPressed.connect(lambda: heard.append("field"))
    rows.itemActivated.connect(lambda item: heard.append(item.text()))
    rows.setCurrentRow(0)
    for widget in (page.field, rows):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Return)
    assert heard == ["field", "One"]
