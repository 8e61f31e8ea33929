"""The first steps: everything by keyboard, everything named, and the demo that answers in them."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.errors import UserError
from tests.app.proposal.here import model, ollama
from tests.ui.windows.machine import PretendedMachine
from ui.loop import QtLoop
from ui.windows.overview.first_steps import FirstSteps
from ui.windows.pointing import Point


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
    qtbot: QtBot, demo: PretendedDemo, *, machine: PretendedMachine | None = None
) -> tuple[FirstSteps, list[tuple[str, object]]]:
    gone_to: list[tuple[str, object]] = []
    steps = FirstSteps(demo, machine or PretendedMachine(), lambda *where: gone_to.append(where))
    qtbot.addWidget(steps)
    steps.show()
    return steps, gone_to


def button(steps: FirstSteps, text: str) -> QPushButton:
    (found,) = [b for b in steps.findChildren(QPushButton) if text in b.text().replace("&", "")]
    return found


def says(steps: FirstSteps, words: str) -> bool:
    return any(words in label.text() for label in steps.findChildren(QLabel))


async def until(check: Callable[[], object]) -> None:
    """Let the loop turn until the check holds; the test's time limit ends a wait in vain."""
    while not check():  # noqa: ASYNC110 -- widgets have states, not events
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Add a provider", ("providers", Point.ADD_PROVIDER)),
        ("Use local models", ("tiers", Point.PROPOSE_TIERS)),
    ],
)
def test_it_leads_on(qtbot: QtBot, text: str, page: object) -> None:
    steps, gone_to = opened(qtbot, PretendedDemo())
    qtbot.mouseClick(button(steps, text), Qt.MouseButton.LeftButton)
    assert gone_to == [page]


def test_what_was_found_is_told_to_those_who_have_nothing_yet(qtbot: QtBot) -> None:
    machine = PretendedMachine([ollama(model())])
    steps, _ = opened(qtbot, PretendedDemo(), machine=machine)
    assert says(steps, "Found on this computer: Ollama (1 model).")


def test_at_its_end_it_follows_nothing_more(qtbot: QtBot) -> None:
    machine = PretendedMachine()
    steps, _ = opened(qtbot, PretendedDemo(), machine=machine)
    assert len(machine.listeners) == 1
    steps.stop_listening()
    assert machine.listeners == []


def test_everything_that_takes_the_focus_has_a_name(qtbot: QtBot) -> None:
    steps, _ = opened(qtbot, PretendedDemo())
    for widget in (*steps.findChildren(QPushButton), *steps.findChildren(QPlainTextEdit)):
        assert not widget.isVisible() or widget.accessibleName() or getattr(widget, "text", str)()


def test_the_keyboard_begins_at_the_demo_and_reaches_everything(qtbot: QtBot) -> None:
    steps, _ = opened(qtbot, PretendedDemo())
    steps.demo.setFocus()
    assert steps.focusWidget() is button(steps, "Start the demo")
    seen = set()
    for _ in range(10):
        seen.add(steps.focusWidget())
        QTest.keyClick(steps.focusWidget(), Qt.Key.Key_Tab)
    reachable = {*steps.findChildren(QPushButton), *steps.findChildren(QPlainTextEdit)}
    assert {widget for widget in reachable if widget.isVisible()} <= seen


async def test_the_demo_starts_and_its_words_come_one_by_one(qt_loop: QtLoop, qtbot: QtBot) -> None:
    demo = PretendedDemo()
    steps, _ = opened(qtbot, demo)
    answer = steps.findChild(QPlainTextEdit)
    button(steps, "Start the demo").click()
    await until(lambda: answer.toPlainText() == "Hello you")
    assert not button(steps, "Send a request").isEnabled()
    demo.may_go_on.set()
    await until(lambda: button(steps, "Send a request").isEnabled())
    assert says(steps, "Served by demo/auto")
    button(steps, "Send a request").click()
    await until(lambda: len(demo.asked) == 2)


async def test_a_demo_that_cannot_start_says_why_and_may_be_tried_again(
    qt_loop: QtLoop, qtbot: QtBot
) -> None:
    demo = PretendedDemo(UserError("No room. Make some."))
    steps, _ = opened(qtbot, demo)
    start = button(steps, "Start the demo")
    start.click()
    await until(start.isEnabled)
    assert says(steps, "No room. Make some.")
    demo.problem = None
    start.click()
    await until(lambda: demo.asked == ["Hello"])


async def test_closing_it_while_words_still_come_is_quiet(qt_loop: QtLoop, qtbot: QtBot) -> None:
    demo = PretendedDemo()
    steps, _ = opened(qtbot, demo)
    button(steps, "Start the demo").click()
    await until(lambda: demo.asked)
    steps.stop_listening()
    await demo.ended.wait()


async def test_a_demo_that_ends_leads_back_to_its_start(qt_loop: QtLoop, qtbot: QtBot) -> None:
    demo = PretendedDemo()
    demo.may_go_on.set()
    steps, _ = opened(qtbot, demo)
    button(steps, "Start the demo").click()
    await until(lambda: says(steps, "Served by"))
    demo.end()
    assert button(steps, "Start the demo").isEnabled()
    assert says(steps, "The demo has ended.")


async def test_a_demo_that_starts_elsewhere_is_offered_at_once(qt_loop: QtLoop, qtbot: QtBot) -> None:
    demo = PretendedDemo()
    steps, _ = opened(qtbot, demo)
    await demo.start()
    assert button(steps, "Send a request").isEnabled()
    assert says(steps, "The demo listens at http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("problem", "words"),
    [(UserError("It is stopping."), "It is stopping."), (ValueError("a bug"), "only the log knows")],
)
async def test_an_answer_that_fails_says_so_and_another_may_be_asked_for(
    qt_loop: QtLoop, qtbot: QtBot, problem: Exception, words: str
) -> None:
    demo = PretendedDemo()
    steps, _ = opened(qtbot, demo)
    button(steps, "Start the demo").click()
    await until(lambda: demo.asked)
    assert not button(steps, "Send a request").isEnabled()
    demo.problem = problem
    demo.may_go_on.set()
    await until(lambda: says(steps, words))
    assert button(steps, "Send a request").isEnabled()


async def test_a_demo_that_ends_in_the_middle_of_an_answer_may_be_started_again(
    qt_loop: QtLoop, qtbot: QtBot
) -> None:
    demo = PretendedDemo()
    steps, _ = opened(qtbot, demo)
    button(steps, "Start the demo").click()
    await until(lambda: demo.asked)
    demo.end()
    demo.problem = UserError("It is stopping.")
    demo.may_go_on.set()
    await until(lambda: says(steps, "It is stopping."))
    assert button(steps, "Start the demo").isEnabled()
