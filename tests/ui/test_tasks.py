"""Work that a click begins is kept, its errors are logged, and it ends with its owner."""

import asyncio
import logging

import pytest

from ui.loop import QtLoop
from ui.tasks import Tasks


async def test_an_error_is_logged(qt_loop: QtLoop, caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("broken")

    tasks = Tasks()
    with caplog.at_level(logging.ERROR):
        tasks.start(fail())
        await tasks.ended()
    assert "ValueError: broken" in caplog.text


async def test_cancelling_ends_them_all_quietly(qt_loop: QtLoop, caplog: pytest.LogCaptureFixture) -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("one")

    tasks = Tasks()
    for _ in range(3):
        tasks.start(work())
    await asyncio.sleep(0)
    tasks.cancel()
    await tasks.ended()
    assert ended == ["one"] * 3
    assert caplog.text == ""
