"""What happens is told as it happens, to any number of listeners, whether they listen or not."""

import asyncio
import json
import socket
import sqlite3
import time
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from proxy.config import Config
from proxy.exchange import Origin
from proxy.ledger.ledger import LedgerError
from proxy.ledger.queries.logs import written
from proxy.server.dashboard import events as events_module
from tests.proxy.gateway_fixture import ADMIN_TOKEN
from tests.proxy.ledger.made import exchange
from tests.proxy.server.dashboard.stage import ADMIN, Dashboard, dashboard


class Listener:
    """Reads a stream, one event after the other."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> tuple[str, Any, str | None]:
        """Kind, data and id of the next event; comments are `comment`."""
        async with asyncio.timeout(10):
            text = (await self.answer.content.readuntil(b"\n\n")).decode()
        if text.startswith(":"):
            return "comment", text, None
        fields = dict(line.split(": ", 1) for line in text.rstrip("\n").split("\n"))
        return fields["event"], json.loads(fields["data"]), fields.get("id")

    async def ids(self, count: int) -> list[str]:
        """The ids of the next exchanges."""
        found: list[str] = []
        while len(found) < count:
            kind, data, _ = await self.next()
            if kind == "exchange":
                found.append(data["id"])
        return found

    async def ended(self) -> None:
        async with asyncio.timeout(10):
            await self.answer.content.read()


@asynccontextmanager
async def listening(here: Dashboard, query: str = "", **headers: str) -> AsyncIterator[Listener]:
    """After its first event a listener misses nothing."""
    url = f"{here.running.url}/api/events{query}"
    async with here.running.http.get(url, headers={**ADMIN, **headers}) as answer:
        assert (answer.status, answer.content_type) == (200, "text/event-stream")
        listener = Listener(answer)
        kind, condition, _ = await listener.next()
        assert (kind, condition["ok"], condition["problem"]) == ("ledger", True, "")
        yield listener


def record(here: Dashboard, count: int = 1, **more: Any) -> list[str]:
    made = [exchange(**more) for _ in range(count)]
    for each in made:
        here.ledger.record(each)
    return [each.id for each in made]


async def test_rows_are_told_as_they_are_written_with_their_numbers(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as here, listening(here) as listener:
        ids = record(here, 2)
        told = [await listener.next() for _ in range(2)]
        rows = (await here.logs())["rows"]
    assert [(kind, data["id"], id_) for kind, data, id_ in told] == [
        ("exchange", ids[0], "1"),
        ("exchange", ids[1], "2"),
    ]
    row = next(row for row in rows if row["id"] == ids[0])
    assert told[0][1] == {"seq": 1, **row}


async def test_every_listener_is_told_everything_once(tmp_path: Path) -> None:
    async with (
        dashboard(tmp_path) as here,
        listening(here) as one,
        listening(here) as two,
        listening(here) as three,
    ):
        ids = []
        for _ in range(5):
            ids += record(here, 7)
            await here.written()
        found = [await each.ids(35) for each in (one, two, three)]
    assert found == [ids] * 3


async def test_what_was_there_before_is_not_told(tmp_path: Path) -> None:
    async with (
        dashboard(tmp_path, exchanges=[exchange() for _ in range(3)]) as here,
        listening(here) as listener,
    ):
        ids = record(here)
        assert await listener.ids(1) == ids


@pytest.mark.parametrize("by_query", [False, True], ids=["header", "query"])
async def test_who_comes_back_is_told_what_it_missed_and_then_what_comes(
    tmp_path: Path, by_query: bool
) -> None:
    made = [exchange() for _ in range(6)]
    async with dashboard(tmp_path, exchanges=made) as here:
        query, headers = ("?after=4", {}) if by_query else ("", {"Last-Event-ID": "4"})
        async with listening(here, query, **headers) as listener:
            assert await listener.ids(2) == [each.id for each in made[4:]]
            ids = record(here, 2)
            assert await listener.ids(2) == ids


async def test_who_was_away_for_long_is_told_the_newest(tmp_path: Path) -> None:
    made = [exchange() for _ in range(520)]
    async with dashboard(tmp_path, exchanges=made) as here, listening(here, "?after=3") as listener:
        assert await listener.ids(500) == [each.id for each in made[20:]]
        ids = record(here)
        assert await listener.ids(1) == ids


@pytest.mark.parametrize("seen", ["7", "9" * 40], ids=["a few ahead", "a number beyond all bounds"])
async def test_who_knows_another_record_is_told_this_one(tmp_path: Path, seen: str) -> None:
    """A damaged record is set aside, and the numbers begin anew."""
    made = [exchange() for _ in range(3)]
    async with dashboard(tmp_path, exchanges=made) as here, listening(here, f"?after={seen}") as listener:
        assert await listener.ids(3) == [each.id for each in made]


@pytest.mark.parametrize("seen", ["", "x", "-1", "²", "1.5"])
async def test_a_number_that_is_none_is_ignored(tmp_path: Path, seen: str) -> None:
    async with (
        dashboard(tmp_path, exchanges=[exchange()]) as here,
        listening(here, f"?after={seen}") as listener,
    ):
        ids = record(here)
        assert await listener.ids(1) == ids


async def test_only_exchanges_of_clients_are_told(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as here, listening(here) as listener:
        record(here, origin=Origin.PROBE)
        ids = record(here)
        assert await listener.ids(1) == ids


async def test_a_quiet_stream_says_so_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "_QUIET_SECONDS", 0.05)
    async with dashboard(tmp_path) as here, listening(here) as listener:
        assert (await listener.next())[0] == "comment"
        ids = record(here)
        assert await listener.ids(1) == ids


async def test_trouble_with_the_record_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "_QUIET_SECONDS", 0.05)
    async with dashboard(tmp_path) as here, listening(here) as listener:
        await here.written()
        with closing(sqlite3.connect(tmp_path / "tierwise.db")) as another:
            another.execute("begin immediate")
            record(here)
            kind = ""
            while kind != "ledger":
                kind, condition, _ = await listener.next()
    assert condition["ok"] is False
    assert "locked" in condition["problem"]


async def test_a_question_that_fails_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, failed = events_module.ask, asyncio.Event()

    async def fails_once(ledger: Any, question: Any) -> Any:
        if not failed.is_set():
            failed.set()
            raise LedgerError("Locked.")
        return await real(ledger, question)

    monkeypatch.setattr(events_module, "ask", fails_once)
    async with dashboard(tmp_path) as here, listening(here) as listener:
        ids = record(here)
        await failed.wait()
        ids += record(here)
        assert await listener.ids(2) == ids


async def test_streams_end_when_the_gateway_stops_at_once(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as here, listening(here) as one, listening(here) as two:
        record(here)
        await one.ids(1)
        began = time.monotonic()
        await here.running.gateway.stop()
        took = time.monotonic() - began
        await one.ended()
        await two.ended()
    assert took < 1


def deaf(url: str) -> socket.socket:
    """A client that asks for the stream and never reads it."""
    parts = urlsplit(url)
    client = socket.create_connection((parts.hostname, parts.port))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.sendall(
        f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nx-tierwise-token: {ADMIN_TOKEN}\r\n\r\n".encode()
    )
    return client


async def test_who_does_not_read_costs_no_memory_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with dashboard(tmp_path, Config()) as here:
        client = await asyncio.to_thread(deaf, here.running.url)
        async with listening(here) as listener:
            for _ in range(3):
                record(here, 500)
                await here.written()
                await listener.ids(500)  # what comes in between beyond a page is not told
            tracemalloc.start()
            try:
                before, _ = tracemalloc.get_traced_memory()
                for _ in range(8):
                    record(here, 500)
                    await here.written()
                    await listener.ids(500)
                after, _ = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            rows = await here.ledger.ask(lambda connection: written(connection, 1, 4000))
            assert (
                after - before < len(json.dumps(rows)) / 4
            )  # what the others were told is several times as much
            began = time.monotonic()
            await here.running.gateway.stop()
            assert time.monotonic() - began < 1
        client.close()


async def test_who_has_gone_is_forgotten(tmp_path: Path) -> None:
    async with dashboard(tmp_path) as here:
        before = len(here.ledger._listeners)
        async with listening(here):
            assert len(here.ledger._listeners) == before + 1
        async with asyncio.timeout(5):
            while len(here.ledger._listeners) > before:  # noqa: ASYNC110 -- nobody is told of it
                await asyncio.sleep(0.01)
