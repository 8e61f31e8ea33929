"""Explaining decides as serving does, and leaves no trace; the newest requests can be asked about again."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from proxy.routing.health.breaker import State
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.server import explaining as module
from proxy.wire.failure import Failure, FailureKind
from tests.fakes.provider import FakeProvider, fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import ADMIN_TOKEN, Running, running_gateway
from tests.proxy.routing.selection.judging import Says
from tests.proxy.talk import ASKED, GOOD, error

WORDS = "the marked words of a prompt"
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "done"}
CALL = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {}}
TYPED = {**ASKED, "messages": [{"role": "user", "content": WORDS}]}
AFTER_A_CALL = {
    **ASKED,
    "messages": [
        {"role": "user", "content": WORDS},
        {"role": "assistant", "content": [CALL]},
        {"role": "user", "content": [RESULT]},
    ],
}
TURNS = {
    "tactic": "round_robin",
    "services": ["p/m", "p/n"],
}


POINTS = 62.5
"""Of every text, as far as it is judged."""
SENT = "Sent to p/m: typed turn that needs the complex tier (score 62.5); chosen among 2 in turn."


@asynccontextmanager
async def gateway(script: Any = None, **tables: Any) -> AsyncIterator[tuple[Running, FakeProvider]]:
    async with fake_provider(script or whole(GOOD)) as fake:
        table = {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}
        tiers = {"SIMPLE": {"services": ["p/small"]}, "COMPLEX": TURNS}
        config = configured(**{"providers": {"p": table}, "tiers": tiers, **tables})
        async with running_gateway(config) as running:
            running.gateway._choosing.selector.judge = Says({}, otherwise=POINTS)
            yield running, fake


async def explained(running: Running, asked: Any) -> tuple[int, Any]:
    data = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
    headers = {"x-tierwise-token": ADMIN_TOKEN}
    async with running.http.post(running.url + "/api/explain", data=data, headers=headers) as answer:
        return answer.status, json.loads(await answer.read())


async def served(running: Running, body: Any, **headers: str) -> aiohttp.ClientResponse:
    async with running.post("/v1/messages", json.dumps(body).encode(), **headers) as answer:
        await answer.read()
        return answer


async def recent(running: Running) -> list[dict[str, Any]]:
    await running.gateway._exchanges.all_ended()
    headers = {"x-tierwise-token": ADMIN_TOKEN}
    async with running.http.get(running.url + "/api/recent", headers=headers) as answer:
        assert answer.status == 200
        rows: list[dict[str, Any]] = json.loads(await answer.read())["recent"]
        return rows


async def test_it_tells_where_a_request_would_go() -> None:
    async with gateway() as (running, fake):
        status, page = await explained(running, {"surface": "messages", "client": "sdk", "body": TYPED})
        assert status == 200
        assert fake.received == []
    assert (page["service"], page["tier"], page["source"]) == ("p/m", "COMPLEX", "tier")
    assert page["sentence"] == SENT
    assert page["score"]["value"] == pytest.approx(POINTS)
    assert WORDS not in json.dumps(page)


HEADERS = {"x-claude-code-session-id": "s1", "user-agent": "claude-cli/2.1 (external, cli)"}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (TYPED, {}),
        (TYPED, HEADERS),
        ({**TYPED, "model": "simple"}, HEADERS),
        ({**TYPED, "model": "P/M"}, HEADERS),
        ({**TYPED, "model": "claude-haiku-4-5"}, {**HEADERS, "x-tierwise-tier": "complex"}),
        (TYPED, {**HEADERS, "X-Tierwise-Service": "p/small"}),
        (TYPED, {"x-tierwise-session": "mine"}),
        (AFTER_A_CALL, HEADERS),
    ],
    ids=["bare", "session", "tier", "service", "forced", "probe", "ours", "tool turn"],
)
async def test_it_decides_as_serving_does(body: Any, headers: dict[str, str]) -> None:
    async with gateway() as (running, _):
        for _ in range(2):  # the second time the session is known
            _, page = await explained(running, {"headers": headers, "body": body})
            answer = await served(running, body, **{**headers, "x-tierwise-debug": "1"})
            assert page["service"] == answer.headers["x-tierwise-service"]
            assert (page["tier"] or "none") == answer.headers["x-tierwise-tier"]
            assert page["source"] == answer.headers["x-tierwise-source"]
            assert ",".join(page["stages"]) == answer.headers["x-tierwise-stages"]
            assert page["reasons"] == [
                each
                for each in json.loads(answer.headers["x-tierwise-reasons"])
                if each["stage"] != "request"
            ]


def everything(running: Running) -> Any:
    """All that a request could have changed, as far as it can be seen."""
    gateway = running.gateway
    world, board = gateway._choosing.world, gateway._outward.board
    return (
        dict(world.affinity._threads),
        set(world.affinity._changed),
        dict(world.cursors),
        dict(world.in_flight._counts),
        {service: window._samples.copy() for service, window in world.statistics._of.items()},
        len(world.call_ids),
        len(world.messages.facts),
        list(world.messages.facts._young),
        [(each.service, each.state, each.failures, each.is_probed) for each in board.snapshot().breakers],
        board.snapshot().marks,
        gateway._books.budget(),
        gateway._books.counters.__dict__.copy(),
        len(running.recorder.exchanges),
        len(gateway._exchanges),
    )


async def test_it_changes_nothing() -> None:
    calls = json.dumps({**json.loads(GOOD), "content": [CALL], "stop_reason": "tool_use"}).encode()
    async with gateway(whole(calls)) as (running, fake):
        await served(running, TYPED, **HEADERS)
        await served(running, {**TYPED, "model": "simple"}, x_claude_code_session_id="s2")
        await running.gateway._exchanges.all_ended()
        before, asked = everything(running), len(fake.received)
        pages = []
        for body in (TYPED, AFTER_A_CALL):
            for session in ("s1", "s2", "s3"):
                question = {"body": body, "headers": {"x-claude-code-session-id": session}}
                pages += [await explained(running, question) for _ in range(50)]
                assert pages[-1] == pages[-50]
        assert {status for status, _ in pages} == {200}
        assert everything(running) == before
        assert len(fake.received) == asked


async def test_it_is_no_probe_of_a_breaker_that_is_half_open() -> None:
    async with gateway() as (running, _):
        board, service = running.gateway._outward.board, Service("p", "small")
        for _ in range(20):
            board.failed(service, Key("p", "none", None), Failure(FailureKind.SERVER, "It failed."))
        real = board._clock
        board._clock = lambda: real() + 3600  # everything that is open may be tried again
        board._now = board._clock
        assert [each.state for each in board.snapshot().breakers] == [State.HALF_OPEN]
        for _ in range(5):
            status, page = await explained(running, {"body": {**TYPED, "model": "simple"}})
            assert (status, page["service"]) == (200, "p/small")
        [breaker] = board.snapshot().breakers
        assert not breaker.is_probed
        assert board.admit(service, "a client")


@pytest.mark.parametrize(
    ("surface", "body"),
    [
        ("messages", TYPED),
        ("messages", {"model": "claude-x", "messages": []}),
        ("messages", AFTER_A_CALL | {"model": "x"}),
        ("messages", {"model": "x", "messages": [], "tools": [{"name": "a", "input_schema": {}}]}),
        ("messages", {"model": "x", "system": "y", "messages": []}),
        ("chat", {"model": "x", "messages": [{"role": "system", "content": "y"}]}),
        ("chat", {"model": "claude-x", "messages": [], "tools": [{"type": "function", "function": {}}]}),
        ("chat", {"model": "claude-x", "messages": [{"role": "assistant", "tool_calls": []}]}),
        ("chat", {"model": "claude-x", "messages": [], "max_completion_tokens": 5}),
        ("chat", {"model": "gpt-5", "messages": []}),
        ("responses", {"model": "x", "input": "y"}),
        ("gemini", {"contents": [{"role": "user", "parts": [{"text": "y"}]}]}),
    ],
)
async def test_a_bare_body_tells_its_surface(surface: str, body: dict[str, Any]) -> None:
    if body is TYPED:
        body = {**body, "system": "y"}
    route = {"name": f"for {surface}", "surface": surface}
    async with gateway(routes=[route]) as (running, _):
        status, page = await explained(running, {"body": body})
    assert (status, page["route"]) == (200, f"for {surface}")


async def test_embeddings_are_told_by_their_own_parameters() -> None:
    body = {"model": "text-embedding-4", "input": "y"}
    async with gateway() as (running, _):
        status, page = await explained(running, {"body": body})
        assert status == 422
        assert "No embedding model is configured." in page["error"]["message"]


async def test_what_an_address_says_can_be_said() -> None:
    route = {"name": "quick", "client": "codex", "profile": "save", "model": "gemini-*"}
    question = {
        "surface": "gemini",
        "client": "codex",
        "profile": "save",
        "model": "gemini-next",
        "body": {"contents": [{"role": "user", "parts": [{"text": "words"}]}]},
    }
    async with gateway(routes=[route]) as (running, _):
        running.gateway._choosing.selector.judge = Says({}, otherwise=22)
        _, page = await explained(running, question)
    assert (page["route"], page["tier"]) == ("quick", "SIMPLE")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (b"{", "request body"),
        (b"[]", "request body"),
        ({}, "no `body`"),
        ({"body": None}, "no `body`"),
        (TYPED, "no `body`"),
        ({"body": TYPED, "sruface": "chat"}, 'no `sruface`; did you mean "surface"?'),
        ({"id": "req_1", "x" * 900: 1}, "no `" + "x" * 50 + "`. "),
        ({"body": []}, "request body"),
        ({"body": "messages"}, "request body"),
        ({"body": {"model": "x"}}, "none of `messages`"),
        ({"surface": "messages", "body": {"input": "x"}}, "`messages`"),
        ({"surface": "messages", "body": {"messages": "x"}}, "no list"),
        ({"surface": "nowhere", "body": TYPED}, "surface"),
        ({"headers": [], "body": TYPED}, "headers"),
        ({"body": {**TYPED, "model": 5}}, "model"),
        ({"headers": {"x-tierwise-tier": "huge"}, "body": TYPED}, "names no tier"),
        ({"headers": {"x-tierwise-service": "small"}, "body": TYPED}, "provider/model"),
        ({"body": {"model": "x", "input": "y", "previous_response_id": "resp_1"}}, "not found"),
    ],
)
async def test_what_is_no_request_is_400(question: Any, words: str) -> None:
    async with gateway() as (running, _):
        status, page = await explained(running, question)
    assert status == 400
    assert page["error"]["type"] == "invalid_request_error"
    assert words in page["error"]["message"]


async def test_where_nobody_can_serve_it_is_422_with_the_words_of_serving() -> None:
    off = {"p": {"kind": "anthropic-compatible", "base_url": "http://127.0.0.1:9", "key": "none"}}
    async with gateway(providers=off, tiers={"COMPLEX": {"services": ["q/gone"]}}) as (running, _):
        status, page = await explained(running, {"body": TYPED})
        answer = await served(running, TYPED)
        told = running.recorder.exchanges[-1].failure
    assert (status, page["error"]["type"], answer.status) == (422, "no_service", 503)
    assert told is not None
    assert page["error"]["message"] == told.sentence
    assert page["decision"]["candidates"][0]["why"] == "no provider is called q"
    assert page["decision"]["sentence"].startswith("Not sent: ")


async def test_without_any_configuration_it_says_what_to_do() -> None:
    async with running_gateway() as running:
        status, page = await explained(running, {"body": TYPED})
    assert status == 422
    assert "`tierwise providers add` adds one" in page["error"]["message"]


async def test_a_key_that_is_missing_is_looked_for_first() -> None:
    table = {"kind": "anthropic-compatible", "base_url": "http://127.0.0.1:9", "key": "keyring"}
    async with gateway(providers={"p": table}) as (running, _):
        running.gateway._choosing.world.keys._known.clear()
        status, page = await explained(running, {"body": TYPED})
    assert status == 422
    assert "the keyring has no entry" in page["error"]["message"]


async def test_a_keyring_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEYS_SECONDS", 0.01)
    async with gateway() as (running, _):

        async def never(_provider: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(running.gateway._choosing.world.keys, "look", never)
        assert (await explained(running, {"body": TYPED}))[0] == 200


async def test_a_clients_own_credential_counts_without_being_told() -> None:
    table = {"kind": "anthropic", "key": "client"}
    headers = {"x-tierwise-token": "t", "authorization": "Bearer sk-ant-oat-1"}
    async with gateway(providers={"p": table}) as (running, _):
        assert (await explained(running, {"body": {**TYPED, "system": "x"}}))[0] == 422
        status, page = await explained(running, {"body": {**TYPED, "system": "x"}, "headers": headers})
    assert (status, page["service"]) == (200, "p/m")


async def test_a_large_body_is_read_beside_the_loop() -> None:
    large = {**TYPED, "messages": [{"role": "user", "content": "word " * 200_000}]}
    async with gateway() as (running, _):
        status, page = await explained(running, {"body": large})
    assert (status, page["service"]) == (200, "p/m")


async def test_only_the_users_own_tools_may_ask() -> None:
    async with gateway() as (running, _):
        async with running.post("/api/explain", b"{}") as answer:
            assert answer.status == 401
        async with running.http.get(running.url + "/api/recent") as answer:
            assert answer.status == 401


async def test_recent_requests_are_listed_and_explained_again() -> None:
    async with gateway() as (running, _):
        first = await served(running, TYPED, **HEADERS)
        second = await served(running, {**AFTER_A_CALL, "model": "simple"}, **HEADERS)
        ids = [answer.headers["x-tierwise-request-id"] for answer in (second, first)]
        rows = await recent(running)
        assert [row["id"] for row in rows] == ids
        assert rows[1] == {
            "id": ids[1],
            "when": rows[1]["when"],
            "client": "sdk",
            "surface": "messages",
            "model": "auto",
            "kind": "main",
            "tier": "COMPLEX",
            "service": "p/m",
            "sentence": SENT,
            "preview": WORDS,
        }
        assert rows[0]["preview"] == ""
        status, page = await explained(running, {"id": ids[1]})
        assert (status, page["service"], page["source"]) == (200, "p/m", "affinity")
        assert page["session"] == {"id": "s1", "from": "header"}
        assert (await explained(running, {"id": "req_gone"}))[0] == 404


async def test_what_became_of_a_request_is_told() -> None:
    async with gateway(whole(error("api_error"), status=500)) as (running, _):
        await served(running, TYPED)
        [row] = await recent(running)
    assert row["service"] is None
    assert row["sentence"].startswith("Not answered: p/m failed (")


async def test_a_request_that_tries_a_service_out_is_not_listed() -> None:
    async with gateway() as (running, _):
        await served(running, TYPED, x_tierwise_service="p/small")
        assert await recent(running) == []
