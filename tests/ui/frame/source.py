"""A source that changes when a test says so, and questions whose answers a test gives."""

import asyncio
from collections.abc import Callable

from app.desk.changes import Change


class ToldSource:
    def __init__(self) -> None:
        self.listeners: list[Callable[[Change], None]] = []

    def listen(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)

    def tell(self, change: Change = Change.RECORD) -> None:
        for listener in tuple(self.listeners):
            listener(change)


class Questions:
    """Every question waits until it is answered."""

    def __init__(self) -> None:
        self.open: list[asyncio.Future[str]] = []
        self.asked = 0
        self._news = asyncio.Event()

    async def ask(self) -> str:
        self.asked += 1
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.open.append(answer)
        self._news.set()
        return await answer

    def answer(self, text: str) -> None:
        self.open.pop(0).set_result(text)

    def fail(self, error: Exception) -> None:
        self.open.pop(0).set_exception(error)

    async def until_asked(self, times: int) -> None:
        while self.asked < times:
            self._news.clear()
            await self._news.wait()
