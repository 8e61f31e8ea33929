"""The lists of models: every vendor's own shape, asked for in time, and none in the way of another."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import msgspec
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import Config, ProviderConfig
from proxy.providers.provider import Provider
from proxy.upstream.listing import KnownModel, listed
from proxy.upstream.outward import Outward
from proxy.wire.failure import Failure, FailureKind
from tests.fakes.provider import FakeProvider, Script, fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import KnownSecrets

CHAT_LIST = b'{"object":"list","data":[{"id":"glm-4.7","object":"model"}]}'


def provider(kind: str, **table: object) -> Provider:
    return Provider("p", msgspec.convert({"kind": kind, **table}, ProviderConfig))


def read(kind: str, told: Any) -> list[KnownModel]:
    return list(listed(provider(kind), json.dumps(told).encode()))


OPENAI = {"object": "list", "data": [{"id": "gpt-5.2", "object": "model", "created": 1, "owned_by": "x"}]}
ANTHROPIC = {
    "data": [
        {
            "type": "model",
            "id": "claude-new-9",
            "display_name": "Claude New 9",
            "lifecycle": "active",
            "max_input_tokens": 500_000,
            "max_tokens": 96_000,
            "capabilities": {"image_input": {"supported": False}, "thinking": {"supported": True}},
        },
        {"type": "model", "id": "claude-old-1", "display_name": "Old", "lifecycle": "retired"},
    ],
    "has_more": False,
}
GEMINI = {
    "models": [
        {
            "name": "models/gemini-9-pro",
            "displayName": "Gemini 9 Pro",
            "inputTokenLimit": 2_000_000,
            "outputTokenLimit": 100_000,
            "thinking": False,
        }
    ]
}
OLLAMA = {
    "models": [
        {"name": "qwen3:8b", "model": "qwen3:8b", "capabilities": ["completion", "thinking"]},
        {"name": "qwen3:4b", "model": "qwen3:4b", "details": {"family": "qwen3"}},
    ]
}
OPENROUTER = {
    "data": [
        {
            "id": "maker/model",
            "name": "Maker: Model",
            "context_length": 131_072,
            "architecture": {"input_modalities": ["text", "image"]},
            "top_provider": {"context_length": 131_072, "max_completion_tokens": 8192},
            "supported_parameters": ["tools", "temperature"],
        }
    ]
}
LLAMACPP = {
    "models": [{"name": "small.gguf", "model": "small.gguf", "capabilities": ["completion"]}],
    "object": "list",
    "data": [{"id": "small.gguf", "object": "model", "owned_by": "llamacpp", "meta": {"n_ctx_train": 8192}}],
}
DATABRICKS = {"endpoints": [{"id": "88fd3f75a0d2", "name": "databricks-mystery", "task": "llm/v1/chat"}]}
BEDROCK = {
    "modelSummaries": [
        {
            "modelArn": "arn:aws:bedrock:us-east-1::foundation-model/maker.model-v1:0",
            "modelId": "maker.model-v1:0",
            "modelName": "Model",
            "inputModalities": ["TEXT", "IMAGE"],
        }
    ]
}
MISTRAL = {
    "data": [
        {
            "id": "mystery-1",
            "max_context_length": 32768,
            "capabilities": {"function_calling": False, "vision": True},
        }
    ]
}


@pytest.mark.parametrize(
    ("kind", "told", "names", "known"),
    [
        ("openai", OPENAI, ["gpt-5.2"], {"label": "gpt-5.2", "tools": True, "context": 400_000}),
        (
            "anthropic",
            ANTHROPIC,
            ["claude-new-9"],
            {
                "label": "Claude New 9",
                "context": 500_000,
                "max_output": 96_000,
                "vision": False,
                "thinking": True,
            },
        ),
        (
            "gemini",
            GEMINI,
            ["gemini-9-pro"],
            {
                "label": "Gemini 9 Pro",
                "context": 2_000_000,
                "max_output": 100_000,
                "thinking": False,
            },
        ),
        (
            "ollama",
            OLLAMA,
            ["qwen3:8b", "qwen3:4b"],
            {"label": "qwen3:8b", "tools": False, "vision": False, "thinking": True},
        ),
        (
            "openrouter",
            OPENROUTER,
            ["maker/model"],
            {
                "label": "Maker: Model",
                "context": 131_072,
                "max_output": 8192,
                "tools": True,
                "vision": True,
                "thinking": False,
            },
        ),
        ("llamacpp", LLAMACPP, ["small.gguf"], {"tools": None, "vision": None, "thinking": None}),
        ("databricks", DATABRICKS, ["databricks-mystery"], {"tools": None, "context": None}),
        ("bedrock", BEDROCK, ["maker.model-v1:0"], {"label": "Model", "vision": True, "tools": None}),
        ("mistral", MISTRAL, ["mystery-1"], {"context": 32768, "tools": False, "vision": True}),
        ("together", [{"id": "maker/open"}], ["maker/open"], {"label": "maker/open"}),
        ("vllm", {"data": [{"id": "m", "max_model_len": 4096}]}, ["m"], {"context": 4096}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_vendors_list_is_understood(
    kind: str, told: Any, names: list[str], known: Mapping[str, Any]
) -> None:
    found = read(kind, told)
    assert [model.service.model for model in found] == names
    assert {model.service.provider for model in found} == {"p"}
    assert {name: getattr(found[0], name) for name in known} == known


def test_what_a_list_does_not_tell_is_taken_from_what_is_known_and_nothing_is_guessed() -> None:
    (known,) = read("openai-compatible", {"data": [{"id": "gpt-5.2", "capabilities": ["chat"]}]})
    assert (known.tools, known.vision, known.context) == (True, True, 400_000)
    (unknown,) = read("openai-compatible", {"data": [{"id": "mystery", "capabilities": ["chat"]}]})
    assert (unknown.tools, unknown.vision, unknown.thinking) == (None, None, None)
    assert (unknown.context, unknown.max_output) == (None, None)


def test_entries_that_are_none_are_passed_over() -> None:
    entries = [None, 7, {}, {"id": ""}, {"id": 3}, "plain", {"id": "m", "context_length": True}]
    found = read("openai-compatible", {"data": entries})
    assert [(model.service.model, model.context) for model in found] == [("plain", None), ("m", None)]


@pytest.mark.parametrize("told", [{}, {"object": "list"}, {"data": []}], ids=["nothing", "no list", "empty"])
def test_a_list_without_models_is_empty(told: Any) -> None:
    assert read("databricks", told) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"<html></html>", b"\xff\xfe", b'"text"', b'{"error": "Unexpected endpoint or method."}'],
    ids=["nothing", "a web page", "no text", "a string", "an error under 200"],
)
def test_what_is_no_list_is_a_failure(data: bytes) -> None:
    with pytest.raises(Failure) as raised:
        listed(provider("lmstudio"), data)
    assert (raised.value.kind, raised.value.sentence) == (
        FailureKind.BAD_ANSWER,
        "The list of models of p cannot be read.",
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "models", "id", "name", "capabilities", "architecture", "top_provider", "error"]
            ),
            inner,
            max_size=4,
        )
    ),
)


@given(JSON)
def test_whatever_json_comes_is_a_list_or_a_failure(told: Any) -> None:
    with suppress(Failure):
        found = listed(provider("openai-compatible"), json.dumps(told).encode())
        assert all(model.service.model for model in found)


@asynccontextmanager
async def outward(config: Config, **secrets: str) -> AsyncIterator[Outward]:
    out = Outward(config, KnownSecrets({f"provider/{name}": value for name, value in secrets.items()}))
    try:
        yield out
    finally:
        await out.close()


def table(fake: FakeProvider, kind: str = "openai-compatible", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "base_url": fake.url, "key": "none", **more}


def names(out: Outward) -> list[str]:
    return [str(model.service) for model in out.catalogue.known(out.config)]


async def hang(_request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize(
    ("kind", "path", "headers"),
    [
        ("openai-compatible", "/v1/models", {"authorization": "Bearer k"}),
        (
            "anthropic-compatible",
            "/v1/models?limit=1000",
            {"x-api-key": "k", "anthropic-version": "2023-06-01"},
        ),
        ("gemini", "/v1beta/models?pageSize=1000", {"x-goog-api-key": "k"}),
        ("ollama", "/api/tags", {"authorization": "Bearer k"}),
        ("llamacpp", "/v1/models", {"authorization": "Bearer k"}),
        ("databricks", "/api/2.0/serving-endpoints", {"authorization": "Bearer k"}),
        ("bedrock", "/foundation-models?byOutputModality=TEXT", {"authorization": "Bearer k"}),
    ],
)
async def test_each_kind_is_asked_where_its_list_is(kind: str, path: str, headers: dict[str, str]) -> None:
    async with fake_provider(whole(CHAT_LIST)) as fake:
        config = configured(providers={"p": table(fake, kind, key="keyring", region="us-east-1")})
        async with outward(config, p="k") as out:
            await out.catalogue.refresh(config, 5)
            assert names(out) == ["p/glm-4.7"]
    (received,) = fake.received
    assert (received.method, received.path_qs) == ("GET", path)
    assert {name: received.headers.get(name) for name in headers} == headers


async def test_a_refresh_waits_no_longer_than_it_is_told_and_what_comes_later_is_kept() -> None:
    gate, has_answered = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.StreamResponse:
        await gate.wait()
        has_answered.set()
        return web.Response(body=CHAT_LIST)

    async with AsyncExitStack() as stack:
        quick, late = [
            await stack.enter_async_context(fake_provider(script)) for script in (whole(CHAT_LIST), slow)
        ]
        config = configured(providers={"late": table(late), "quick": table(quick)})
        out = await stack.enter_async_context(outward(config))
        began = time.monotonic()
        await out.catalogue.refresh(config, 0.2)
        assert 0.2 <= time.monotonic() - began < 1
        assert names(out) == ["quick/glm-4.7"]
        gate.set()
        await has_answered.wait()
        await out.catalogue.refresh(config, 5)
        assert names(out) == ["late/glm-4.7", "quick/glm-4.7"]
        assert (len(late.received), len(quick.received)) == (1, 1)


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.mark.parametrize(
    "script",
    [
        hang_up,
        hang,
        whole(b"{}", status=500),
        whole(b"{}", status=401),
        whole(b"<html>"),
        whole(b""),
        whole(b"", status=302, location="/elsewhere"),
    ],
    ids=["hangs up", "hangs", "fails", "refuses the key", "a web page", "nothing", "elsewhere"],
)
async def test_a_provider_that_fails_does_not_disturb_the_others(script: Script) -> None:
    async with AsyncExitStack() as stack:
        bad = await stack.enter_async_context(fake_provider(script))
        good = await stack.enter_async_context(fake_provider(whole(CHAT_LIST)))
        nowhere = {"kind": "openai-compatible", "base_url": "http://127.0.0.1:1", "key": "none"}
        keyless = table(good, key="keyring:none")
        unconfigured = {"kind": "databricks"}
        config = configured(
            providers={
                "bad": table(bad),
                "nowhere": nowhere,
                "keyless": keyless,
                "unconfigured": unconfigured,
                "good": table(good),
            }
        )
        out = await stack.enter_async_context(outward(config))
        await out.catalogue.refresh(config, 0.5)
        assert names(out) == ["good/glm-4.7"]


async def test_a_list_is_asked_for_once_until_it_is_to_be_forgotten() -> None:
    async with fake_provider(whole(CHAT_LIST)) as fake:
        config = configured(providers={"p": table(fake)})
        async with outward(config) as out:
            await asyncio.gather(*(out.catalogue.refresh(config, 5) for _ in range(5)))
            await out.catalogue.refresh(config, 5)
            assert len(fake.received) == 1
            out.catalogue.forget()
            assert names(out) == ["p/glm-4.7"]
            await out.catalogue.refresh(config, 5)
            assert len(fake.received) == 2


async def test_after_a_failure_it_is_not_asked_with_every_look_and_what_was_known_is_shown() -> None:
    async with fake_provider(whole(CHAT_LIST)) as fake:
        config = configured(providers={"p": table(fake)})
        async with outward(config) as out:
            await out.catalogue.refresh(config, 5)
            out.catalogue.forget()
            fake.script = whole(b"", status=500)
            for _ in range(3):
                await out.catalogue.refresh(config, 5)
            assert names(out) == ["p/glm-4.7"]
            assert len(fake.received) == 2


async def test_a_provider_that_has_moved_is_asked_where_it_is_now() -> None:
    async with AsyncExitStack() as stack:
        old = await stack.enter_async_context(fake_provider(hang))
        new = await stack.enter_async_context(fake_provider(whole(CHAT_LIST)))
        out = await stack.enter_async_context(outward(configured(providers={"p": table(old)})))
        await out.catalogue.refresh(out.config, 0.1)
        out.apply(configured(providers={"p": table(new)}))
        await out.catalogue.refresh(out.config, 5)
        assert names(out) == ["p/glm-4.7"]


async def test_those_that_are_off_are_neither_asked_nor_shown() -> None:
    async with fake_provider(whole(CHAT_LIST)) as fake:
        on, off = (configured(providers={"p": table(fake, enabled=value)}) for value in (True, False))
        async with outward(off) as out:
            await out.catalogue.refresh(off, 5)
            assert fake.received == []
            await out.catalogue.refresh(on, 5)
            assert [*out.catalogue.known(off)] == []
            assert len([*out.catalogue.known(on)]) == 1


async def test_where_everything_stays_here_only_those_here_are_asked() -> None:
    remote = {"kind": "openai-compatible", "base_url": "http://remote.invalid", "key": "none"}
    async with fake_provider(whole(CHAT_LIST)) as fake:
        config = configured(providers={"here": table(fake), "there": remote}, routing={"local_only": True})
        async with outward(config) as out:
            await out.catalogue.refresh(config, 5)
            assert names(out) == ["here/glm-4.7"]


async def test_the_next_key_is_asked_with_where_one_is_refused() -> None:
    async def script(request: web.Request) -> web.StreamResponse:
        is_good = request.headers["authorization"] == "Bearer good"
        return web.Response(body=CHAT_LIST if is_good else b"{}", status=200 if is_good else 401)

    async with fake_provider(script) as fake:
        config = configured(
            providers={"p": table(fake, key=None, keys=["keyring:one", "keyring:two", "keyring:three"])}
        )
        secrets = {"p/one": "bad", "p/two": "good", "p/three": "never asked with"}
        async with outward(config, **secrets) as out:
            await out.catalogue.refresh(config, 5)
            assert names(out) == ["p/glm-4.7"]
            assert len(fake.received) == 2


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_told_in_plain_words(status: int) -> None:
    async with fake_provider(whole(b'{"error":{"message":"No."}}', status=status)) as fake:
        config = configured(providers={"p": table(fake, key="keyring")})
        async with outward(config, p="sk-secret-4711") as out:
            with pytest.raises(Failure) as raised:
                await out.catalogue.fetch(Provider("p", config.providers["p"]))
    assert raised.value.sentence == "The provider p refuses its key: No."
    assert str(raised.value) == raised.value.sentence


async def test_a_provider_without_a_list_says_so() -> None:
    config = configured(providers={"p": {"kind": "vertex", "project": "x", "key": "none"}})
    async with outward(config) as out:
        with pytest.raises(Failure, match="offers no list of its models"):
            await out.catalogue.fetch(Provider("p", config.providers["p"]))


async def test_closing_ends_what_is_being_asked() -> None:
    async with fake_provider(hang) as fake:
        config = configured(providers={"p": table(fake)})
        async with outward(config) as out:
            await out.catalogue.refresh(config, 0.1)
        await fake.hung_up.wait()
        assert names(out) == []
