"""A request of Anthropic's in neutral words."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.text import texts_in
from tests.fakes.script import ToolResult


def read_anthropic(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body of this format in neutral words; clouds that serve it differ only around it."""
    messages = body.get("messages") or []
    systems = [message.get("content") for message in messages if message.get("role") == "system"]
    users = [texts_in(message.get("content")) for message in messages if message.get("role") == "user"]
    thinking = (body.get("thinking") or {}).get("type")
    return {
        "system": "\n".join(filter(None, map(texts_in, [body.get("system"), *systems]))),
        "user": next((text for text in reversed(users) if text), ""),
        "tools": tuple(tool.get("name", "") for tool in body.get("tools") or ()),
        "results": tuple(_results(messages)),
        "thinking": None if thinking is None else thinking != "disabled",
        "max_tokens": body.get("max_tokens"),
    }


def _results(messages: list[Any]) -> list[ToolResult]:
    names: dict[str, str] = {}
    results: list[ToolResult] = []
    for block in (block for message in messages for block in blocks_of(message)):
        if block.get("type") == "tool_use":
            names[block.get("id", "")] = block.get("name", "")
        if block.get("type") == "tool_result":
            id_ = block.get("tool_use_id", "")
            text = texts_in(block.get("content"))
            results.append(ToolResult(names.get(id_, ""), id_, text, block.get("is_error") is True))
    return results


def blocks_of(message: Mapping[str, Any]) -> list[Any]:
    content = message.get("content")
    return content if isinstance(content, list) else []
