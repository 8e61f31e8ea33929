"""Connections to providers: kept while they are good, given up when they are not."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from proxy.config import ProviderConfig
from proxy.upstream.connections import Connections
from proxy.upstream.way import Way
from proxy.wire.failure import Failure, FailureKind
from tests.fakes.authority import Authority
from tests.fakes.bare import OK, Bare, Guest, bare

BEGUN = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf "


@asynccontextmanager
async def opened(clock: Any = None) -> AsyncIterator[Connections]:
    connections = Connections() if clock is None else Connections(clock)
    try:
        yield connections
    finally:
        await connections.close()


def at(server: Bare, **more: Any) -> ProviderConfig:
    return ProviderConfig(base_url=server.url, **more)


async def sent(way: Way, url: str, method: str = "POST") -> aiohttp.ClientResponse:
    timeout = aiohttp.ClientTimeout(total=None)
    return await way.request(method, url, data=b"{}", headers=[("x-api-key", "k")], timeout=timeout)


async def asked(way: Way, url: str) -> bytes:
    answer = await sent(way, url)
    try:
        return await answer.read()
    finally:
        answer.release()


async def test_hundreds_of_requests_share_one_connection() -> None:
    async with bare() as server, opened() as connections:
        for _ in range(300):
            way = await connections.way("p", at(server))
            assert await asked(way, server.url) == b"ok"
        assert len(server.requests) == 300
        assert server.connections == 1


async def test_nothing_is_added_to_a_request_but_what_http_needs() -> None:
    async with bare() as server, opened() as connections:
        await asked(await connections.way("p", at(server)), f"{server.url}/v1/messages?beta=true")
        head = server.requests[0].split(b"\r\n")
        assert head[0] == b"POST /v1/messages?beta=true HTTP/1.1"
        names = {line.partition(b":")[0].lower() for line in head[1:-2]}
        assert names == {b"host", b"x-api-key", b"content-length"}


async def test_requests_at_the_same_time_have_connections_of_their_own() -> None:
    together = asyncio.Barrier(50)

    async def behaviour(server: Bare, guest: Guest) -> None:
        await guest.asked()
        await together.wait()
        await guest.says(OK)

    async with bare(behaviour) as server, opened() as connections:
        way = await connections.way("p", at(server))
        assert await asyncio.gather(*(asked(way, server.url) for _ in range(50))) == [b"ok"] * 50
        assert server.connections == 50


async def test_ways_asked_for_at_once_are_one() -> None:
    async with bare() as server, opened() as connections:
        config = ProviderConfig(base_url=server.url.replace("http:", "https:"))
        ways = await asyncio.gather(*(connections.way("p", config) for _ in range(10)))
        assert len({id(way) for way in ways}) == 1


async def test_nobody_is_followed_to_another_address() -> None:
    async def behaviour(server: Bare, guest: Guest) -> None:
        server.requests.append(await guest.asked())
        moved = b"HTTP/1.1 307 Moved\r\nlocation: %s/there\r\ncontent-length: 0\r\n\r\n"
        await guest.says(moved % server.url.encode())

    async with bare(behaviour) as server, opened() as connections:
        answer = await sent(await connections.way("p", at(server)), server.url)
        answer.release()
        assert answer.status == 307
        assert len(server.requests) == 1


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with bare() as server, opened() as connections:
        assert await asked(await connections.way("p", at(server)), server.url) == b"ok"


@pytest.mark.parametrize(
    ("config", "seconds"),
    [
        (ProviderConfig(kind="llamacpp"), 4.0),
        (ProviderConfig(kind="ollama", base_url="http://192.168.1.20:11434"), 4.0),
        (ProviderConfig(base_url="https://localhost:8443"), 4.0),
        (ProviderConfig(kind="anthropic"), 50.0),
        (ProviderConfig(base_url="https://models.example.com/v1"), 50.0),
        (ProviderConfig(kind="anthropic", proxy="http://127.0.0.1:3128"), 50.0),
        (ProviderConfig(kind="anthropic", proxy="socks5://127.0.0.1:1080"), 50.0),
    ],
    ids=["local kind", "own server", "own server with TLS", "vendor", "elsewhere", "by proxy", "by SOCKS"],
)
async def test_idle_connections_are_given_up_before_the_other_side_does(
    config: ProviderConfig, seconds: float
) -> None:
    async with opened() as connections:
        lines = (await connections.way("p", config)).pool._current()
        assert isinstance(lines.session.connector, aiohttp.TCPConnector)
        assert lines.session.connector._keepalive_timeout == seconds


async def test_certificates_are_not_loaded_for_what_is_not_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    async def trust(provider: str, ca_file: str) -> ssl.SSLContext:
        pytest.fail("certificates were loaded")

    monkeypatch.setattr("proxy.upstream.connections.trust", trust)
    async with bare() as server, opened() as connections:
        assert await asked(await connections.way("p", at(server)), server.url) == b"ok"


class TestCertificates:
    async def test_a_server_is_trusted_by_the_authority_in_the_file(self, tmp_path: Path) -> None:
        authority = Authority(tmp_path)
        async with bare(tls=authority.server("localhost")) as server, opened() as connections:
            config = ProviderConfig(base_url=f"https://localhost:{server.port}", ca_file=str(authority.file))
            assert await asked(await connections.way("p", config), config.base_url) == b"ok"

    async def test_a_server_that_the_system_does_not_know_is_refused(self, tmp_path: Path) -> None:
        async with bare(tls=Authority(tmp_path).server("localhost")) as server, opened() as connections:
            config = ProviderConfig(base_url=f"https://localhost:{server.port}")
            way = await connections.way("p", config)
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await sent(way, config.base_url)
            assert server.requests == []

    async def test_a_server_of_another_name_is_refused(self, tmp_path: Path) -> None:
        authority = Authority(tmp_path)
        async with bare(tls=authority.server("elsewhere.test")) as server, opened() as connections:
            config = ProviderConfig(base_url=f"https://localhost:{server.port}", ca_file=str(authority.file))
            way = await connections.way("p", config)
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await sent(way, config.base_url)

    async def test_a_file_that_is_mended_works_without_a_restart(self, tmp_path: Path) -> None:
        async with opened() as connections:
            config = ProviderConfig(base_url="https://localhost:1", ca_file=str(tmp_path / "authority.pem"))
            with pytest.raises(Failure) as raised:
                await connections.way("work", config)
            assert raised.value.kind is FailureKind.NO_SERVICE
            Authority(tmp_path)
            await connections.way("work", config)


class TestDeadConnections:
    """A connection that died while nobody used it fails the next request, which may be repeated."""

    @staticmethod
    async def after_reading(server: Bare, guest: Guest) -> None:
        await guest.asked()
        await guest.says(OK)
        await guest.asked()

    @staticmethod
    async def before_reading(server: Bare, guest: Guest) -> None:
        await guest.asked()
        await guest.says(OK)
        await guest.reader.readexactly(1)
        guest.writer.transport.abort()

    @pytest.mark.parametrize("how", ["before_reading", "after_reading"])
    async def test_a_request_on_one_may_be_repeated(self, how: str) -> None:
        async with bare(getattr(self, how)) as server, opened() as connections:
            way = await connections.way("p", at(server))
            await asked(way, server.url)
            with pytest.raises((aiohttp.ClientError, ConnectionError)) as raised:
                await sent(way, server.url)
            assert way.died_unused(raised.value)
            assert await asked(way, server.url) == b"ok"
            assert server.connections == 2

    async def test_where_one_was_dead_no_other_is_used_any_more(self) -> None:
        together = asyncio.Barrier(5)

        async def behaviour(server: Bare, guest: Guest) -> None:
            await guest.asked()
            if server.connections <= 5:
                await together.wait()
            await guest.says(OK)
            await guest.reader.readexactly(1)
            guest.writer.transport.abort()

        async with bare(behaviour) as server, opened() as connections:
            way = await connections.way("p", at(server))
            await asyncio.gather(*(asked(way, server.url) for _ in range(5)))
            with pytest.raises((aiohttp.ClientError, ConnectionError)):
                await sent(way, server.url)
            assert await asked(way, server.url) == b"ok"

    async def test_those_in_use_beside_a_dead_one_go_on(self) -> None:
        may_end = asyncio.Event()

        async def behaviour(server: Bare, guest: Guest) -> None:
            if b"/long" in await guest.asked():
                await guest.says(BEGUN)
                await may_end.wait()
                await guest.says(b"done.")
                return
            await guest.says(OK)
            await guest.asked()

        async with bare(behaviour) as server, opened() as connections:
            way = await connections.way("p", at(server))
            long = await sent(way, f"{server.url}/long")
            await asked(way, server.url)
            with pytest.raises(aiohttp.ClientError):
                await sent(way, server.url)
            may_end.set()
            assert await long.read() == b"half done."
            long.release()

    async def test_a_new_connection_that_dies_is_the_providers_failure(self) -> None:
        async def behaviour(server: Bare, guest: Guest) -> None:
            await guest.asked()

        async with bare(behaviour) as server, opened() as connections:
            way = await connections.way("p", at(server))
            with pytest.raises(aiohttp.ServerDisconnectedError) as raised:
                await sent(way, server.url)
            assert not way.died_unused(raised.value)

    async def test_a_server_that_is_gone_is_the_providers_failure(self) -> None:
        async with bare() as server, opened() as connections:
            way = await connections.way("p", at(server))
            async with bare() as gone:
                url = gone.url
            with pytest.raises(aiohttp.ClientConnectorError) as raised:
                await sent(way, url)
            assert not way.died_unused(raised.value)

    @pytest.mark.parametrize("begun", [b"H", b"HTTP/1.1 200 OK\r\nconte", BEGUN[:-7]])
    async def test_after_the_first_byte_of_an_answer_nothing_is_repeated(self, begun: bytes) -> None:
        async def behaviour(server: Bare, guest: Guest) -> None:
            await guest.asked()
            await guest.says(OK)
            await guest.asked()
            await guest.says(begun)

        async with bare(behaviour) as server, opened() as connections:
            way = await connections.way("p", at(server))
            await asked(way, server.url)
            with pytest.raises(aiohttp.ClientError) as raised:
                await sent(way, server.url)
            assert not way.died_unused(raised.value)

    async def test_what_dies_late_may_have_been_worked_on(self) -> None:
        now = [0.0]

        async def behaviour(server: Bare, guest: Guest) -> None:
            await guest.asked()
            await guest.says(OK)
            await guest.asked()
            now[0] += 60.0

        async with bare(behaviour) as server, opened(lambda: now[0]) as connections:
            way = await connections.way("p", at(server))
            await asked(way, server.url)
            with pytest.raises(aiohttp.ServerDisconnectedError) as raised:
                await sent(way, server.url)
            assert not way.died_unused(raised.value)


class TestReloading:
    async def test_a_way_that_stays_keeps_its_connection(self) -> None:
        async with bare() as server, opened() as connections:
            await asked(await connections.way("p", at(server)), server.url)
            changed = at(server, key="none", max_concurrency=3, headers={"x-team": "a"})
            await connections.forget({"p": changed})
            await asked(await connections.way("p", changed), server.url)
            assert server.connections == 1

    @pytest.mark.parametrize("change", ["gone", "by another proxy", "other certificates"])
    async def test_a_way_that_nobody_goes_any_more_is_closed(self, change: str, tmp_path: Path) -> None:
        file = str(Authority(tmp_path).file)
        async with bare() as server, bare() as other, opened() as connections:
            await asked(await connections.way("p", at(server)), server.url)
            await asked(await connections.way("q", at(other)), other.url)
            changed = {
                "gone": {},
                "by another proxy": {"p": at(server, proxy="http://127.0.0.1:9")},
                "other certificates": {"p": at(server, ca_file=file)},
            }[change]
            await connections.forget({**changed, "q": at(other)})
            await server.nobody_left.wait()
            await asked(await connections.way("q", at(other)), other.url)
            assert other.connections == 1

    async def test_a_request_under_way_ends_as_it_began(self) -> None:
        may_end = asyncio.Event()

        async def behaviour(server: Bare, guest: Guest) -> None:
            await guest.asked()
            await guest.says(BEGUN)
            await may_end.wait()
            await guest.says(b"done.")
            await guest.asked()

        async with bare(behaviour) as server, opened() as connections:
            answer = await sent(await connections.way("p", at(server)), server.url)
            await connections.forget({})
            may_end.set()
            assert await answer.read() == b"half done."
            answer.release()
            await server.nobody_left.wait()

    async def test_a_request_that_got_its_way_just_before_is_still_made(self) -> None:
        async with bare() as server, opened() as connections:
            way = await connections.way("p", at(server))
            await connections.forget({})
            assert await asked(way, server.url) == b"ok"
            await server.nobody_left.wait()

    async def test_a_way_that_comes_back_is_made_anew(self) -> None:
        async with bare() as server, opened() as connections:
            await asked(await connections.way("p", at(server)), server.url)
            await connections.forget({})
            assert await asked(await connections.way("p", at(server)), server.url) == b"ok"
            assert server.connections == 2

    async def test_pools_that_are_closed_are_not_kept(self) -> None:
        async with bare() as server, opened() as connections:
            for _ in range(5):
                await asked(await connections.way("p", at(server)), server.url)
                await connections.forget({})
                await server.nobody_left.wait()
            assert len(connections._leaving) <= 2


async def test_closing_ends_what_is_open() -> None:
    async def behaviour(server: Bare, guest: Guest) -> None:
        await guest.asked()
        await guest.says(BEGUN)
        await guest.asked()

    async with bare(behaviour) as server:
        connections = Connections()
        answer = await sent(await connections.way("p", at(server)), server.url)
        await connections.close()
        await server.nobody_left.wait()
        answer.close()
