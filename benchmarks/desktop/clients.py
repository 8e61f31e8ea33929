"""The clients, as a process: streams read in parallel, and requests that come evenly, as rows of the log."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp

from benchmarks.desktop.children import commands, tell
from benchmarks.desktop.provider import PACE_SECONDS

_STAMP: Final = re.compile(rb"<(\d+)>")
_WARM_UP_SECONDS: Final = 0.5
_STAGGER_SECONDS: Final = 0.01
_TURN: Final = {"max_tokens": 9, "messages": [{"role": "user", "content": "Rename this variable."}]}


class Clients:
    """Of one gateway, or of the provider itself."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def stream(self, url: str, model: str, at_once: int, seconds: float) -> dict[str, Any]:
        """Milliseconds between the sending and the receiving of each token."""
        delays: list[list[float]] = [[] for _ in range(at_once)]
        began = time.monotonic_ns() + int(_WARM_UP_SECONDS * 1e9)

        async def read(number: int) -> None:
            await asyncio.sleep(number * _STAGGER_SECONDS)
            body = {**_TURN, "model": model, "stream": True, "max_tokens": int(seconds / PACE_SECONDS)}
            async with self._session.post(f"{url}/v1/messages", json=body) as answer:
                answer.raise_for_status()
                async for data in answer.content.iter_any():
                    now = time.monotonic_ns()
                    sent = (int(stamp) for stamp in _STAMP.findall(data))
                    delays[number].extend((now - each) / 1e6 for each in sent if each >= began)

        await asyncio.gather(*map(read, range(at_once)))
        return {"delays": [round(each, 3) for stream in delays for each in stream]}

    async def ask(self, url: str, model: str, a_second: float, seconds: float) -> dict[str, Any]:
        """So many whole answers, however long each takes."""
        due = time.monotonic()
        end = due + seconds
        async with asyncio.TaskGroup() as requests:
            asked = 0
            while due < end:
                await asyncio.sleep(max(due - time.monotonic(), 0))
                requests.create_task(self._whole(url, model))
                asked += 1
                due += 1 / a_second
        return {"answered": asked}

    async def both(self, url: str, streamed: str, whole: str, a_second: float, **how: Any) -> dict[str, Any]:
        """Streams while rows arrive."""
        rows = asyncio.create_task(self.ask(url, whole, a_second, how["seconds"]))
        answer = await self.stream(url, streamed, **how)
        await rows
        return answer

    async def _whole(self, url: str, model: str) -> None:
        async with self._session.post(f"{url}/v1/messages", json={**_TURN, "model": model}) as answer:
            answer.raise_for_status()
            await answer.read()


async def _obey(token: str) -> None:
    headers = {"x-api-key": token}
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=0)) as session:
        clients = Clients(session)
        roles: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
            "stream": clients.stream,
            "ask": clients.ask,
            "both": clients.both,
        }
        tell()
        async for command in commands():
            tell(**await roles[command.pop("do")](**command))


if __name__ == "__main__":
    import sys

    asyncio.run(_obey(sys.argv[1]))
