"""From what a client sent to what may be kept: every text that is its vendor's becomes filler of its size.

What stays is named, and all else goes: the texts of the scenario, what the tools brought that show our own
programs and files, and the names by which shapes are known.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.savings.record.filler import filler

_SHOWING = frozenset({"Bash", "Read", "exec_command"})
"""Tools whose results are our programs' output and our files."""
_NAMED = frozenset({"name", "type", "$schema", "role", "syntax"})
_LISTED = frozenset({"enum", "required"})
_NAME = re.compile(r"[\w.:/-]{1,48}")
_INNER = re.compile(
    r"(<system-reminder>.*?</system-reminder>|<tool_use_error>.*|\(Bash completed [a-z ]+\))", re.DOTALL
)
"""What clients put into a result that shows something."""
_NUMBERED = re.compile(r"\s*\d+[\t→].*")
_LONG_ENOUGH = 12
"""For a text of ours to be looked for within others."""

_Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Ours:
    """The texts that the scenario put into the session."""

    texts: Collection[str]

    def kept(self, text: str) -> str:
        """The text, with what lies between our texts replaced."""
        if text in self.texts:
            return text
        found = [ours for ours in self.texts if len(ours) >= _LONG_ENOUGH and ours in text]
        if not found:
            return filler(text)
        pieces = re.split("(" + "|".join(map(re.escape, sorted(found, key=len, reverse=True))) + ")", text)
        return "".join(piece if piece in self.texts else filler(piece) for piece in pieces)


def replaced(body: Mapping[str, Any], ours: Ours) -> dict[str, Any]:
    """The whole body; members that hold no texts stay as they are."""
    called = dict(_calls(body))
    members: dict[str, _Change] = {
        "system": _filled,
        "instructions": _filled,
        "tools": _tool_texts,
        "messages": lambda messages: [_message(one, ours, called) for one in messages],
        "input": lambda items: [_item(one, ours, called) for one in items],
    }
    return {name: members.get(name, _same)(value) for name, value in body.items()}


def _same(value: Any) -> Any:
    return value


def _calls(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each call's id and its tool."""
    blocks = [
        one for message in body.get("messages", ()) for one in message["content"] if isinstance(one, dict)
    ]
    used = [(one["id"], one["name"]) for one in blocks if one["type"] == "tool_use"]
    items = [one for one in body.get("input", ()) if one.get("type", "").endswith("_call")]
    return used + [(one["call_id"], one.get("name", "")) for one in items]


def _message(message: dict[str, Any], ours: Ours, called: Mapping[str, str]) -> dict[str, Any]:
    if message["role"] == "system":
        return message | {"content": _filled(message["content"])}
    if isinstance(message["content"], str):
        return message | {"content": ours.kept(message["content"])}
    return message | {"content": [_block(one, ours, called) for one in message["content"]]}


def _block(block: dict[str, Any], ours: Ours, called: Mapping[str, str]) -> dict[str, Any]:
    match block["type"]:
        case "text":
            return block | {"text": ours.kept(block["text"])}
        case "tool_result":
            return block | {"content": _result(block["content"], called[block["tool_use_id"]], ours)}
        case "tool_use" | "thinking":
            return block
        case other:
            raise ValueError(f"nothing is known of blocks of the type {other}")


def _result(content: Any, tool: str, ours: Ours) -> Any:
    if isinstance(content, list):
        return [one | {"text": _result(one["text"], tool, ours)} for one in content]
    if tool not in _SHOWING:
        return ours.kept(content)
    if "<persisted-output>" in content:
        raise ValueError("the result is too long: the client has put it into a file")
    shown = _INNER.sub(lambda inner: filler(inner[0]), content)
    return _of_a_file(shown) if tool == "Read" else shown


def _of_a_file(shown: str) -> str:
    """Lines of a file have numbers; what has none is the client's remark."""
    lines = shown.split("\n")
    return "\n".join(line if _NUMBERED.fullmatch(line) else filler(line) for line in lines)


def _item(item: dict[str, Any], ours: Ours, called: Mapping[str, str]) -> dict[str, Any]:
    match item.get("type", "message"):
        case "message":
            change = filler if item["role"] in ("developer", "system") else ours.kept
            return item | {"content": [one | {"text": change(one["text"])} for one in item["content"]]}
        case "function_call_output":
            return item | {"output": _result(item["output"], called[item["call_id"]], ours)}
        case "function_call" | "reasoning":
            return item
        case other:
            raise ValueError(f"nothing is known of items of the type {other}")


def _filled(value: Any) -> Any:
    """Instructions, as a text or in blocks."""
    if isinstance(value, str):
        return filler(value)
    return [one | {"text": filler(one["text"])} for one in value]


def _tool_texts(value: Any, name: str = "") -> Any:
    """Of tools and their schemas: names stay."""
    match value:
        case str():
            return value if name in _NAMED or (name in _LISTED and _NAME.fullmatch(value)) else filler(value)
        case dict():
            return {inner: _tool_texts(held, inner) for inner, held in value.items()}
        case list():
            return [_tool_texts(held, name) for held in value]
        case _:
            return value
