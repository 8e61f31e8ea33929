"""How much context a model near has or is given, and how it is kept."""

from typing import Any

import msgspec
import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from proxy.config import ProviderConfig
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from proxy.server.choosing.rooms import Room, given, is_told, kept, most, room, wanted_for
from tests.proxy.configured import configured

OLLAMA, LM_STUDIO, LLAMACPP = ServerKind.OLLAMA, ServerKind.LM_STUDIO, ServerKind.LLAMACPP
NATIVE: dict[str, Any] = {"kind": "ollama"}
AS_OTHERS: dict[str, Any] = {"kind": "openai-compatible", "base_url": "http://127.0.0.1:11434/v1"}
sizes = st.integers(1, 2_000_000)


def model(
    loaded: bool | None, context: int | None = None, trained: int | None = None, **more: Any
) -> LocalModel:
    return LocalModel(name="m", is_loaded=loaded, context=context, most_context=trained, **more)


@pytest.mark.parametrize(
    ("kind", "told", "table", "params", "expected"),
    [
        (OLLAMA, model(False, None, 131072), NATIVE, {}, Room(65536)),
        (OLLAMA, model(True, 4096, 131072), NATIVE, {}, Room(65536)),
        (OLLAMA, model(True, 100_000, 131072), NATIVE, {}, Room(100_000)),
        (OLLAMA, model(True, 4096, 8192), NATIVE, {}, Room(8192)),
        (OLLAMA, model(True, 4096, 8192), NATIVE, {"num_ctx": 2048}, Room(2048)),
        (OLLAMA, model(True, 4096, 8192), NATIVE, {"num_ctx": 100_000}, Room(8192)),
        (OLLAMA, model(False), NATIVE, {}, Room(65536)),
        (OLLAMA, model(True, 32768, 131072), AS_OTHERS, {}, Room(32768)),
        (OLLAMA, model(False, None, 131072), AS_OTHERS, {}, Room(4096, is_guess=True)),
        (OLLAMA, model(False, None, 131072), {**NATIVE, "formats": ["chat"]}, {}, Room(4096, is_guess=True)),
        (OLLAMA, model(None, None, 131072, is_remote=True), NATIVE, {}, Room(131072)),
        (LM_STUDIO, model(True, 8192, 131072), {"kind": "lmstudio"}, {}, Room(8192)),
        (LM_STUDIO, model(False, None, 131072), {"kind": "lmstudio"}, {}, Room(4096, is_guess=True)),
        (LM_STUDIO, model(False, None, 2048), {"kind": "lmstudio"}, {}, Room(2048, is_guess=True)),
        (LM_STUDIO, model(False), {"kind": "lmstudio"}, {}, Room(4096, is_guess=True)),
        (LM_STUDIO, model(None), {"kind": "lmstudio"}, {}, Room(None)),
        (LLAMACPP, model(False, None, 32768), {"kind": "llamacpp"}, {}, Room(32768)),
        (LLAMACPP, model(True, 8192, 32768), {"kind": "llamacpp"}, {}, Room(8192)),
    ],
)
def test_a_model_has_the_room_that_it_has_or_is_going_to_have(
    kind: ServerKind, told: LocalModel, table: dict[str, Any], params: dict[str, Any], expected: Room
) -> None:
    assert room(kind, told, params, msgspec.convert(table, ProviderConfig), configured()) == expected


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (NATIVE, True),
        ({**NATIVE, "formats": ["ollama"]}, True),
        ({**NATIVE, "formats": ["ollama", "chat"]}, False),
        (AS_OTHERS, False),
    ],
)
def test_only_in_its_own_way_ollama_can_be_told_how_much_to_give(table: dict[str, Any], told: bool) -> None:
    assert is_told(msgspec.convert(table, ProviderConfig)) == told


@for_any(sizes, st.just(0) | sizes, sizes)
def test_what_is_given_is_enough_or_all_that_may_be_given(wanted: int, has: int, at_most: int) -> None:
    size = given(wanted, has, max(has, at_most))
    assert has <= size <= max(has, at_most)
    assert size >= wanted or size == max(has, at_most)
    assert given(wanted, size, max(size, at_most)) == size or size < wanted, "asked again, it stays as it is"


@for_any(st.lists(st.integers(1, 200_000), min_size=1))
def test_whatever_is_asked_in_whatever_order_the_model_is_loaded_anew_only_to_grow(
    prompts: list[int],
) -> None:
    has, loads = 0, list[int]()
    for prompt in prompts:
        size = given(wanted_for(prompt, None), has, 262_144)
        if size != has:
            loads.append(size)
        has = size
    assert loads == sorted(set(loads))
    assert len(loads) <= 6


@pytest.mark.parametrize(
    ("version", "margin"),
    [("0.12.5", 1.5), ("0.9.0", 1.5), ("0.12.6", 1.1), ("0.13.0-rc1", 1.1), ("1.0.0", 1.1), ("dev", 1.1)],
)
def test_a_version_that_does_not_refuse_gets_more_than_is_estimated(version: str, margin: float) -> None:
    server = LocalServer(kind=OLLAMA, place=Place("127.0.0.1", 11434), version=version)
    assert wanted_for(100_000, server) == int(100_000 * margin) + 4096


def test_of_a_model_that_is_not_known_as_much_is_asked_as_the_user_allows() -> None:
    assert most(None, configured(local={"context": 10_000})) == 10_000


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        ("ollama", "30m", {"keep_alive": 1800}),
        ("ollama", "forever", {"keep_alive": -1}),
        ("ollama", "", {}),
        ("lmstudio", "90s", {"ttl": 90}),
        ("lmstudio", "forever", {}),
        ("llamacpp", "30m", {}),
        ("vllm", "30m", {}),
    ],
)
def test_each_server_is_told_in_its_own_words_how_long(kind: str, said: str, told: dict[str, int]) -> None:
    assert kept(kind, said) == told
