"""What a page asks while it is still being made."""

import asyncio
from collections.abc import Iterator

import pytest
import shiboken6

from app.errors import UserError
from tests.ui.frame.source import Questions, ToldSource
from ui.frame.page import Host, Page, Undo
from ui.frame.panel import Panel
from ui.loop import QtLoop


class Nobody:
    """A window in which nothing happens."""

    def say(self, sentence: str, undo: Undo | None = None) -> None: ...

    def go_to(self, page: str, about: object = None) -> None: ...

    async def confirmed(self, question: str, details: str, yes: str) -> bool:
        return False


class Eager(Page):
    """Asks before it has the panel that the answer is for."""

    def __init__(self, source: ToldSource, host: Host) -> None:
        super().__init__(source, host)
        self.questions = Questions()
        self.panels: list[Panel] = []
        self.shown: list[str] = []

    def build(self) -> Iterator[None]:
        self.answers = self.feed(self.questions.ask, self.shown.append, changes=(), panels=self.panels)
        yield
        self.panels.append(Panel("What is there"))
        self.rows.addWidget(self.panels[0])


@pytest.fixture
def page(qt_loop: QtLoop) -> Iterator[Eager]:
    page = Eager(ToldSource(), Nobody())
    page.show()
    yield page
    shiboken6.delete(page)


async def turns(loop: asyncio.AbstractEventLoop) -> None:
    """Whatever was ready to run has run, and what that made ready."""
    for _ in range(10):
        turned = loop.create_future()
        loop.call_soon(turned.set_result, None)
        await turned


async def test_an_answer_that_comes_early_is_shown_once_the_page_is_built(
    qt_loop: QtLoop, page: Eager
) -> None:
    building = page.build()
    next(building)
    await page.questions.until_asked(1)
    page.questions.answer("early")
    await turns(qt_loop)
    assert page.shown == []
    assert next(building, "all of it") == "all of it"
    page.built()
    await page.settled()
    assert page.shown == ["early"]
    assert page.questions.asked == 1


async def test_a_question_that_fails_early_is_told_by_a_panel_that_came_later(
    qt_loop: QtLoop, page: Eager
) -> None:
    building = page.build()
    next(building)
    await page.questions.until_asked(1)
    page.questions.fail(UserError("The disk is full."))
    await turns(qt_loop)
    assert next(building, "all of it") == "all of it"
    page.built()
    await page.settled()
    assert page.panels[0].failure == "The disk is full."


async def test_how_long_a_page_is_made_does_not_put_off_its_next_question(
    qt_loop: QtLoop, page: Eager, monkeypatch: pytest.MonkeyPatch
) -> None:
    building = page.build()
    next(building)
    await page.questions.until_asked(1)
    page.questions.answer("early")
    await turns(qt_loop)
    time = qt_loop.time
    monkeypatch.setattr(qt_loop, "time", lambda: time() + 60)
    assert next(building, "all of it") == "all of it"
    page.built()
    await page.settled()
    assert page.answers._pause.interval() < 10_000


async def test_a_page_that_is_left_before_it_is_built_shows_nothing(qt_loop: QtLoop, page: Eager) -> None:
    next(page.build())
    await page.questions.until_asked(1)
    page.questions.answer("early")
    await turns(qt_loop)
    page.leave()
    page.built()
    await turns(qt_loop)
    assert page.shown == []
