"""Tool names that fit the target, and the way back."""

import re

from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.canonical import Conversation, Message, Role, Tool, ToolCall, ToolGroup, ToolRef
from proxy.wire.format import Format
from proxy.wire.names import NameRule, Naming

RULE = NameRule()


def naming(*tools: Tool | ToolGroup) -> Naming:
    return Naming(Conversation(format=Format.RESPONSES, tools=tools), RULE)


def test_a_name_that_fits_is_kept() -> None:
    names = naming(Tool("mcp__files__read-all"))
    assert names.sent("mcp__files__read-all") == "mcp__files__read-all"
    assert names.names.original == {}


def test_the_tools_of_a_group_are_called_by_both_names_and_find_their_way_back() -> None:
    names = naming(ToolGroup("agents", (Tool("spawn"), Tool("wait"))), Tool("spawn"))
    assert [name for name, _ in names.tools] == ["agents__spawn", "agents__wait", "spawn"]
    assert names.names.restored("agents__spawn") == ToolRef("spawn", "agents")
    assert names.names.restored("spawn") == ToolRef("spawn")


def test_names_that_would_become_the_same_stay_apart() -> None:
    names = naming(ToolGroup("a", (Tool("b"),)), Tool("a__b"))
    sent = [name for name, _ in names.tools]
    assert len(set(sent)) == 2
    assert [names.names.restored(name) for name in sent] == [ToolRef("b", "a"), ToolRef("a__b")]


def test_custom_tools_are_known_again() -> None:
    assert naming(Tool("apply_patch", custom=True)).names.restored("apply_patch").custom


def test_a_tool_that_only_the_history_calls_has_a_name_too() -> None:
    message = Message(Role.ASSISTANT, (ToolCall("1", "read", "{}", namespace="old"),))
    names = Naming(Conversation(format=Format.RESPONSES, messages=(message,)), RULE)
    assert names.sent("read", "old") == "old__read"


@given(st.lists(st.text(max_size=90), max_size=6, unique=True))
def test_any_names_come_out_valid_distinct_and_reversible(wanted: list[str]) -> None:
    names = naming(*(Tool(name) for name in wanted))
    sent = [name for name, _ in names.tools]
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in sent)
    assert [names.names.restored(name).name for name in sent] == wanted
    assert sent == [name for name, _ in naming(*(Tool(name) for name in wanted)).tools]
