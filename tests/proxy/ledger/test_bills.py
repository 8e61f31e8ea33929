"""The record against the vendors' bills: every surface, every format, whole and streamed, to the token."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.ledger.ledger import Ledger
from proxy.ledger.queries.logs import LogFilters, exchange, logs
from proxy.ledger.queries.usage import usage
from tests.fakes.faults import overloaded
from tests.fakes.script import Billed, Turn
from tests.fakes.server import AnyScript, FakeLlm, fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import Running, running_gateway
from tests.proxy.matrix.cell import KEY
from tests.proxy.matrix.columns import COLUMNS, Column

BILL = Billed(input=1200, cache_read=30_000, cache_write=800, output=640, reasoning=200)
ANSWER = Turn("Hello", usage=BILL)

_HELLO = [{"role": "user", "content": "Hello"}]
SURFACES: dict[str, tuple[str, dict[str, Any]]] = {
    "messages": ("/v1/messages", {"model": "auto", "max_tokens": 100, "messages": _HELLO}),
    "chat": ("/v1/chat/completions", {"model": "auto", "messages": _HELLO}),
    "responses": ("/v1/responses", {"model": "auto", "input": "Hello"}),
    "gemini": (
        "/v1beta/models/auto:{}",
        {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]},
    ),
}


async def ask(running: Running, surface: str, *, streamed: bool, **headers: str) -> None:
    path, body = SURFACES[surface]
    if surface == "gemini":
        path = path.format("streamGenerateContent?alt=sse" if streamed else "generateContent")
    elif streamed:
        body = {**body, "stream": True}
    async with running.post(path, json.dumps(body).encode(), **headers) as answer:
        await answer.read()


@asynccontextmanager
async def recording(
    tmp_path: Path, column: Column, *scripts: AnyScript
) -> AsyncIterator[tuple[Running, list[FakeLlm], Ledger]]:
    """A gateway with a real ledger before as many providers as there are scripts, asked in this order."""
    async with AsyncExitStack() as stack:
        fakes = [
            await stack.enter_async_context(fake_llm(column.format, script, key=KEY)) for script in scripts
        ]
        names = [f"p{n}" for n in range(len(fakes))]
        tables = {
            name: {"kind": column.kind, "base_url": fake.base_url, "key": "keyring", **column.settings}
            for name, fake in zip(names, fakes, strict=True)
        }
        services = [{"provider": name, "model": column.model} for name in names]
        price = {"input": 1.0, "output": 10.0, "cache_read": 0.1, "cache_write": 2.0}
        config = configured(
            providers=tables,
            tiers={"COMPLEX": {"services": services}},
            prices={f"{name}/{column.model}": price for name in names},
        )
        ledger = Ledger(tmp_path / "tierwise.db", tmp_path, config)
        ledger.start()
        stack.push_async_callback(ledger.stop)
        secrets = {f"provider/{name}": KEY for name in names}
        running = await stack.enter_async_context(running_gateway(config, secrets, ledger=ledger))
        yield running, fakes, ledger


async def totals(ledger: Ledger) -> dict[str, Any]:
    answer = await ledger.ask(lambda connection: usage(connection, "1d", time.time()))
    whole: dict[str, Any] = answer["totals"]
    return whole


def counted(told: Billed) -> dict[str, int]:
    return {
        "input_tokens": told.input,
        "cache_read_tokens": told.cache_read,
        "cache_write_tokens": told.cache_write,
        "output_tokens": told.output,
        "reasoning_tokens": told.reasoning,
    }


def cost(told: Billed) -> float:
    """At the prices of `recording`, worked out anew."""
    return (told.input * 1 + told.cache_read * 0.1 + told.cache_write * 2 + told.output * 10) / 1_000_000


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.format.value)
async def test_what_is_billed_is_recorded(
    tmp_path: Path, column: Column, surface: str, streamed: bool
) -> None:
    async with recording(tmp_path, column, ANSWER) as (running, (fake,), ledger):
        await ask(running, surface, streamed=streamed)
        told = column.told(fake.billed[column.model])
        sums = await totals(ledger)
    assert told.output == BILL.output
    assert {name: sums[name] for name in counted(told)} == counted(told)
    assert sums["requests"] == sums["priced"] == 1
    assert sums["cost_usd"] == pytest.approx(cost(told), abs=1e-9)


async def test_a_failover_is_one_request_and_only_what_was_billed_costs(tmp_path: Path) -> None:
    column = COLUMNS[0]
    async with recording(tmp_path, column, overloaded(), ANSWER) as (running, fakes, ledger):
        await ask(running, "messages", streamed=True)
        sums = await totals(ledger)
        page = await ledger.ask(lambda connection: logs(connection, LogFilters(), 10))
        row = page["rows"][0]
        whole = await ledger.ask(lambda connection: exchange(connection, row["id"]))
    assert fakes[0].billed == {}
    assert (sums["requests"], sums["errors"], sums["fallbacks"], sums["retries"]) == (1, 0, 1, 1)
    assert sums["cost_usd"] == pytest.approx(cost(BILL), abs=1e-9)
    assert whole is not None
    assert [each["outcome"] for each in whole["attempts"]] == ["failed", "answered"]
    assert [each["serves"] for each in whole["attempts"]] == [False, True]
    assert row["service"] == f"p1/{column.model}"


async def test_a_request_that_nobody_answers_is_an_error_that_costs_nothing(tmp_path: Path) -> None:
    async with recording(tmp_path, COLUMNS[0], overloaded()) as (running, _, ledger):
        await ask(running, "messages", streamed=False)
        sums = await totals(ledger)
    assert (sums["requests"], sums["errors"], sums["cost_usd"]) == (1, 1, 0.0)
    assert sums["uncounted"] == 0


async def test_probes_are_in_no_number(tmp_path: Path) -> None:
    column = COLUMNS[0]
    async with recording(tmp_path, column, ANSWER) as (running, _, ledger):
        await ask(running, "messages", streamed=False, x_tierwise_service=f"p0/{column.model}")
        sums = await totals(ledger)
        page = await ledger.ask(lambda connection: logs(connection, LogFilters(), 10))
    assert sums["requests"] == 0
    assert page["rows"] == []
