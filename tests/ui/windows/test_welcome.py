"""The first window: everything by keyboard, everything named, and the demo that answers in it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.errors import UserError
from ui.icons import program_icon
from ui.loop import QtLoop
from ui.windows.welcome import WelcomeWindow

URL = "http://127.0.0.1:4517"


@dataclass
class PretendedDemo:
    """A demo whose start and words the test decides."""

    words: tuple[str, ...] = ("Hello", " you")
    problem: str = ""
    url: str | None = None
    served_by: str = "demo/auto"
    asked: list[str] = field(default_factory=list)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        if self.problem:
            raise UserError(self.problem)
        self.url = "http://127.0.0.1:1"

    async def ask(self, question: str) -> AsyncIterator[str]:
        self.asked.append(question)
        try:
            for word in self.words:
                yield word
            await self.may_go_on.wait()
        finally:
            self.ended.set()


def opened(
    qtbot: QtBot, demo: PretendedDemo, *, has_providers: bool = False, keep: bool = True
) -> tuple[WelcomeWindow, list[str]]:
    copied: list[str] = []
    window = WelcomeWindow(
        program_icon(), URL, has_providers=has_providers, demo=demo, copy=lambda: copied.append(URL)
    )
    if keep:
        qtbot.addWidget(window)
    window.show()
    return window, copied


def button(window: WelcomeWindow, text: str) -> QPushButton:
    (found,) = [b for b in window.findChildren(QPushButton) if text in b.text().replace("&", "")]
    return found


async def until(check: Callable[[], object]) -> None:
    """Let the loop turn until the check holds; the test's time limit ends a wait in vain."""
    while not check():  # noqa: ASYNC110 -- widgets have states, not events
        await asyncio.sleep(0)


def test_it_shows_and_copies_the_address(qtbot: QtBot) -> None:
    window, copied = opened(qtbot, PretendedDemo())
    assert window.findChild(QLineEdit).text() == URL
    qtbot.mouseClick(button(window, "Copy"), Qt.MouseButton.LeftButton)
    assert copied == [URL]


@pytest.mark.parametrize(
    ("has_providers", "words"), [(False, "No provider is configured"), (True, "are configured")]
)
def test_it_says_what_is_next(qtbot: QtBot, has_providers: bool, words: str) -> None:
    window, _ = opened(qtbot, PretendedDemo(), has_providers=has_providers)
    assert any(words in label.text() for label in window.findChildren(QLabel))


def test_everything_that_takes_the_focus_has_a_name(qtbot: QtBot) -> None:
    window, _ = opened(qtbot, PretendedDemo())
    for widget in [
        *window.findChildren(QPushButton),
        *window.findChildren(QLineEdit),
        *window.findChildren(QPlainTextEdit),
    ]:
        assert widget.accessibleName() or getattr(widget, "text", str)()


def test_the_keyboard_begins_at_the_demo_and_reaches_everything(qtbot: QtBot) -> None:
    window, _ = opened(qtbot, PretendedDemo())
    seen = set()
    widget = button(window, "Start the demo")
    for _ in range(20):
        seen.add(widget)
        widget = widget.nextInFocusChain()
    assert set(window.findChildren(QPushButton)) <= seen
    assert window.findChild(QLineEdit) in seen
    assert window.focusWidget() is button(window, "Start the demo")


async def test_the_demo_starts_and_its_words_come_one_by_one(qt_loop: QtLoop, qtbot: QtBot) -> None:
    demo = PretendedDemo()
    window, _ = opened(qtbot, demo)
    answer = window.findChild(QPlainTextEdit)
    button(window, "Start the demo").click()
    await until(lambda: answer.toPlainText() == "Hello you")
    assert not button(window, "Send a request").isEnabled()
    demo.may_go_on.set()
    await until(lambda: button(window, "Send a request").isEnabled())
    assert any("Served by demo/auto" in label.text() for label in window.findChildren(QLabel))
    button(window, "Send a request").click()
    await until(lambda: len(demo.asked) == 2)


async def test_a_demo_that_cannot_start_says_why_and_may_be_tried_again(
    qt_loop: QtLoop, qtbot: QtBot
) -> None:
    demo = PretendedDemo(problem="No room. Make some.")
    window, _ = opened(qtbot, demo)
    start = button(window, "Start the demo")
    start.click()
    await until(start.isEnabled)
    assert any(label.text() == "No room. Make some." for label in window.findChildren(QLabel))
    demo.problem = ""
    start.click()
    await until(lambda: demo.asked == ["Hello"])


async def test_closing_it_while_words_still_come_is_quiet(qt_loop: QtLoop, qtbot: QtBot) -> None:
    demo = PretendedDemo()
    window, _ = opened(qtbot, demo, keep=False)
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    button(window, "Start the demo").click()
    await until(lambda: demo.asked)
    window.close()
    await closed.wait()
    await demo.ended.wait()
