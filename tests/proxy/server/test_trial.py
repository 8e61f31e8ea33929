"""Trying a provider out, step by step: what works, what does not, and why, in plain words."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from proxy.exchange import Exchange, Origin, Outcome
from proxy.upstream import catalogue
from tests.fakes import faults
from tests.fakes.fault import Fault
from tests.fakes.provider import fake_provider, whole
from tests.fakes.script import Asked, Call, Step, Turn
from tests.fakes.server import fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import ADMIN_TOKEN, CLIENT_TOKEN, Recorded, Running, running_gateway
from tests.proxy.matrix.cell import KEY, cell
from tests.proxy.matrix.columns import COLUMNS, Column
from tests.proxy.matrix.every import every_column
from tests.proxy.matrix.told import SIGNATURE
from tests.proxy.talk import GOOD

Found = dict[str, Any]


async def told(running: Running, name: str = "p", **query: str) -> tuple[int, str]:
    headers = {"x-tierwise-token": ADMIN_TOKEN}
    url = f"{running.url}/api/providers/{name}/test"
    async with running.http.post(url, params=query, headers=headers) as answer:
        return answer.status, await answer.text()


async def tried(running: Running, name: str = "p", **query: str) -> dict[str, Found]:
    """The findings by step, in their order."""
    status, text = await told(running, name, **query)
    assert status == 200, text
    found: Sequence[Found] = [json.loads(line) for line in text.splitlines()]
    return {each["step"]: each for each in found}


def verdicts(found: dict[str, Found]) -> dict[str, bool | None]:
    return {step: each["ok"] for step, each in found.items()}


def able(asked: Asked) -> Step:
    """A model that can do what it is told to."""
    if asked.tools:
        return Turn(calls=(Call("ping", {"text": "OK"}),), signature=SIGNATURE)
    return Turn("OK")


@every_column
async def test_what_works_is_told_step_by_step_whatever_the_provider_speaks(column: Column) -> None:
    async with cell(column, able) as here:
        found = await tried(here.running)
    assert [(step, each["ok"]) for step, each in found.items() if step not in ("models", "vision")] == [
        ("answer", True),
        ("tools", True),
    ]
    assert found["models"]["ok"]
    service = f"p/{column.model}"
    assert found["answer"]["text"].startswith(f"{service} answers and streams; its first word came after ")
    assert found["tools"]["text"] == f"{service} calls tools."
    assert found["answer"]["seconds"] > 0
    assert not here.fake.refused
    assert all(asked.stream and asked.model == column.model for asked in here.fake.asked)


@pytest.mark.parametrize(
    ("models", "sentence"),
    [((), "1 model is listed."), (("a",), "1 model is listed."), (("a", "b", "c"), "3 models are listed.")],
)
async def test_models_are_counted(models: tuple[str, ...], sentence: str) -> None:
    async with fake_llm("openai_chat", able, models=models) as fake:
        table = {"kind": "openai-compatible", "base_url": fake.base_url, "key": "none"}
        async with running_gateway(p=table) as running:
            found = await tried(running)
    assert (found["models"]["ok"], found["models"]["text"]) == (True, sentence)
    assert all("key" not in each["text"] for each in found.values())


async def test_its_requests_are_tiny_and_say_in_the_record_that_they_are_tests() -> None:
    async with cell(COLUMNS[0], able) as here:
        await tried(here.running)
    exchanges = here.running.recorder.exchanges
    assert len(exchanges) == len(here.fake.asked) >= 2
    for exchange in exchanges:
        assert (exchange.origin, exchange.outcome, exchange.client) == (
            Origin.TEST,
            Outcome.ANSWERED,
            "tierwise",
        )
        assert exchange.closed is not None
    assert all(asked.max_tokens == 256 for asked in here.fake.asked)
    assert max(len(json.dumps(asked.body)) for asked in here.fake.asked) < 1500


@every_column
async def test_an_invalid_key_is_told_in_plain_words_and_is_not_shown(column: Column) -> None:
    async with cell(column, able) as here:
        here.running.secrets["provider/p"] = "sk-canary-4711"
        _, text = await told(here.running)
        found = await tried(here.running)
    assert verdicts(found) == {"models": False}
    assert found["models"]["text"].startswith("The provider p refuses its key: ")
    assert "sk-canary-4711" not in text
    assert not here.fake.asked


async def test_a_list_that_everybody_gets_does_not_hide_a_key_that_is_refused() -> None:
    async with fake_llm("openai_chat", faults.unauthenticated()) as fake:
        table = {"kind": "openai-compatible", "base_url": fake.base_url, "key": "keyring"}
        async with running_gateway(p=table, secrets={"provider/p": "sk-canary-4711"}) as running:
            found = await tried(running)
    assert verdicts(found) == {"models": True, "answer": False}
    assert found["answer"]["text"] == "The provider p refuses its key: The key is not valid."


async def test_a_missing_key_is_told_with_what_stores_one() -> None:
    async with running_gateway(p={"kind": "openai-compatible", "base_url": "http://127.0.0.1:9"}) as running:
        found = await tried(running)
    assert verdicts(found) == {"models": False}
    assert "`tierwise providers add p --replace`" in found["models"]["text"]


async def test_a_provider_that_is_not_there_is_told_and_nothing_more_is_tried() -> None:
    table = {"kind": "openai-compatible", "base_url": "http://127.0.0.1:9", "key": "none"}
    async with running_gateway(p=table) as running:
        found = await tried(running)
    assert verdicts(found) == {"models": False}
    assert found["models"]["text"].startswith("The provider p cannot be reached at http://127.0.0.1:9")


async def test_what_is_not_configured_is_not_tried() -> None:
    async with running_gateway(p={"kind": "vertex"}) as running:
        found = await tried(running)
    assert verdicts(found) == {"configuration": False}
    assert "`project`" in found["configuration"]["text"]


async def test_what_only_clients_have_a_credential_for_is_not_tried() -> None:
    async with running_gateway(p={"kind": "anthropic", "key": "client"}) as running:
        found = await tried(running)
    assert verdicts(found) == {"configuration": None}
    assert "brings its own credential" in found["configuration"]["text"]


@pytest.mark.parametrize("status", [404, 405])
async def test_a_provider_without_a_list_is_asked_for_the_model_that_is_named(status: int) -> None:
    async def script(request: Any) -> Any:
        if request.method == "GET":
            return await whole(b'{"error":{"message":"no such place"}}', status=status)(request)
        return await fake.handle(request)

    async with fake_llm("openai_chat", able) as fake, fake_provider(script) as front:
        table = {"kind": "openai-compatible", "base_url": f"{front.url}/v1", "key": "none"}
        async with running_gateway(p=table) as running:
            assert verdicts(await tried(running)) == {"models": None, "answer": None}
            found = await tried(running, model="vendor/large:free")
        assert verdicts(found) == {"models": None, "answer": True, "tools": True, "vision": None}
        assert {asked.model for asked in fake.asked} == {"vendor/large:free"}


async def test_a_list_that_breaks_is_told_and_the_rest_is_tried() -> None:
    async def script(request: Any) -> Any:
        if request.method == "GET":
            return await whole(b"<html>500</html>", status=500, content_type="text/html")(request)
        return await fake.handle(request)

    async with fake_llm("openai_chat", able) as fake, fake_provider(script) as front:
        table = {"kind": "openai-compatible", "base_url": f"{front.url}/v1", "key": "none"}
        async with running_gateway(p=table) as running:
            found = await tried(running, model="m")
    assert verdicts(found) == {"models": False, "answer": True, "tools": True, "vision": None}


def silent_with_tools(asked: Asked) -> Step:
    return Turn("I would rather talk.") if asked.tools else Turn("OK")


def refuses_tools(asked: Asked) -> Step:
    return faults.bad_request("m does not support tools") if asked.tools else Turn("OK")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (silent_with_tools, "p/fake-model was to call a tool and did not."),
        (refuses_tools, "m does not support tools"),
    ],
)
async def test_a_model_that_calls_no_tools_fails(script: Any, words: str) -> None:
    async with fake_llm("openai_chat", script) as fake:
        table = {"kind": "openai-compatible", "base_url": fake.base_url, "key": "none"}
        async with running_gateway(p=table) as running:
            found = await tried(running)
    assert (found["answer"]["ok"], found["tools"]["ok"]) == (True, False)
    assert words in found["tools"]["text"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Turn(""), "p/fake-model answered with nothing."),
        (faults.server_error(), "Internal server error"),
        (faults.rate_limited(), "Please slow down."),
        (faults.html_error_page(200), "web page"),
        (faults.error_mid_stream(3), "Overloaded"),
        (faults.disconnect_mid_event(3), "broke off"),
    ],
    ids=["nothing", "server error", "rate limit", "a page", "error in the stream", "broken off"],
)
async def test_an_answer_that_fails_is_told_and_nothing_more_is_asked(fault: Step, words: str) -> None:
    async with fake_llm("openai_chat", fault) as fake:
        table = {"kind": "openai-compatible", "base_url": fake.base_url, "key": "none"}
        async with running_gateway(p=table) as running:
            found = await tried(running)
            assert verdicts(found) == {"models": True, "answer": False}
            assert words in found["answer"]["text"]
            if isinstance(fault, Fault):
                assert [each.outcome for each in running.recorder.exchanges] == [Outcome.FAILED]
        assert len(fake.asked) == 1


async def test_a_test_does_not_wait_for_a_service_that_is_set_aside_for_now() -> None:
    """It asks all the same: that is how its user learns that it is well again."""
    async with fake_llm("openai_chat", faults.server_error()) as fake:
        table = {"kind": "openai-compatible", "base_url": fake.base_url, "key": "none"}
        async with running_gateway(p=table) as running:
            for _ in range(5):
                assert verdicts(await tried(running))["answer"] is False
            fake.script = able
            assert verdicts(await tried(running))["tools"] is True


def _seeing(asked: Asked) -> Step:
    if "image" in json.dumps(asked.body):
        return Turn("Red")
    return able(asked)


def _blind(asked: Asked) -> Step:
    return Turn("") if "image" in json.dumps(asked.body) else able(asked)


@pytest.mark.parametrize(
    ("script", "model", "ok", "words"),
    [
        (_seeing, "claude-sonnet-4-5", True, "p/claude-sonnet-4-5 takes images."),
        (_blind, "claude-sonnet-4-5", False, "p/claude-sonnet-4-5 was shown an image, and is silent."),
        (_seeing, "unheard-of", None, "Not tried: the model is not known to read images."),
    ],
)
async def test_images_are_tried_where_the_model_is_known_to_read_them(
    script: Any, model: str, ok: bool | None, words: str
) -> None:
    async with fake_llm("anthropic", script) as fake:
        table = {"kind": "anthropic-compatible", "base_url": fake.base_url, "key": "none"}
        async with running_gateway(p=table) as running:
            found = await tried(running, model=model)
    assert (found["vision"]["ok"], found["vision"]["text"]) == (ok, words)
    assert any("image" in json.dumps(asked.body) for asked in fake.asked) is (ok is not None)


@pytest.mark.parametrize(
    ("tables", "model"),
    [
        ({"tiers": {"MEDIUM": {"services": ["other/x", "p/tiered"]}}}, "tiered"),
        (
            {"routes": [{"surface": "chat", "use": "pool", "services": ["p/routed"]}]},
            "routed",
        ),
        ({"routes": [{"surface": "chat", "tiers": {"SIMPLE": ["p/of-its-tier"]}}]}, "of-its-tier"),
        ({}, "listed-1"),
    ],
    ids=["of a tier", "of a route", "of a tier of a route", "of the list"],
)
async def test_the_model_is_the_one_that_is_used(tables: dict[str, Any], model: str) -> None:
    async with fake_llm("openai_chat", able) as fake:
        table = {"kind": "openai-compatible", "base_url": f"{fake.base_url}", "key": "none"}
        other = {"kind": "openai-compatible", "base_url": "http://127.0.0.1:9/v1", "key": "none"}
        config = configured(providers={"p": table, "other": other}, **tables)
        async with running_gateway(config) as running:
            if not tables:
                fake.served = ("listed-1", "listed-2")
            await tried(running)
    assert {asked.model for asked in fake.asked} == {model}


async def test_a_key_is_taken_from_where_it_is_now() -> None:
    async with cell(COLUMNS[1], able) as here:
        here.running.secrets["provider/p"] = "old"
        assert verdicts(await tried(here.running))["models"] is False
        here.running.secrets["provider/p"] = KEY
        assert verdicts(await tried(here.running))["answer"] is True


async def test_an_unknown_provider_is_a_404_and_a_clients_token_is_not_enough() -> None:
    async with running_gateway() as running:
        status, text = await told(running, "nobody")
        assert status == 404
        assert json.loads(text)["error"]["message"] == 'No provider is called "nobody".'
        url = f"{running.url}/api/providers/p/test"
        for given in ({}, {"x-tierwise-token": CLIENT_TOKEN}):
            async with running.http.post(url, headers=given) as answer:
                assert answer.status == 401


async def test_each_step_is_told_as_soon_as_it_is_done() -> None:
    gate = asyncio.Event()
    async with fake_llm("openai_chat", faults.drip(gate, Turn("OK"), before=0)) as fake:
        table = {"kind": "openai-compatible", "base_url": fake.base_url, "key": "none"}
        async with (
            running_gateway(p=table) as running,
            running.http.post(
                f"{running.url}/api/providers/p/test", headers={"x-tierwise-token": ADMIN_TOKEN}
            ) as answer,
        ):
            assert json.loads(await answer.content.readline())["step"] == "models"
            await fake.arrived.wait()
            assert len(fake.asked) == 1


class Telling(Recorded):
    """Tells when it has something."""

    def __init__(self) -> None:
        super().__init__()
        self.told = asyncio.Event()

    def record(self, exchange: Exchange) -> None:
        super().record(exchange)
        self.told.set()


async def test_who_stops_waiting_stops_the_test() -> None:
    async with fake_llm("openai_chat", faults.hang_before_headers()) as fake:
        table = {"kind": "openai-compatible", "base_url": fake.base_url, "key": "none"}
        recorder = Telling()
        async with running_gateway(p=table, recorder=recorder) as running:
            async with aiohttp.ClientSession() as session:
                with suppress(aiohttp.ClientError):
                    url = f"{running.url}/api/providers/p/test"
                    async with session.post(url, headers={"x-tierwise-token": ADMIN_TOKEN}) as answer:
                        await answer.content.readline()
                        await fake.arrived.wait()
                        answer.close()
            await fake.hung_up.wait()
            await recorder.told.wait()
    [exchange] = recorder.exchanges
    assert exchange.outcome is Outcome.CANCELLED
    assert len(fake.asked) == 1


async def test_a_configuration_that_changes_meanwhile_does_not_disturb_a_trial() -> None:
    asked, go = asyncio.Event(), asyncio.Event()

    async def listing(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return web.Response(body=GOOD, content_type="application/json")
        asked.set()
        await go.wait()
        return web.json_response({"data": [{"id": "m"}]})

    async with fake_provider(listing) as fake:
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
        async with running_gateway(configured(providers={"p": table})) as running:
            trying = asyncio.create_task(tried(running))
            await asked.wait()
            running.gateway.apply(configured(providers={}))
            go.set()
            found = await trying
    assert found["answer"]["ok"]


async def test_a_list_that_never_comes_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_FETCH_SECONDS", 0.2)

    async def silent(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async with fake_provider(silent) as fake:
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
        async with running_gateway(configured(providers={"p": table})) as running:
            found = await tried(running)
    assert found["models"]["text"].endswith("when the 0.2 seconds for a list of models were over.")
