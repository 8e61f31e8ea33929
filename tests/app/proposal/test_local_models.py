"""What a local model may do, by its size, its window and its tools."""

from typing import Any

import pytest

from app.proposal.local_models import Judged, Level, Machine
from app.proposal.local_models import judged as judged_as
from proxy.config import ProviderKind
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from tests.app.proposal.here import model, ollama, server, strong

NOTHING_KNOWN = Machine()


def judged(
    model: LocalModel, server: LocalServer, machine: Machine = NOTHING_KNOWN, kind: ProviderKind | None = None
) -> Judged | str:
    """As the service p/m, of a provider as its server would be configured, if not of another kind."""
    return judged_as(model, server, machine, "p/m", kind or server.sort.provider)


def outcome(
    kind: ServerKind = ServerKind.LLAMACPP, machine: Machine = NOTHING_KNOWN, **said: Any
) -> Judged | str:
    return judged(model("m", **said), server(kind=kind), machine)


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ({"parameters": "30.5B"}, Level.MEDIUM),
        ({"parameters": "29B", "context": 32767}, Level.SIMPLE),
        ({"parameters": "24B"}, Level.SIMPLE),
        ({"parameters": "7.2B"}, Level.SIMPLE),
        ({"parameters": "4B"}, Level.SPARE),
        ({"parameters": "30.5B", "context": 16383}, Level.SPARE),
        ({"parameters": "30.5B", "tools": None}, Level.SIMPLE),
        ({"parameters": "30.5B", "context": None}, Level.SIMPLE),
        ({"parameters": "", "tools": True}, Level.SIMPLE),
        ({"parameters": "", "tools": None}, Level.SPARE),
    ],
)
def test_more_is_trusted_to_those_of_whom_more_is_known(said: dict[str, Any], level: Level) -> None:
    found = outcome(**said)
    assert isinstance(found, Judged)
    assert found.level is level


@pytest.mark.parametrize("name", ["qwen3-coder-24b", "devstral-24b", "codestral-23b"])
def test_a_coder_needs_less_weight(name: str) -> None:
    found = judged(model(name, parameters=""), server())
    assert isinstance(found, Judged)
    assert found.level is Level.MEDIUM


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"chats": False}, "does not answer in words"),
        ({"is_remote": True}, "no local model"),
        ({"tools": False}, "takes no tools"),
        ({"parameters": "1.5B"}, "1.5B parameters are too few"),
        ({"context": 4096}, "takes 4,096 tokens, and a coding agent's prompt has 20,000 to 60,000"),
        ({"context": 4096, "most_context": 131072}, "it could take 131,072: load it with 32,768 at least"),
        ({"context": 4096, "most_context": 16384}, "load it with 16,384 at least"),
    ],
)
def test_what_is_of_no_use_is_left_out_with_the_reason(said: dict[str, Any], words: str) -> None:
    found = outcome(**said)
    assert isinstance(found, str)
    assert words in found


def test_a_window_that_could_not_be_wider_is_not_advised_about() -> None:
    found = outcome(context=2048, most_context=4096)
    assert isinstance(found, str)
    assert "load it" not in found


@pytest.mark.parametrize(
    ("kind", "level"), [(ServerKind.LM_STUDIO, Level.SPARE), (ServerKind.VLLM, Level.SIMPLE)]
)
def test_a_window_that_is_not_known_counts_less_where_prompts_are_cut(kind: ServerKind, level: Level) -> None:
    found = outcome(kind, context=None)
    assert isinstance(found, Judged)
    assert found.level is level
    assert "its window is not known" in found.why


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"context": 4096, "most_context": 262144}, "takes 65,536 tokens"),
        ({"context": 4096, "most_context": 40960}, "takes 40,960 tokens"),
        ({"context": 131072, "most_context": 262144}, "takes 131,072 tokens"),
        ({"context": 32768, "most_context": None}, "takes 32,768 tokens"),
    ],
)
def test_an_ollama_makes_room_for_what_it_is_asked(said: dict[str, Any], words: str) -> None:
    found = outcome(ServerKind.OLLAMA, **said)
    assert isinstance(found, Judged)
    assert words in found.why


def test_another_server_has_the_window_it_was_started_with() -> None:
    assert isinstance(outcome(ServerKind.LM_STUDIO, context=4096, most_context=262144), str)


def test_an_ollama_that_is_asked_as_something_else_makes_no_room() -> None:
    roomy = model(context=4096, most_context=262144)
    assert isinstance(judged(roomy, ollama()), Judged)
    found = judged(roomy, ollama(), kind="openai-compatible")
    assert isinstance(found, str)
    assert "takes 4,096 tokens" in found


def test_a_model_that_a_request_would_load_is_better_loaded_before() -> None:
    found = outcome(ServerKind.LM_STUDIO, context=None, is_loaded=False)
    assert isinstance(found, Judged)
    assert found.doubt == ("loaded by a request it may get few tokens: load it with 32,768 at least")
    assert found.why.endswith(found.doubt)
    assert found.level is Level.SPARE


GIB = 2**30


def test_a_model_that_does_not_fit_into_memory_is_left_out_unless_it_is_there_already() -> None:
    small = Machine(memory=16 * GIB)
    found = judged(strong(size=65_000_000_000), ollama(), small)
    assert isinstance(found, str)
    assert found.startswith("it has 65 GB, and this machine 16 GB of memory")
    loaded = judged(strong(size=65_000_000_000, is_loaded=True), ollama(), small)
    assert isinstance(loaded, Judged)
    elsewhere = ollama(place=Place("192.168.1.7", 11434))
    there = judged(strong(size=65_000_000_000), elsewhere, small)
    assert isinstance(there, Judged)
    assert there.why.startswith("at 192.168.1.7: ")


@pytest.mark.parametrize(
    ("size", "memory", "level"),
    [
        (5_200_000_000, 8, Level.SPARE),
        (5_200_000_000, 16, Level.MEDIUM),
        (13_800_000_000, 16, Level.SPARE),
        (13_800_000_000, 24, Level.MEDIUM),
        (18_600_000_000, 24, Level.SPARE),
        (18_600_000_000, 32, Level.MEDIUM),
        (None, 8, Level.MEDIUM),
    ],
)
def test_a_model_needs_memory_for_prompts_and_all_else_as_well(
    size: int | None, memory: int, level: Level
) -> None:
    found = judged(strong(size=size), ollama(), Machine(memory=memory * GIB))
    assert isinstance(found, Judged)
    assert found.level is level
    tight = f"with an agent's prompts it is tight in {memory} GB of memory"
    assert found.doubt == (tight if level is Level.SPARE else "")
    in_memory = judged(strong(size=size, is_loaded=True), ollama(), Machine(memory=memory * GIB))
    assert isinstance(in_memory, Judged)
    assert in_memory.level is Level.MEDIUM


@pytest.mark.parametrize(("speed", "level"), [(4.0, Level.SPARE), (40.0, Level.MEDIUM)])
def test_a_model_that_was_seen_to_be_slow_is_trusted_with_less(speed: float, level: Level) -> None:
    found = judged(strong(), server(), Machine(speeds={"p/m": speed}))
    assert isinstance(found, Judged)
    assert found.level is level
    assert f"{speed:.0f} tokens a second" in found.why
    assert ("minutes for an answer" in found.why) == (level is Level.SPARE)


def test_the_reason_says_what_is_not_known() -> None:
    found = judged(model("mystery", parameters="", tools=None, context=None, is_loaded=None), server())
    assert isinstance(found, Judged)
    assert found.why == (
        "on this machine and free: size not known, its window is not known, "
        "whether it takes tools is not known"
    )


def test_what_is_known_of_the_family_counts_where_the_server_is_silent() -> None:
    found = judged(strong("qwen3-coder-30b", tools=None), server())
    assert isinstance(found, Judged)
    assert found.level is Level.MEDIUM
