from typing import Any

import pytest

from benchmarks.savings.record.filler import is_filler
from benchmarks.savings.record.replacing import Ours, replaced

TYPED = "where is the attic?"
OURS = Ours({TYPED, "yes", "A long prompt of ours", "It is in the attic."})


def user(*content: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(content)}


def used(tool: str) -> dict[str, Any]:
    return {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "1", "name": tool, "input": {"a": "b"}}],
    }


def result(tool: str, text: str) -> str:
    body = {"messages": [used(tool), user({"type": "tool_result", "tool_use_id": "1", "content": text})]}
    changed = replaced(body, OURS)["messages"]
    assert changed[0] == body["messages"][0]
    return str(changed[1]["content"][0]["content"])


def test_what_was_typed_stays_and_what_stands_around_it_goes() -> None:
    told = [
        {"type": "text", "text": "<system-reminder>Answer briefly</system-reminder>"},
        {"type": "text", "text": TYPED, "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": f"<session>\n{TYPED}\n</session>\nGive it a heading"},
    ]
    reminder, typed, wrapped = replaced({"messages": [user(*told)]}, OURS)["messages"][0]["content"]
    assert typed == told[1]
    assert is_filler(reminder["text"])
    before, after = wrapped["text"].split(TYPED)
    assert before == "<session>\n"
    assert is_filler(after)


def test_a_short_text_is_ours_only_where_it_stands_alone() -> None:
    said = {"messages": [{"role": "user", "content": "yes"}, {"role": "user", "content": "say yes or no"}]}
    alone, within = replaced(said, OURS)["messages"]
    assert alone["content"] == "yes"
    assert is_filler(within["content"])


def test_instructions_go_wherever_they_stand() -> None:
    told = [{"type": "text", "text": "Be helpful."}]
    body = {
        "system": told,
        "instructions": "Be helpful.",
        "messages": [{"role": "system", "content": "Be helpful."}],
        "input": [{"type": "message", "role": "developer", "content": told}],
    }
    changed = replaced(body, OURS)
    texts = [changed["system"][0]["text"], changed["instructions"], changed["messages"][0]["content"]]
    assert all(map(is_filler, [*texts, changed["input"][0]["content"][0]["text"]]))


def test_of_tools_only_names_stay() -> None:
    schema = {
        "type": "object",
        "title": "Arguments of it",
        "properties": {"description": {"type": "string", "description": "What it does", "enum": ["low-key"]}},
        "required": ["description"],
    }
    tool = {"name": "Read", "description": "Reads any file", "input_schema": schema}
    inner = {
        "type": "namespace",
        "name": "agents",
        "tools": [{"type": "function", "name": "spawn", "description": "Adds"}],
    }
    read, namespace = replaced({"tools": [tool, inner]}, OURS)["tools"]
    changed = read["input_schema"]
    assert (read["name"], changed["required"], changed["type"]) == ("Read", ["description"], "object")
    assert changed["properties"]["description"]["enum"] == ["low-key"]
    assert namespace["tools"][0]["name"] == "spawn"
    told = [read["description"], changed["title"], changed["properties"]["description"]["description"]]
    assert all(map(is_filler, [*told, namespace["tools"][0]["description"]]))


@pytest.mark.parametrize(
    ("tool", "text", "kept"),
    [
        ("Bash", "2 failed", "2 failed"),
        ("Read", "1\timport os\n2\t", "1\timport os\n2\t"),
        ("Agent", "It is in the attic.", "It is in the attic."),
    ],
)
def test_results_that_show_what_is_ours_stay(tool: str, text: str, kept: str) -> None:
    assert result(tool, text) == kept


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("Edit", "The file has been changed."),
        ("Read", "Nothing has changed since then."),
        ("Bash", "<system-reminder>\nBe careful\n</system-reminder>"),
        ("Bash", "(Bash completed with no output)"),
    ],
)
def test_remarks_of_the_client_go(tool: str, text: str) -> None:
    assert is_filler(result(tool, text))


def test_a_block_that_nobody_knows_stops_the_recording() -> None:
    with pytest.raises(ValueError, match="nothing is known of blocks of the type novelty"):
        replaced({"messages": [user({"type": "novelty"})]}, OURS)
