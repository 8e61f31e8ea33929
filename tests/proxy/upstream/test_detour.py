"""Proxies on the way to a provider: they are used, and their refusals are told as theirs."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from proxy.config import ProviderConfig
from proxy.upstream.connections import Connections
from proxy.upstream.detour import detour
from proxy.upstream.way import Way
from proxy.wire.failure import Failure, FailureKind
from tests.fakes.authority import Authority
from tests.fakes.bare import OK, Bare, Guest, bare
from tests.fakes.tunnel import Tunnel, http_proxy, socks_proxy

USER, PASSWORD = "anna", "s3cr3t%40word"
PLAIN_PASSWORD = "s3cr3t@word"


@asynccontextmanager
async def way_through(proxy: str, url: str, ca_file: str = "") -> AsyncIterator[Way]:
    connections = Connections()
    try:
        yield await connections.way("work", ProviderConfig(base_url=url, proxy=proxy, ca_file=ca_file))
    finally:
        await connections.close()


async def asked(way: Way, url: str) -> bytes:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
    answer = await way.request("POST", url, data=b"{}", headers=[("x-api-key", "k")], timeout=timeout)
    try:
        return await answer.read()
    finally:
        answer.release()


async def refused(proxy: str, url: str) -> Failure:
    async with way_through(proxy, url) as way:
        with pytest.raises(Failure) as raised:
            await asked(way, url)
    failure = raised.value
    assert "provider work" in failure.sentence
    assert PASSWORD not in repr(failure) + failure.sentence
    assert failure.__context__ is None or failure.__suppress_context__
    return failure


@asynccontextmanager
async def http_tunnel(tmp_path: Path) -> AsyncIterator[Tunnel]:
    async with http_proxy(USER, PLAIN_PASSWORD) as tunnel:
        yield tunnel


@asynccontextmanager
async def socks_tunnel(tmp_path: Path) -> AsyncIterator[Tunnel]:
    async with socks_proxy(USER, PLAIN_PASSWORD) as tunnel:
        yield tunnel


@pytest.mark.parametrize("kind", [http_tunnel, socks_tunnel])
async def test_an_encrypted_provider_is_reached_by_its_name_which_the_proxy_looks_up(
    kind: type, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    async with bare(tls=authority.server("vendor.test")) as server, kind(tmp_path) as tunnel:
        url = f"https://vendor.test:{server.port}"
        async with way_through(tunnel.url(USER, PASSWORD), url, str(authority.file)) as way:
            assert [await asked(way, url) for _ in range(3)] == [b"ok"] * 3
        assert tunnel.destinations == [f"vendor.test:{server.port}"]
        assert b"proxy-authorization" not in server.requests[0].lower()


async def test_a_proxy_may_be_encrypted_itself(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    async with (
        bare(tls=authority.server("vendor.test")) as server,
        http_proxy(USER, PLAIN_PASSWORD, tls=authority.server("localhost")) as tunnel,
    ):
        url = f"https://vendor.test:{server.port}"
        proxy = tunnel.url(USER, PASSWORD, host="localhost")
        async with way_through(proxy, url, str(authority.file)) as way:
            assert await asked(way, url) == b"ok"
        assert tunnel.destinations == [f"vendor.test:{server.port}"]


@pytest.mark.parametrize("kind", [http_tunnel, socks_tunnel])
async def test_a_provider_without_encryption_is_reached_as_well(kind: type, tmp_path: Path) -> None:
    async with bare() as server, kind(tmp_path) as tunnel:
        url = f"http://vendor.test:{server.port}/v1"
        async with way_through(tunnel.url(USER, PASSWORD), url) as way:
            assert [await asked(way, url) for _ in range(3)] == [b"ok"] * 3
        assert tunnel.server.connections == 1
        assert set(tunnel.destinations) == {f"vendor.test:{server.port}"}


@pytest.mark.parametrize("kind", [http_tunnel, socks_tunnel])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("user", ["", "anna"])
async def test_a_wrong_password_is_told_with_the_key_to_change(
    kind: type, scheme: str, user: str, tmp_path: Path
) -> None:
    async with kind(tmp_path) as tunnel:
        failure = await refused(tunnel.url(user, "wrong"), f"{scheme}://vendor.test:1")
        assert failure.kind is FailureKind.CONNECTION
        assert "user and password in `proxy` under [providers.work]" in failure.sentence
        assert tunnel.destinations == []


async def test_a_proxy_that_will_not_connect_is_told_with_its_status() -> None:
    async with http_proxy(USER, PLAIN_PASSWORD, refuses=403) as tunnel:
        failure = await refused(tunnel.url(USER, PASSWORD), "https://vendor.test:1")
        assert "status 403" in failure.sentence


@pytest.mark.parametrize(
    ("code", "why"),
    [(1, "gives no reason"), (2, "rules"), (4, "host cannot be reached"), (5, "refuses the connection")],
)
async def test_a_socks_proxy_that_cannot_connect_is_told_with_its_reason(code: int, why: str) -> None:
    async with socks_proxy(refuses=code) as tunnel:
        failure = await refused(tunnel.url(), "https://vendor.test:1")
        assert failure.kind is FailureKind.CONNECTION
        assert why in failure.sentence


async def test_a_socks_proxy_that_is_not_there_is_told_as_such() -> None:
    async with bare() as gone:
        port = gone.port
    failure = await refused(f"socks5://{USER}:{PASSWORD}@127.0.0.1:{port}", "https://vendor.test:1")
    assert "cannot be reached" in failure.sentence


async def test_a_http_proxy_that_is_not_there_shows_no_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with bare() as gone:
        port = gone.port
    url = "https://vendor.test:1"
    async with way_through(f"http://{USER}:{PASSWORD}@127.0.0.1:{port}", url) as way:
        with pytest.raises(aiohttp.ClientProxyConnectionError) as raised:
            await asked(way, url)
        shown = f"{raised.value} {raised.value!r} {raised.value.args} {way!r} {caplog.text}"
    assert PASSWORD not in shown
    assert PLAIN_PASSWORD not in shown


async def test_a_socks_proxy_that_never_answers_ends_in_time(tmp_path: Path) -> None:
    async def silent(server: Bare, guest: Guest) -> None:
        await guest.reader.read()

    async with bare(silent) as server:
        url = "https://vendor.test:1"
        async with way_through(f"socks5://127.0.0.1:{server.port}", url) as way:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=0.05)
            with pytest.raises(Failure) as raised:
                await way.request("POST", url, data=b"", headers=[], timeout=timeout)
    assert raised.value.kind is FailureKind.TIMEOUT


@pytest.mark.parametrize("kind", [http_tunnel, socks_tunnel])
async def test_a_provider_that_is_not_trusted_is_refused_behind_a_proxy_too(
    kind: type, tmp_path: Path
) -> None:
    async with bare(tls=Authority(tmp_path).server("vendor.test")) as server, kind(tmp_path) as tunnel:
        url = f"https://vendor.test:{server.port}"
        async with way_through(tunnel.url(USER, PASSWORD), url) as way:
            with pytest.raises((aiohttp.ClientConnectorCertificateError, Failure)) as raised:
                await asked(way, url)
        assert "certificate" in str(raised.value).lower()
        assert server.requests == []


async def test_a_connection_that_died_behind_a_proxy_may_be_repeated(tmp_path: Path) -> None:
    async def behaviour(server: Bare, guest: Guest) -> None:
        await guest.asked()
        await guest.says(OK)
        await guest.asked()

    authority = Authority(tmp_path)
    async with bare(behaviour, authority.server("vendor.test")) as server, http_proxy() as tunnel:
        url = f"https://vendor.test:{server.port}"
        async with way_through(tunnel.url(), url, str(authority.file)) as way:
            await asked(way, url)
            with pytest.raises(aiohttp.ClientError) as raised:
                await asked(way, url)
            assert way.died_unused(raised.value)
            assert await asked(way, url) == b"ok"


@pytest.mark.parametrize("kind", [http_tunnel, socks_tunnel])
async def test_what_a_provider_says_behind_a_tunnel_is_its_own(kind: type, tmp_path: Path) -> None:
    async def behaviour(server: Bare, guest: Guest) -> None:
        await guest.asked()
        await guest.says(b"HTTP/1.1 407 Odd\r\ncontent-length: 4\r\n\r\nodd.")

    authority = Authority(tmp_path)
    async with bare(behaviour, authority.server("vendor.test")) as server, kind(tmp_path) as tunnel:
        url = f"https://vendor.test:{server.port}"
        async with way_through(tunnel.url(USER, PASSWORD), url, str(authority.file)) as way:
            assert await asked(way, url) == b"odd."


@pytest.mark.parametrize(
    "proxy", ["http://", "ftp://h:1", "http://h:port", "http://a%3Ab:c@h:1", "http://[::1", "h:3128"]
)
def test_what_is_no_proxy_is_named_without_being_shown(proxy: str) -> None:
    with pytest.raises(Failure) as raised:
        detour("work", proxy)
    assert raised.value.kind is FailureKind.NO_SERVICE
    assert "[providers.work]" in raised.value.sentence
    assert proxy == "http://" or proxy not in raised.value.sentence


def test_no_proxy_is_no_detour() -> None:
    assert detour("work", "") is None


@pytest.mark.parametrize(
    ("proxy", "port"), [("http://h", 80), ("https://h", 443), ("socks5://h", 1080), ("http://h:3128", 3128)]
)
def test_a_proxy_without_a_port_has_the_usual_one(proxy: str, port: int) -> None:
    way = detour("work", proxy)
    assert way is not None
    assert way.port == port
