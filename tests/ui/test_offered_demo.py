"""The demo of the window: it can be ended from outside, and its start has one owner."""

import asyncio
from pathlib import Path

import pytest

from app.demo import Demo
from app.home import Home
from app.instance import AlreadyRunningError, InstanceLock, find_running, is_locked
from ui.loop import QtLoop
from ui.offered_demo import OfferedDemo


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def changes_of(demo: OfferedDemo) -> "asyncio.Queue[str | None]":
    changes: asyncio.Queue[str | None] = asyncio.Queue()
    demo.changed.connect(lambda: changes.put_nowait(demo.url))
    return changes


async def test_it_runs_answers_and_stops(qt_loop: QtLoop, home: Home) -> None:
    demo = OfferedDemo(home, {})
    assert demo.url is None
    await demo.start()
    assert find_running(home.demo).url == demo.url
    assert "demo" in "".join([words async for words in demo.ask("Hello")])
    assert demo.served_by == "demo/simple"
    await demo.stop()
    assert demo.url is None
    assert not is_locked(home.demo)


async def test_one_that_was_told_to_stop_from_outside_stops_and_may_be_started_again(
    qt_loop: QtLoop, home: Home
) -> None:
    demo = OfferedDemo(home, {})
    changes = changes_of(demo)
    for _ in range(2):
        await demo.start()
        assert await changes.get() == demo.url
        demo._demo.application.request_stop()
        assert await changes.get() is None
        assert not is_locked(home.demo)
    await demo.stop()


async def test_a_start_that_nobody_waits_for_goes_on_and_is_joined_by_the_next(
    qt_loop: QtLoop, home: Home
) -> None:
    demo = OfferedDemo(home, {})
    first = asyncio.ensure_future(demo.start())
    await asyncio.sleep(0)
    first.cancel()
    await demo.start()
    assert first.cancelled()
    assert demo.url is not None
    await demo.stop()


async def test_stopping_in_the_middle_of_a_start_undoes_it(
    qt_loop: QtLoop, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting = asyncio.Event()
    undone: list[str] = []

    async def start(self: Demo) -> None:
        starting.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            undone.append("start")

    monkeypatch.setattr(Demo, "start", start)
    demo = OfferedDemo(home, {})
    waiting = asyncio.ensure_future(demo.start())
    await starting.wait()
    await demo.stop()
    assert undone == ["start"]
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_demo_that_runs_elsewhere_is_named_with_the_command_that_ends_it(
    qt_loop: QtLoop, home: Home
) -> None:
    demo = OfferedDemo(home, {})
    await demo.start()
    home.prepare()
    with InstanceLock(home), pytest.raises(AlreadyRunningError, match="stop --demo` ends it"):
        await OfferedDemo(home, {}).start()
    await demo.stop()
