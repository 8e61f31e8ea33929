"""What real exchanges leave in the record, whichever way they went."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.wire.format import Format
from tests.fakes import faults
from tests.fakes.asking import question
from tests.fakes.provider import fake_provider, stream, whole
from tests.fakes.script import Billed, Turn
from tests.fakes.server import AnyScript, FakeLlm, fake_llm
from tests.proxy.configured import configured
from tests.proxy.server.dashboard.stage import Dashboard, dashboard
from tests.proxy.talk import ASKED, GOOD, START, TEXT

BILLED = Billed(input=100, cache_read=40, output=25)
KINDS = {Format.ANTHROPIC: "anthropic-compatible", Format.OPENAI_CHAT: "openai-compatible"}
PRICE = {"input": 2.0, "output": 10.0, "cache_read": 0.2, "cache_write": 2.5}


@asynccontextmanager
async def staged(folder: Path, *fakes: tuple[Format, AnyScript], **tables: Any) -> Any:
    """Providers p0, p1, ... in one tier, asked in this order; each has a model m at the same price."""
    async with AsyncExitStack() as stack:
        started = [await stack.enter_async_context(fake_llm(format_, script)) for format_, script in fakes]
        config = configured_for(zip((format_ for format_, _ in fakes), started, strict=True), **tables)
        here = await stack.enter_async_context(dashboard(folder, config))
        yield here, started


def configured_for(fakes: Iterable[tuple[Format, FakeLlm]], **tables: Any) -> Any:
    given = list(fakes)
    return configured(
        **{
            "providers": {
                f"p{n}": {"kind": KINDS[format_], "base_url": fake.base_url, "key": "none"}
                for n, (format_, fake) in enumerate(given)
            },
            "tiers": {"COMPLEX": {"services": [f"p{n}/m" for n in range(len(given))]}},
            "prices": {f"p{n}/m": PRICE for n in range(len(given))},
            **tables,
        }
    )


async def asked(here: Dashboard, spoken: Format, *, streamed: bool) -> tuple[int, str]:
    wanted = question(spoken, stream=streamed)
    headers = {name.replace("-", "_"): value for name, value in wanted.headers.items()}
    return await here.ask({**wanted.body, "model": "auto"}, wanted.path, **headers)


def tokens(row: Any) -> list[int | None]:
    return [row[f"{kind}_tokens"] for kind in ("input", "cache_read", "output")]


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("provider", [Format.ANTHROPIC, Format.OPENAI_CHAT])
@pytest.mark.parametrize("spoken", [Format.ANTHROPIC, Format.OPENAI_CHAT])
async def test_usage_and_cost_are_recorded_on_every_path(
    tmp_path: Path, spoken: Format, provider: Format, streamed: bool
) -> None:
    async with staged(tmp_path, (provider, Turn("Hello", usage=BILLED))) as (here, _):
        status, id_ = await asked(here, spoken, streamed=streamed)
        assert status == 200
        row = await here.told_of(id_)
        totals = (await here.usage(window="1d"))["totals"]
    assert tokens(row) == [100, 40, 25]
    assert row["cost_usd"] == pytest.approx((100 * 2 + 40 * 0.2 + 25 * 10) / 1e6)
    assert (row["service"], row["tier"], row["outcome"], row["streamed"], row["client"]) == (
        "p0/m", "COMPLEX", "answered", streamed, "sdk",
    )  # fmt: skip
    assert (totals["requests"], totals["totalTokens"], totals["actualCost"]) == (1, 165, row["cost_usd"])
    assert row["reasons"]


async def test_a_failover_is_one_request_with_two_attempts(tmp_path: Path) -> None:
    fakes = (Format.ANTHROPIC, faults.overloaded()), (Format.OPENAI_CHAT, Turn("Hello", usage=BILLED))
    async with staged(tmp_path, *fakes) as (here, _):
        _, id_ = await asked(here, Format.ANTHROPIC, streamed=True)
        row = await here.told_of(id_)
        usage = await here.usage()
        routing = await here.routing()
        overview = await here.overview()
    assert [(each["service"], each["serves"], each["outcome"]) for each in row["attempts"]] == [
        ("p0/m", False, "failed"),
        ("p1/m", True, "answered"),
    ]
    assert (usage["totals"]["requests"], usage["totals"]["fallbacks"], usage["totals"]["errors"]) == (1, 1, 0)
    assert list(usage["byProvider"]) == ["p1"]
    assert {name: (line["total"], line["errorRate"]) for name, line in routing["providerStats"].items()} == {
        "p0": (1, 100.0),
        "p1": (1, 0.0),
    }
    assert overview["metrics"] | {"open": 0} == {
        "requestsTotal": 1,
        "responsesSuccess": 1,
        "responsesError": 0,
        "cancelled": 0,
        "open": 0,
    }


async def test_what_nobody_answers_is_an_error_of_nobody(tmp_path: Path) -> None:
    async with staged(tmp_path, (Format.ANTHROPIC, faults.bad_request())) as (here, _):
        status, id_ = await asked(here, Format.ANTHROPIC, streamed=False)
        row = await here.told_of(id_)
        usage = await here.usage()
        errors = await here.logs(error="true")
    assert (status, row["status"], row["outcome"], row["error"]) == (400, 400, "failed", "bad_request")
    assert (row["provider"], row["cost_usd"], row["input_tokens"]) == (None, 0, None)
    assert usage["byProvider"]["none"]["errors"] == usage["totals"]["errors"] == 1
    assert [each["id"] for each in errors["rows"]] == [id_]


async def test_of_what_the_client_cancels_that_is_recorded_which_is_known(tmp_path: Path) -> None:
    async with fake_provider(stream(START, TEXT, asyncio.Event())) as fake:
        config = configured(
            providers={"p0": {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}},
            tiers={"COMPLEX": {"services": ["p0/m"]}},
            prices={"p0/m": PRICE},
        )
        async with dashboard(tmp_path, config) as here:
            written = asyncio.Event()
            loop = asyncio.get_running_loop()
            stop = here.ledger.listen(lambda _batch, _first: loop.call_soon_threadsafe(written.set))
            body = json.dumps({**ASKED, "stream": True}).encode()
            async with here.running.post("/v1/messages", body) as answer:
                await answer.content.readuntil(b"Hello")
            await written.wait()
            stop()
            (row,) = (await here.logs())["rows"]
            totals = (await here.usage())["totals"]
    assert (row["outcome"], row["partial"], row["input_tokens"]) == ("cancelled", True, 3)
    assert (totals["requests"], totals["cancelled"], totals["errors"]) == (1, 1, 0)


async def test_an_answer_that_breaks_off_is_an_error_with_what_was_counted(tmp_path: Path) -> None:
    async with fake_provider(stream(START, TEXT, ending="cut")) as fake:
        config = configured(
            providers={"p0": {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}},
            tiers={"COMPLEX": {"services": ["p0/m"]}},
            prices={"p0/m": PRICE},
        )
        async with dashboard(tmp_path, config) as here:
            _, id_ = await here.ask({**ASKED, "stream": True})
            row = await here.told_of(id_)
    assert (row["outcome"], row["partial"], row["provider"], row["input_tokens"]) == ("failed", True, "p0", 3)


async def test_counting_tokens_is_no_exchange(tmp_path: Path) -> None:
    async with staged(tmp_path, (Format.ANTHROPIC, "Hello")) as (here, fakes):
        body = {"model": "p0/m", "messages": ASKED["messages"]}
        async with here.running.post("/v1/messages/count_tokens", json.dumps(body).encode()) as answer:
            assert answer.status == 200
        assert len(fakes[0].counted) == 1
        assert (await here.logs())["rows"] == []
        assert (await here.overview())["metrics"]["requestsTotal"] == 0


async def test_embeddings_are_exchanges(tmp_path: Path) -> None:
    async with staged(tmp_path, (Format.OPENAI_CHAT, "Hello")) as (here, fakes):
        status, id_ = await here.ask({"model": "p0/m", "input": "words"}, "/v1/embeddings")
        row = await here.told_of(id_)
    assert (status, row["surface"], row["service"], len(fakes[0].embedded)) == (200, "embeddings", "p0/m", 1)
    assert row["input_tokens"] == fakes[0].billed["m"].input
    assert row["cost_usd"] == pytest.approx(row["input_tokens"] * 2 / 1e6)


async def test_probes_and_tests_are_in_no_number_and_can_be_looked_at(tmp_path: Path) -> None:
    async with staged(tmp_path, (Format.ANTHROPIC, Turn("OK", usage=BILLED))) as (here, _):
        _, probe = await here.ask(ASKED, x_tierwise_service="p0/m")
        assert (await here.answer("/api/providers/p0/test", "POST"))[0] == 200
        _, usual = await here.ask(ASKED)
        pages = [await here.logs(), await here.logs(origin="probe"), await here.logs(origin="test")]
        ids = [[row["id"] for row in page["rows"]] for page in pages]
        requests = [(await here.usage(origin=o))["totals"]["requests"] for o in ("client", "probe", "test")]
        overview = await here.overview()
        routing = await here.routing()
    assert ids[:2] == [[usual], [probe]]
    assert len(ids[2]) > 0
    assert requests == [1, 1, len(ids[2])]
    assert (overview["today"]["requests"], overview["stats"]["totalRequests"]) == (1, 1)
    assert overview["metrics"]["requestsTotal"] == 1
    assert [row["id"] for row in overview["recentRequests"]] == [usual]
    assert routing["providerStats"]["p0"]["total"] == 1


async def test_budgets_count_what_is_spent_as_it_is_written(tmp_path: Path) -> None:
    fakes: Sequence[tuple[Format, AnyScript]] = [(Format.ANTHROPIC, Turn("Hello", usage=BILLED))]
    async with staged(tmp_path, *fakes, budgets={"daily_usd": 0.0005}) as (here, _):
        costs = []
        for _ in range(2):
            _, id_ = await asked(here, Format.ANTHROPIC, streamed=False)
            costs.append((await here.told_of(id_))["cost_usd"])
        budgets = (await here.overview())["budgets"]
    assert budgets["daily"] == {"spent_usd": pytest.approx(sum(costs)), "limit_usd": 0.0005, "unknown": 0}
    assert budgets["monthly"] == {"spent_usd": pytest.approx(sum(costs)), "limit_usd": None, "unknown": 0}
    assert budgets["over"] is True


async def test_the_client_of_a_prefix_is_whom_it_counts_for(tmp_path: Path) -> None:
    async with fake_provider(whole(GOOD)) as fake:
        config = configured(
            providers={"p0": {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}},
            tiers={"COMPLEX": {"services": ["p0/m"]}},
        )
        async with dashboard(tmp_path, config) as here:
            await here.ask(ASKED, "/c/codex/v1/messages")
            await here.ask(ASKED)
            usage = await here.usage()
            narrowed = await here.logs(client="codex")
    assert {name: line["requests"] for name, line in usage["byClient"].items()} == {"codex": 1, "sdk": 1}
    assert len(narrowed["rows"]) == 1
