"""Questions to a place: harmless, few and short, whatever answers there."""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from proxy.local.asking import Asker, GoneError, MuteError, Reply, asking_session
from proxy.local.place import IPV4, Place
from tests.fakes.local import decoys, sockets
from tests.fakes.local.decoys import SaysAlways, says_json
from tests.fakes.local.server import Asked
from tests.fakes.local.vllm import FakeVllm
from tests.proxy.local.places import deserted, place_of

STALLING = [sockets.never_answers, sockets.answers_half, sockets.drips_its_body, sockets.drips_its_head]
LARGEST = 512 * 1024


@asynccontextmanager
async def asking(place: Place) -> AsyncIterator[Asker]:
    async with asking_session() as session:
        yield Asker(session, place)


async def test_a_question_is_a_get_without_anything_that_tells_of_us() -> None:
    async with FakeVllm().running() as server, asking(place_of(server)) as asker:
        reply = await asker.get("/version")

    [asked] = server.seen
    assert reply.is_good
    assert (asked.line, asked.content) == ("GET /version", b"")
    assert asked.headers["host"] == f"{IPV4}:{server.port}"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["user-agent"].startswith("tierwise/")
    assert {name.lower() for name in asked.headers} == {
        "host",
        "accept",
        "accept-encoding",
        "user-agent",
        "connection",
    }


async def test_the_same_is_asked_only_once() -> None:
    async with FakeVllm().running() as server, asking(place_of(server)) as asker:
        replies = [await asker.get("/version") for _ in range(3)]

    assert len(server.seen) == 1
    assert replies == [replies[0]] * 3


async def test_neither_the_environments_proxy_nor_its_passwords_are_used(
    monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    (own_home / ".netrc").write_text(f"machine {IPV4} login me password secret\n")
    async with SaysAlways().running() as proxy, FakeVllm().running() as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        async with asking(place_of(server)) as asker:
            assert (await asker.get("/version")).is_good

    assert proxy.seen == []
    assert server.was_only_looked_at


async def test_cookies_are_not_taken_along() -> None:
    server = says_json({}, extra={"set-cookie": "tracked=yes; path=/"})
    async with server.running(), asking(place_of(server)) as asker:
        await asker.get("/a")
        await asker.get("/b")

    assert all("cookie" not in each.headers for each in server.seen)


async def test_nobody_goes_where_they_are_sent() -> None:
    elsewhere = FakeVllm()
    server = decoys.Redirecting(elsewhere=elsewhere)
    async with server.running(), asking(place_of(server)) as asker:
        reply = await asker.get("/version")

    assert reply.status == 307
    assert not reply.object
    assert elsewhere.seen == []


async def test_connections_do_not_stay_open() -> None:
    class Counting(SaysAlways):
        async def otherwise(self, asked: Asked) -> web.StreamResponse:
            transports.append(asked.request.transport)
            return await super().otherwise(asked)

    transports: list[asyncio.BaseTransport | None] = []
    server = Counting()
    async with server.running(), asking(place_of(server)) as asker:
        await asker.get("/a")
        await asker.get("/b")

    assert len({id(each) for each in transports}) == 2


# Sizes and depths


@pytest.mark.parametrize("make", [decoys.large, decoys.bomb, decoys.deep], ids=lambda make: make.__name__)
async def test_of_an_awful_answer_no_more_than_a_part_is_read(make: Callable[[], SaysAlways]) -> None:
    async with make().running() as server, asking(place_of(server)) as asker:
        reply = await asker.get("/v1/models")

    assert len(reply.body) <= LARGEST + 16 * 1024
    assert reply.json is None
    assert reply.object == {}


@pytest.mark.parametrize(
    ("status", "body", "told", "text"),
    [
        (200, b'{"a": 1}', {"a": 1}, '{"a": 1}'),
        (404, b'{"a": 1}', {}, ""),
        (200, b"[1]", {}, "[1]"),
        (200, b"", {}, ""),
        (200, b" \xff Ollama ", {}, "� Ollama"),
        (200, b'{"a": \xff}', {}, '{"a": �}'),
        (200, b'{"a": ' * 50_000, {}, None),
        (200, b'{"a": 1} x', {}, '{"a": 1} x'),
    ],
)
def test_what_cannot_be_read_tells_nothing(
    status: int, body: bytes, told: dict[str, int], text: str | None
) -> None:
    reply = Reply(status, {}, body)

    assert reply.object == told
    assert text is None or reply.text == text


def test_an_answer_is_not_shown_with_its_body() -> None:
    assert "secret" not in repr(Reply(200, {}, b"secret"))


# Those who do not answer


async def test_where_nobody_listens_it_makes_no_sense_to_go_on() -> None:
    async with asking(deserted()) as asker:
        with pytest.raises(GoneError):
            await asker.get("/")

    assert not asker.is_slow


@pytest.mark.parametrize("treat", sockets.BROKEN, ids=lambda treat: treat.__name__)
async def test_who_speaks_no_http_is_asked_twice_and_no_more(treat: sockets.Treatment) -> None:
    async with sockets.RawSocket(treat=treat).running() as server, asking(place_of(server)) as asker:
        assert (await asker.get("/a")).status == 0
        with pytest.raises(MuteError):
            await asker.get("/b")

    assert not asker.is_slow


@pytest.mark.parametrize("treat", STALLING, ids=lambda treat: treat.__name__)
async def test_who_stalls_may_be_busy_and_is_not_waited_for(treat: sockets.Treatment) -> None:
    async with sockets.RawSocket(treat=treat).running() as server, asking(place_of(server)) as asker:
        async with asyncio.timeout(5):
            assert (await asker.get("/a")).status == 0

    assert asker.is_slow


async def test_one_answer_that_fails_is_made_good_by_the_next() -> None:
    class EveryThird(FakeVllm):
        """What was asked in vain is asked again, as HTTP has it, before it counts."""

        async def before(self, asked: Asked) -> web.StreamResponse | None:
            if len(self.seen) % 3 and asked.request.transport is not None:
                asked.request.transport.abort()
            return None

    async with EveryThird().running() as server, asking(place_of(server)) as asker:
        statuses = [(await asker.get(f"/version?{number}")).status for number in range(6)]

    assert statuses == [0, 200, 0, 200, 0, 200]


async def test_somebody_who_is_not_trusted_is_somebody() -> None:
    """A server behind a certificate of its own is asked by whoever has it, and is not gone for that."""
    async with FakeVllm().running() as server, asking(place_of(server, "https")) as asker:
        assert (await asker.get("/a")).status == 0
        with pytest.raises(MuteError):
            await asker.get("/b")


@pytest.mark.parametrize(
    ("error", "is_gone"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), True),
        (OSError(errno.ENETUNREACH, "unreachable"), True),
        (OSError(errno.EMFILE, "too many open files"), False),
    ],
)
async def test_that_we_cannot_open_a_socket_does_not_mean_that_nobody_is_there(
    error: OSError, is_gone: bool
) -> None:
    key = aiohttp.client_reqrep.ConnectionKey(IPV4, 1, False, True, None, None, None)

    class Failing(aiohttp.TCPConnector):
        async def connect(self, *_args: object, **_kwargs: object) -> aiohttp.connector.Connection:
            raise aiohttp.ClientConnectorError(key, error)

    async with aiohttp.ClientSession(connector=Failing()) as session:
        asker = Asker(session, Place(IPV4, 1))
        try:
            await asker.get("/")
        except GoneError:
            assert is_gone
        else:
            assert not is_gone
            assert asker.is_slow
