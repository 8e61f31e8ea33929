import json
from pathlib import Path
from typing import Any

import pytest
from multidict import CIMultiDict

from benchmarks.savings.record.hands import ClaudeHands
from benchmarks.savings.record.playing import Playing
from benchmarks.savings.record.scenario import Act, Scenario, Step, Typed
from proxy.wire.format import Format
from tests.fakes.fault import Fault
from tests.fakes.script import Asked, Turn

TYPED = Typed(
    40,
    "look around please",
    (
        Step(
            "Two look.",
            acts=(
                Act("a", "One | Look in the attic", steps=(Step("An old chest."),)),
                Act("a", "Two | Look in the cellar", steps=(Step("Water."),)),
            ),
        ),
        Step("Both are back.", is_full=True),
    ),
)


def asked(user: str, *tools: str, agent: str = "", thinking: bool | None = None) -> Asked:
    body: dict[str, Any] = {"messages": [{"role": "user", "content": user}]}
    headers = CIMultiDict({"x-app": "cli", **({"x-claude-code-agent-id": agent} if agent else {})})
    told = {"user": user, "tools": tools, "thinking": thinking}
    return Asked(Format.ANTHROPIC, "/v1/messages", headers, body, "claude-opus-4-8", **told)


MAIN = asked("look around please", "Agent", "Bash", thinking=True)


@pytest.fixture
def playing() -> Playing:
    told = Scenario("one", "subagents", "claude-code", "claude-opus-4-8", "shop", (TYPED,))
    playing = Playing(told, ClaudeHands(), Path("/w"))
    playing.begins(TYPED)
    return playing


def test_agents_are_known_by_what_they_are_asked_whoever_comes_first(playing: Playing) -> None:
    playing(MAIN)
    second = playing(asked("Look in the cellar", "Bash", agent="b"))
    first = playing(asked("Look in the attic", "Bash", agent="a"))
    assert isinstance(first, Turn)
    assert isinstance(second, Turn)
    assert (first.text, second.text) == ("An old chest.", "Water.")
    assert [(one.call, one.agent) for one in playing.played] == [
        ("main", -1),
        ("subagent", 1),
        ("subagent", 0),
    ]


def test_a_full_window_is_refused_until_the_client_has_summed_up(playing: Playing) -> None:
    playing(MAIN)
    assert isinstance(playing(MAIN), Fault)
    summed_up = playing(asked("Now a summary of the conversation", "Bash"))
    assert isinstance(summed_up, Turn)
    assert summed_up.text.startswith("<summary>\nThe user asked, one after the other:\n- look around please")
    assert not playing.is_over.is_set()
    last = playing(MAIN)
    assert isinstance(last, Turn)
    assert last.text == "Both are back."
    assert playing.is_over.is_set()
    assert [one.call for one in playing.played] == ["main", "compaction", "main"]


def test_only_the_first_request_of_a_turn_carries_what_was_typed_and_has_been_waited_for(
    playing: Playing,
) -> None:
    title = playing(asked("look around please"))
    assert isinstance(title, Turn)
    assert json.loads(title.text) == {"title": "Look around please"}
    playing(MAIN)
    playing(asked("Look in the attic", "Bash", agent="a"))
    told = [(one.call, one.typed, one.wait) for one in playing.played]
    assert told == [("title", False, 40), ("main", True, 40), ("subagent", False, 0)]


def test_an_answer_is_billed_with_what_was_thought(playing: Playing) -> None:
    turn = playing(MAIN)
    assert isinstance(turn, Turn)
    (played,) = playing.played
    assert turn.thinking
    assert turn.usage.output == played.output_tokens > len(turn.text) // 4 + 30
