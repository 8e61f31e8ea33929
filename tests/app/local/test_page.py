"""`tierwise detect` in words: every state, and what nobody knows."""

from typing import Any

import pytest

from app.local.page import page_of
from tests.app.local.told import model, server, told


def head(**said: Any) -> str:
    return page_of(told(server(model(), **said))).splitlines()[0]


def row(**said: Any) -> list[str]:
    """The cells of a model, which are two blanks apart."""
    lines = page_of(told(server(model(**said)))).splitlines()
    titles, cells = lines[1].strip(), lines[2]
    starts = [lines[1].index(title) for title in titles.split()]
    ends = [*starts[1:], len(cells)]
    return [cells[start:end].strip() for start, end in zip(starts, ends, strict=True)][1:]


def test_without_servers_it_says_what_would_be_found() -> None:
    page = page_of(told())
    assert page.startswith("No model server was found on this machine.")
    assert "[[local.servers]]" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Ollama 0.34.2 at http://127.0.0.1:11434: ready, not configured yet, ollama by name"),
        ({"version": ""}, "Ollama at http://127.0.0.1:11434: ready, not configured yet, ollama by name"),
        ({"state": "loading"}, "loading its model"),
        ({"state": "locked"}, "wants a key"),
        ({"state": "gone"}, "does not answer"),
        ({"state": "in a state of a later version"}, "in a state of a later version"),
        ({"configured": True, "name": "desk"}, ": ready, provider desk"),
        ({"configured": True, "name": "desk", "enabled": False}, ": ready, provider desk, switched off"),
        ({"slots": 4}, ": ready, 4 at a time, "),
        ({"exposed": True}, "; other machines can reach it"),
    ],
)
def test_the_head_says_how_a_server_is(said: dict[str, Any], words: str) -> None:
    assert words in head(**said)


@pytest.mark.parametrize("exposed", [False, None])
def test_whoever_may_not_be_reachable_is_not_called_so(exposed: bool | None) -> None:
    assert "other machines" not in head(exposed=exposed)


@pytest.mark.parametrize(
    ("said", "cells"),
    [
        ({}, ["no", "up to 40,960", "tools", "8.2B Q4_K_M 5.2 GB", "unknown", "-"]),
        ({"loaded": True, "context": 4096}, ["yes", "4,096 of 40,960"]),
        ({"loaded": True, "context": 40960}, ["yes", "40,960"]),
        ({"loaded": True, "context": 8192, "most_context": None}, ["yes", "8,192"]),
        ({"loaded": None, "most_context": None}, ["unknown", "unknown"]),
        ({"local": False}, ["in the cloud", "up to 40,960"]),
        (
            {"tools": True, "vision": True, "thinking": True},
            ["no", "up to 40,960", "tools, vision, thinking"],
        ),
        (
            {"tools": None, "vision": None, "thinking": None},
            ["no", "up to 40,960", "tools?, vision?, thinking?"],
        ),
        ({"tools": False}, ["no", "up to 40,960", "chat"]),
        ({"chats": False}, ["no", "up to 40,960", "no chat"]),
        (
            {"size": None, "parameters": "", "quantisation": ""},
            ["no", "up to 40,960", "tools", "unknown"],
        ),
        ({"size": 560_000}, ["no", "up to 40,960", "tools", "8.2B Q4_K_M 0.6 MB"]),
        (
            {"tokens_per_second": 41.5, "tiers": ["SIMPLE", "MEDIUM"]},
            ["no", "up to 40,960", "tools", "8.2B Q4_K_M 5.2 GB", "41.5 tokens/s", "SIMPLE, MEDIUM"],
        ),
    ],
)
def test_a_model_is_a_row_in_which_the_unknown_is_unknown(said: dict[str, Any], cells: list[str]) -> None:
    assert row(**said)[: len(cells)] == cells


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"state": "ready"}, "no models"),
        (
            {"state": "locked", "name": "lmstudio-2", "kind": "lmstudio", "url": "http://127.0.0.1:1234"},
            "providers add lmstudio-2 --kind lmstudio --base-url http://127.0.0.1:1234/v1` asks for its key",
        ),
        (
            {"state": "locked", "kind": "a later one", "url": "http://127.0.0.1:9"},
            "--kind openai-compatible --base-url http://127.0.0.1:9/v1` asks",
        ),
        ({"state": "locked", "configured": True, "name": "desk"}, "providers test desk`"),
    ],
)
def test_a_server_that_lists_nothing_says_why(said: dict[str, Any], line: str) -> None:
    assert line in page_of(told(server(**said))).splitlines()[1]


@pytest.mark.parametrize("state", ["gone", "loading"])
def test_a_server_that_cannot_list_anything_now_is_one_line(state: str) -> None:
    assert len(page_of(told(server(state=state))).splitlines()) == 1


def test_the_next_step_is_with_the_first_model_that_may_be_used() -> None:
    models = [model("embed", chats=False), model("glm:cloud", local=False), model("a"), model("b")]
    last = page_of(told(server(*models))).splitlines()[-1]
    assert "tiers propose`" in last
    assert "detect --use ollama/a --tier SIMPLE`" in last


@pytest.mark.parametrize(
    "models", [[], [model("glm:cloud", local=False)], [model("a"), model("b", tiers=["SIMPLE"])]]
)
def test_without_a_model_to_use_or_with_one_in_use_there_is_no_next_step(models: list[Any]) -> None:
    assert "propose" not in page_of(told(server(*models)))


def test_who_has_switched_the_looking_off_is_reminded() -> None:
    assert page_of(told(server(), enabled=False)).endswith("`enabled = false`.")
    assert "enabled" not in page_of(told(server()))


@pytest.mark.parametrize("state", ["ready", "locked"])
def test_for_a_server_that_is_switched_off_no_next_step_is_told(state: str) -> None:
    models = [model()] if state == "ready" else []
    page = page_of(told(server(*models, state=state, configured=True, enabled=False)))
    assert "switched off" in page
    assert "`" not in page
