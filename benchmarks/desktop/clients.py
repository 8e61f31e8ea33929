"""The clients, as a process: streams read in parallel, and requests that come evenly, as rows of the log."""

import asyncio
import time
from collections import Counter
from typing import Any, Final

import aiohttp

from benchmarks.desktop.children import Answer, obey, tell
from benchmarks.desktop.provider import PACE_SECONDS
from benchmarks.desktop.readings import Reading, Traffic, traffic_of

_WARM_UP_SECONDS: Final = 0.5
_STAGGER_SECONDS: Final = 0.01
_PATIENCE_SECONDS: Final = 10.0
_TURN: Final = {"max_tokens": 9, "messages": [{"role": "user", "content": "Rename this variable."}]}
_FAILURES: Final = (aiohttp.ClientError, OSError, TimeoutError)


class Clients:
    """Of one gateway, or of the provider itself. What fails is counted, and the others go on."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def ask(self, url: str, model: str, a_second: float, seconds: float) -> Answer:
        return (await self._requests(url, model, a_second, seconds)).told()

    async def stream(
        self, url: str, model: str, rows_url: str, rows_model: str, a_second: float, **how: Any
    ) -> Answer:
        """Streams, while rows arrive at the same place or at another one."""
        rows = asyncio.create_task(self._requests(rows_url, rows_model, a_second, how["seconds"]))
        return (await self._streams(url, model, **how) + await rows).told()

    async def _streams(self, url: str, model: str, at_once: int, seconds: float) -> Traffic:
        since = time.monotonic_ns() + int(_WARM_UP_SECONDS * 1e9)
        readings = [Reading(int(seconds / PACE_SECONDS), since) for _ in range(at_once)]

        async def read(number: int, reading: Reading) -> None:
            await asyncio.sleep(number * _STAGGER_SECONDS)
            try:
                async with asyncio.timeout(seconds + _PATIENCE_SECONDS):
                    await self._read(url, model, reading)
            except _FAILURES as error:
                reading.fail(_in_words(error))

        await asyncio.gather(*(read(*each) for each in enumerate(readings)))
        return traffic_of(readings)

    async def _read(self, url: str, model: str, reading: Reading) -> None:
        body = {**_TURN, "model": model, "stream": True, "max_tokens": reading.asked}
        async with self._session.post(f"{url}/v1/messages", json=body) as answer:
            answer.raise_for_status()
            async for data in answer.content.iter_any():
                reading.feed(data, time.monotonic_ns())

    async def _requests(self, url: str, model: str, a_second: float, seconds: float) -> Traffic:
        """So many whole answers, however long each takes."""
        due = time.monotonic()
        end = due + seconds
        asked = 0
        faults: Counter[str] = Counter()
        async with asyncio.TaskGroup() as requests:
            while due < end:
                await asyncio.sleep(max(due - time.monotonic(), 0))
                requests.create_task(self._whole(url, model, faults))
                asked += 1
                due += 1 / a_second
        return Traffic(requests=asked, faults=dict(faults))

    async def _whole(self, url: str, model: str, faults: Counter[str]) -> None:
        try:
            async with (
                asyncio.timeout(_PATIENCE_SECONDS),
                self._session.post(f"{url}/v1/messages", json={**_TURN, "model": model}) as answer,
            ):
                answer.raise_for_status()
                await answer.read()
        except _FAILURES as error:
            faults[f"requests {_in_words(error)}"] += 1


def _in_words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientResponseError):
        return f"answered with HTTP {error.status}"
    if isinstance(error, TimeoutError):
        return "without an end"
    return f"broken off: {type(error).__name__}"


async def _obey(token: str) -> None:
    headers = {"x-api-key": token}
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=0)) as session:
        clients = Clients(session)
        tell()
        await obey(lambda name: getattr(clients, name))


if __name__ == "__main__":
    import sys

    asyncio.run(_obey(sys.argv[1]))
