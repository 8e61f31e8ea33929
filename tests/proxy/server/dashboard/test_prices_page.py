"""The page of prices: what is known, what is missing, and a price that is set."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp.test_utils import TestServer

from proxy.config import Config
from proxy.exchange import new_id
from proxy.ledger.ledger import Ledger
from proxy.ledger.repricing import Repricing
from proxy.server.admin import Reloaded
from proxy.server.application import build
from proxy.server.dashboard.prices_page import endpoints
from proxy.server.openapi import describe
from proxy.wire.canonical import Usage
from tests.proxy.gateway_fixture import ADMIN_TOKEN, CLIENT_TOKEN, KnownTokens
from tests.proxy.ledger.made import NOW, attempt, catalogue, config_of, exchange, filled

RENTED = "openai/rented/qwen"
TIERS = {"SIMPLE": {"services": [{"provider": "openai", "model": "rented/qwen"}]}}


@dataclass
class Keeping:
    """The program around the page: its configuration is the file."""

    config: Config
    ledger: Ledger
    repricing: Repricing
    refuses: bool = False
    told: list[tuple[str, Mapping[str, float]]] = field(default_factory=list)

    async def set_price(self, service: str, prices: Mapping[str, float]) -> Reloaded:
        self.told.append((service, prices))
        if self.refuses:
            return Reloaded(applied=False, config_version="v", problems=["it is wrong"], notices=[])
        kept = {name: each for name, each in self.config.prices.items() if name != service}
        given = {service: msgspec.to_builtins(prices)} if prices else {}
        self.config = config_of(tiers=TIERS, prices={**msgspec.to_builtins(kept), **given})
        self.ledger.reconfigured(self.config)
        self.repricing.begin(self.config)
        return Reloaded(applied=True, config_version="v", problems=[], notices=[])


@dataclass
class Page:
    http: aiohttp.ClientSession
    url: str
    keeping: Keeping

    async def ask(
        self, method: str, path: str, body: bytes | None = None, token: str = ADMIN_TOKEN
    ) -> tuple[int, Any]:
        headers = {"x-tierwise-token": token}
        async with self.http.request(method, self.url + path, data=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def put(self, service: str, **prices: Any) -> tuple[int, Any]:
        return await self.ask("PUT", f"/api/prices/{service}", msgspec.json.encode(prices))


@asynccontextmanager
async def page(path: Path) -> AsyncIterator[Page]:
    config = config_of(tiers=TIERS)
    ledger = Ledger(path, path.parent, config)
    ledger.start()
    repricing = Repricing(ledger.change, lambda: ledger.catalogue)
    repricing.begin(config)
    await repricing.ended()
    keeping = Keeping(config, ledger, repricing)
    table = endpoints(lambda: keeping.config, ledger, repricing, keeping, lambda: NOW)  # type: ignore[arg-type]  # of the program only this is asked
    server = TestServer(build(table, KnownTokens(), lambda: keeping.config, new_id))
    try:
        async with server, aiohttp.ClientSession() as http:
            yield Page(http, str(server.make_url("")).rstrip("/"), keeping)
    finally:
        await repricing.stop()
        await ledger.stop()


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """Three exchanges, of which one has no price, and nothing to be compared with for another one."""
    rented = attempt(RENTED, usage=Usage(input=1_000_000, output=0))
    exchanges = [exchange(), exchange(rented), exchange(requested_model="auto")]
    return filled(tmp_path / "tierwise.db", exchanges, config_of(tiers=TIERS))


async def test_services_are_listed_with_their_prices_and_whose_word_they_are(record: Path) -> None:
    async with page(record) as asked:
        await asked.put("anthropic/claude-haiku-4-5", input=9)
        status, answer = await asked.ask("GET", "/api/prices")
    assert status == 200
    assert (answer["date"], answer["licence"]) == (catalogue().date, catalogue().licence)
    assert answer["source"] == catalogue().origin
    assert answer["services"] == [
        {"service": RENTED, "prices": None, "steps": {}, "source": "unpriced", "id": ""},
        {
            "service": "anthropic/claude-haiku-4-5",
            "prices": {
                "input": 9.0,
                "output": 5.0,
                "cache_read": 0.1,
                "cache_write": 1.25,
                "cache_write_1h": 2.0,
            },
            "steps": {},
            "source": "user",
            "id": "anthropic/claude-haiku-4-5",
        },
    ]


async def test_what_has_no_price_and_what_cannot_be_compared_is_listed(record: Path) -> None:
    async with page(record) as asked:
        _, answer = await asked.ask("GET", "/api/prices")
    ((service, requests, tokens),) = [
        (each["service"], each["requests"], each["tokens"]) for each in answer["unpriced"]
    ]
    assert (service, requests, tokens) == (RENTED, 1, 1_000_000)
    assert answer["uncompared"] == [{"requested": "auto", "requests": 1}]
    assert answer["repricing"] is None


async def test_prices_are_listed_where_there_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "tierwise.db").mkdir()
    config = config_of(tiers=TIERS)
    ledger = Ledger(tmp_path / "tierwise.db", tmp_path, config)
    repricing = Repricing(ledger.change, lambda: ledger.catalogue)
    table = endpoints(lambda: config, ledger, repricing, Keeping(config, ledger, repricing))  # type: ignore[arg-type]  # of the program only this is asked
    async with (
        TestServer(build(table, KnownTokens(), lambda: config, new_id)) as server,
        aiohttp.ClientSession() as http,
    ):
        asked = Page(http, str(server.make_url("")).rstrip("/"), Keeping(config, ledger, repricing))
        status, answer = await asked.ask("GET", "/api/prices")
    assert status == 200
    assert [each["service"] for each in answer["services"]] == [RENTED]
    assert answer["unpriced"]["error"] == "ledger"


async def test_a_price_that_is_set_prices_the_record_anew(record: Path) -> None:
    async with page(record) as asked:
        status, answer = await asked.put(RENTED, input=2, output=4.5)
        assert status == 200
        assert answer == {
            "service": RENTED,
            "prices": {"input": 2.0, "output": 4.5},
            "repricing": {"total": 3},
        }
        await asked.keeping.repricing.ended()
        _, listed = await asked.ask("GET", "/api/prices")
        assert listed["unpriced"] == []
        spent = (
            "select sum(cost) from exchanges where price_source in (select id from words where word = 'user')"
        )
        ((cost,),) = await asked.keeping.ledger.ask(lambda connection: connection.execute(spent).fetchall())
    assert cost == 2_000_000_000
    assert asked.keeping.told == [(RENTED, {"input": 2.0, "output": 4.5})]


@pytest.mark.parametrize("take_back", ["PUT", "DELETE"])
async def test_a_price_is_taken_back(record: Path, take_back: str) -> None:
    async with page(record) as asked:
        await asked.put(RENTED, input=2, output=4)
        status, answer = await asked.ask(
            take_back, f"/api/prices/{RENTED}", b"{}" if take_back == "PUT" else None
        )
        await asked.keeping.repricing.ended()
        _, listed = await asked.ask("GET", "/api/prices")
    assert status == 200
    assert answer == {"service": RENTED, "prices": {}, "repricing": {"total": 3}}
    assert [each["service"] for each in listed["unpriced"]] == [RENTED]


async def test_the_same_price_again_changes_nothing(record: Path) -> None:
    async with page(record) as asked:
        await asked.put(RENTED, input=2)
        await asked.keeping.repricing.ended()
        _, answer = await asked.put(RENTED, input=2)
    assert answer["repricing"] == {"total": 0}


@pytest.mark.parametrize(
    ("service", "body", "status", "said"),
    [
        ("nobody/model", b"{}", 404, "No provider is called nobody"),
        ("openai", b'{"input": 1}', 400, "provider/model"),
        (RENTED, b'{"input": -1}', 400, "from 0 to 1000000"),
        (RENTED, b'{"input": 1e300}', 400, "from 0 to 1000000"),
        (RENTED, b'{"input": "1"}', 400, "$.input"),
        (RENTED, b'{"input": null, "inputs": 1}', 400, "inputs"),
        (RENTED, b"[]", 400, "JSON object"),
        (RENTED, b"", 400, "JSON object"),
        (RENTED, b"\xff", 400, "JSON object"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    record: Path, service: str, body: bytes, status: int, said: str
) -> None:
    async with page(record) as asked:
        answered, answer = await asked.ask("PUT", f"/api/prices/{service}", body)
    assert answered == status
    assert said in answer["error"]["message"]
    assert asked.keeping.told == []


async def test_a_price_that_is_not_set_cannot_be_taken_back(record: Path) -> None:
    async with page(record) as asked:
        status, answer = await asked.ask("DELETE", f"/api/prices/{RENTED}")
    assert status == 404
    assert RENTED in answer["error"]["message"]


async def test_a_file_that_cannot_be_edited_is_told_with_its_problems(record: Path) -> None:
    async with page(record) as asked:
        asked.keeping.refuses = True
        status, answer = await asked.put(RENTED, input=1)
    assert status == 422
    assert answer["problems"] == ["it is wrong"]


async def test_a_clients_token_does_not_open_it(record: Path) -> None:
    async with page(record) as asked:
        assert (await asked.ask("GET", "/api/prices", token=CLIENT_TOKEN))[0] == 401
        assert (await asked.ask("PUT", f"/api/prices/{RENTED}", b"{}", token=CLIENT_TOKEN))[0] == 401


def test_it_is_described(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "tierwise.db", tmp_path, config_of())
    repricing = Repricing(ledger.change, lambda: ledger.catalogue)
    table = endpoints(config_of, ledger, repricing, Keeping(config_of(), ledger, repricing))  # type: ignore[arg-type]  # of the program only this is asked
    paths = describe(table, "1")["paths"]
    assert sorted(paths["/api/prices/{service}"]) == ["delete", "put"]
    assert "input" in str(paths["/api/prices/{service}"]["put"]["requestBody"])
