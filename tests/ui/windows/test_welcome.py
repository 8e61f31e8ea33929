"""The first window: everything by keyboard, everything named, and the demo that answers in it."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.errors import UserError
from tests.app.proposal.here import model, ollama
from tests.ui.windows.machine import PretendedMachine
from ui.icons import program_icon
from ui.loop import QtLoop
from ui.windows.welcome import WelcomeWindow

URL = "http://127.0.0.1:4517"


class PretendedDemo(QObject):
    """A demo whose start and words the test decides."""

    changed = Signal()

    def __init__(self, problem: Exception | None = None) -> None:
        super().__init__()
        self.problem = problem
        self.url: str | None = None
        self.served_by = "demo/auto"
        self.asked: list[str] = []
        self.may_go_on = asyncio.Event()
        self.ended = asyncio.Event()

    async def start(self) -> None:
        if self.problem is not None:
            raise self.problem
        self.url = "http://127.0.0.1:1"
        self.changed.emit()

    def end(self) -> None:
        self.url = None
        self.changed.emit()

    async def ask(self, question: str) -> AsyncIterator[str]:
        self.asked.append(question)
        try:
            for word in ("Hello", " you"):
                yield word
            await self.may_go_on.wait()
            if self.problem is not None:
                raise self.problem
        finally:
            self.ended.set()


def opened(
    qtbot: QtBot,
    demo: PretendedDemo,
    *,
    has_providers: bool = False,
    keep: bool = True,
    machine: PretendedMachine | None = None,
) -> tuple[WelcomeWindow, list[str]]:
    copied: list[str] = []
    window = WelcomeWindow(
        program_icon(),
        URL,
        has_providers=has_providers,
        demo=demo,
        machine=machine or PretendedMachine(),
        copy=lambda: copied.append(URL),
    )
    if keep:
        qtbot.addWidget(window)
    window.show()
    return window, copied


def button(window: WelcomeWindow, text: str) -> QPushButton:
    (found,) = [b for b in window.findChildren(QPushButton) if text in b.text().replace("&", "")]
    return found


def says(window: WelcomeWindow, words: str) -> bool:
    return any(words in label.text() for label in window.findChildren(QLabel))


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
    assert says(window, words)


def test_what_was_found_is_told_to_those_who_have_nothing_yet(qtbot: QtBot) -> None:
    machine = PretendedMachine([ollama(model())])
    window, _ = opened(qtbot, PretendedDemo(), machine=machine)
    assert window.found.isVisible()
    assert says(window, "Found on this computer: Ollama (1 model).")
    other, _ = opened(qtbot, PretendedDemo(), machine=machine, has_providers=True)
    assert not other.found.isVisible()


def test_a_window_that_is_closed_follows_nothing_more(qtbot: QtBot) -> None:
    machine = PretendedMachine()
    window, _ = opened(qtbot, PretendedDemo(), machine=machine, keep=False)
    assert len(machine.listeners) == 1
    window.close()
    assert machine.listeners == []


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
    assert says(window, "Served by demo/auto")
    button(window, "Send a request").click()
    await until(lambda: len(demo.asked) == 2)


async def test_a_demo_that_cannot_start_says_why_and_may_be_tried_again(
    qt_loop: QtLoop, qtbot: QtBot
) -> None:
    demo = PretendedDemo(UserError("No room. Make some."))
    window, _ = opened(qtbot, demo)
    start = button(window, "Start the demo")
    start.click()
    await until(start.isEnabled)
    assert says(window, "No room. Make some.")
    demo.problem = None
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


async def test_a_demo_that_ends_leads_back_to_its_start(qt_loop: QtLoop, qtbot: QtBot) -> None:
    demo = PretendedDemo()
    demo.may_go_on.set()
    window, _ = opened(qtbot, demo)
    button(window, "Start the demo").click()
    await until(lambda: says(window, "Served by"))
    demo.end()
    assert button(window, "Start the demo").isEnabled()
    assert says(window, "The demo has ended.")


async def test_a_demo_that_starts_elsewhere_is_offered_at_once(qt_loop: QtLoop, qtbot: QtBot) -> None:
    demo = PretendedDemo()
    window, _ = opened(qtbot, demo)
    await demo.start()
    assert button(window, "Send a request").isEnabled()
    assert says(window, "The demo listens at http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("problem", "words"),
    [(UserError("It is stopping."), "It is stopping."), (ValueError("a bug"), "only the log knows")],
)
async def test_an_answer_that_fails_says_so_and_another_may_be_asked_for(
    qt_loop: QtLoop, qtbot: QtBot, problem: Exception, words: str
) -> None:
    demo = PretendedDemo()
    window, _ = opened(qtbot, demo)
    button(window, "Start the demo").click()
    await until(lambda: demo.asked)
    assert not button(window, "Send a request").isEnabled()
    demo.problem = problem
    demo.may_go_on.set()
    await until(lambda: says(window, words))
    assert button(window, "Send a request").isEnabled()


async def test_a_demo_that_ends_in_the_middle_of_an_answer_may_be_started_again(
    qt_loop: QtLoop, qtbot: QtBot
) -> None:
    demo = PretendedDemo()
    window, _ = opened(qtbot, demo)
    button(window, "Start the demo").click()
    await until(lambda: demo.asked)
    demo.end()
    demo.problem = UserError("It is stopping.")
    demo.may_go_on.set()
    await until(lambda: says(window, "It is stopping."))
    assert button(window, "Start the demo").isEnabled()
