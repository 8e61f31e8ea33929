"""When a page asks: while it is shown, one question at a time, and at most four times a second."""

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from app.desk.changes import Change
from app.errors import UserError
from tests.ui.frame.source import Questions, ToldSource
from ui.frame.feed import Feed
from ui.loop import QtLoop


class Asking:
    """A feed with all that is around it."""

    def __init__(self) -> None:
        self.source, self.questions = ToldSource(), Questions()
        self.told: list[str] = []
        self.news = asyncio.Event()
        self.owner = QObject()
        self.feed = Feed(self.owner, self.source, self.questions.ask, self._tell, self._fail, {Change.RECORD})

    def _tell(self, answer: str) -> None:
        self.told.append(answer)
        self.news.set()

    def _fail(self, sentence: str) -> None:
        self._tell(f"failed: {sentence}")

    async def heard(self) -> str:
        await self.news.wait()
        self.news.clear()
        return self.told[-1]


@pytest.fixture
def asking(qt_loop: QtLoop) -> Iterator[Asking]:
    made = Asking()
    yield made
    made.feed.end()


async def test_it_asks_when_it_is_woken_and_not_before(qt_loop: QtLoop, asking: Asking) -> None:
    asking.source.tell()
    await asyncio.sleep(0)
    assert asking.questions.asked == 0
    asking.feed.wake()
    await asking.questions.until_asked(1)
    asking.questions.answer("one")
    assert await asking.heard() == "one"


async def test_what_changes_while_it_asks_makes_one_more_question(qt_loop: QtLoop, asking: Asking) -> None:
    asking.feed.wake()
    await asking.questions.until_asked(1)
    for _ in range(100):
        asking.source.tell()
    asking.questions.answer("one")
    await asking.heard()
    await asking.questions.until_asked(2)
    asking.questions.answer("two")
    assert await asking.heard() == "two"
    assert not asking.questions.open


async def test_questions_keep_a_distance(qt_loop: QtLoop, asking: Asking) -> None:
    asking.feed.wake()
    await asking.questions.until_asked(1)
    asking.questions.answer("one")
    await asking.heard()
    began = qt_loop.time()
    asking.source.tell()
    await asking.questions.until_asked(2)
    assert qt_loop.time() - began >= 0.24


async def test_other_changes_are_not_its_own(qt_loop: QtLoop, asking: Asking) -> None:
    asking.feed.wake()
    await asking.questions.until_asked(1)
    asking.questions.answer("one")
    await asking.heard()
    asking.source.tell(Change.LOCAL)
    assert not asking.feed._is_stale


async def test_asleep_it_only_remembers_that_it_has_to_ask(qt_loop: QtLoop, asking: Asking) -> None:
    asking.feed.wake()
    await asking.questions.until_asked(1)
    asking.questions.answer("one")
    await asking.heard()
    asking.feed.sleep()
    asking.source.tell()
    assert not asking.feed._pause.isActive()
    asking.feed.wake()
    await asking.questions.until_asked(2)


async def test_another_question_takes_the_place_of_the_one_under_way(qt_loop: QtLoop, asking: Asking) -> None:
    asking.feed.wake()
    await asking.questions.until_asked(1)
    asking.feed.ask_anew()
    await asking.questions.until_asked(2)
    first = asking.questions.open.pop(0)
    assert first.cancelled()
    asking.questions.answer("two")
    assert await asking.heard() == "two"
    assert asking.told == ["two"]


async def test_a_failure_is_a_sentence_and_the_next_change_asks_again(
    qt_loop: QtLoop, asking: Asking
) -> None:
    asking.feed.wake()
    await asking.questions.until_asked(1)
    asking.questions.fail(UserError("The record cannot be read."))
    assert await asking.heard() == "failed: The record cannot be read."
    asking.source.tell()
    await asking.questions.until_asked(2)
    asking.questions.answer("well again")
    assert await asking.heard() == "well again"


async def test_a_mistake_is_logged_and_told_without_its_words(
    qt_loop: QtLoop, asking: Asking, caplog: pytest.LogCaptureFixture
) -> None:
    asking.feed.wake()
    await asking.questions.until_asked(1)
    asking.questions.fail(ZeroDivisionError("oops"))
    assert await asking.heard() == "failed: That failed for a reason that only the log knows."
    await asking.feed._tasks.ended()
    assert "ZeroDivisionError" in caplog.text


async def test_at_its_end_it_listens_no_more(qt_loop: QtLoop, asking: Asking) -> None:
    asking.feed.wake()
    await asking.questions.until_asked(1)
    asking.feed.end()
    assert asking.source.listeners == []
    await asking.feed._tasks.ended()
    assert asking.questions.open[0].cancelled()
    asking.feed._stop_listening = lambda: None


async def test_an_answer_shown_in_pieces_lets_the_loop_run_between_them(
    qt_loop: QtLoop, asking: Asking
) -> None:
    shown: list[str] = []

    def show(answer: str) -> Iterator[None]:
        qt_loop.call_soon(shown.append, "something else")
        shown.append(f"{answer}, begun")
        yield
        yield
        shown.append(f"{answer}, all of it")

    feed = Feed(asking.owner, asking.source, asking.questions.ask, show, asking._fail, {Change.RECORD})
    feed.wake()
    await asking.questions.until_asked(1)
    asking.questions.answer("one")
    await feed.settled()
    assert shown == ["one, begun", "something else", "one, all of it"]
    feed.end()
