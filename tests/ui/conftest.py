"""Tests on Qt's event loop: `async def test_...(qt_loop)` runs inside a QApplication, with a time limit.

    async def test_the_label_follows(qt_loop: QtLoop, qtbot: QtBot) -> None:
        label = Label(source)
        await source.publish("new")
        assert label.text() == "new"

Never call `qtbot.wait`, `waitSignal`, `waitUntil` or any `exec()` in an async test: they run Qt inside a
coroutine, where asyncio stands still, so what they wait for cannot happen. Await an asyncio.Event that
the signal sets.

The fixture `loop` stands for both our loop and asyncio's, one after the other.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication

from ui.loop import QtLoop
from ui.quit import Application

TIME_LIMIT = 10.0

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return Application


@contextmanager
def in_use(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Make the loop current, and leave nothing behind."""
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        if not loop.is_closed():
            loop.run_until_complete(_tidied(loop))
            loop.close()
        asyncio.set_event_loop(None)


async def _tidied(loop: asyncio.AbstractEventLoop) -> None:
    leftovers = asyncio.all_tasks() - {asyncio.current_task()}
    for task in leftovers:
        task.cancel()
    await asyncio.gather(*leftovers, return_exceptions=True)
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()


@pytest.fixture
def qt_loop(qapp: Application) -> Iterator[QtLoop]:
    """Our event loop on pytest-qt's application."""
    loop = QtLoop(qapp)
    with in_use(loop):
        yield loop


@pytest.fixture(params=["asyncio", "qt"])
def new_loop(request: pytest.FixtureRequest, qapp: Application) -> LoopFactory:
    return asyncio.new_event_loop if request.param == "asyncio" else partial(QtLoop, qapp)


@pytest.fixture
def loop(new_loop: LoopFactory) -> Iterator[asyncio.AbstractEventLoop]:
    loop = new_loop()
    with in_use(loop):
        yield loop


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    loops = [value for value in arguments.values() if isinstance(value, asyncio.AbstractEventLoop)]
    if len(loops) != 1:
        pytest.fail("an async test names the loop that it runs on: add the fixture `qt_loop`", pytrace=False)
    loops[0].run_until_complete(asyncio.wait_for(pyfuncitem.obj(**arguments), TIME_LIMIT))
    return True
