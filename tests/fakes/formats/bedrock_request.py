"""A request of Converse in neutral words."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.text import compact
from tests.fakes.script import ToolResult


def read_converse(body: Mapping[str, Any]) -> dict[str, Any]:
    messages = body.get("messages") or []
    users = [_texts(message.get("content")) for message in messages if message.get("role") == "user"]
    thinking = ((body.get("additionalModelRequestFields") or {}).get("thinking") or {}).get("type")
    tools = (body.get("toolConfig") or {}).get("tools") or ()
    return {
        "system": _texts(body.get("system")),
        "user": next((text for text in reversed(users) if text), ""),
        "tools": tuple(tool["toolSpec"]["name"] for tool in tools if "toolSpec" in tool),
        "results": tuple(_results(messages)),
        "thinking": None if thinking is None else thinking != "disabled",
        "max_tokens": (body.get("inferenceConfig") or {}).get("maxTokens"),
    }


def _results(messages: list[Any]) -> list[ToolResult]:
    blocks = [block for message in messages for block in message.get("content") or ()]
    names = {
        block["toolUse"]["toolUseId"]: block["toolUse"]["name"] for block in blocks if "toolUse" in block
    }
    told = [block["toolResult"] for block in blocks if "toolResult" in block]
    return [
        ToolResult(names.get(id_, ""), id_, _texts(result.get("content")), result.get("status") == "error")
        for result in told
        for id_ in [result.get("toolUseId", "")]
    ]


def _texts(content: Any) -> str:
    """JSON in a result is as good as text."""
    blocks = content if isinstance(content, list) else []
    texts = [
        block["text"] if "text" in block else compact(block["json"])
        for block in blocks
        if {"text", "json"} & {*block}
    ]
    return "\n".join(texts)
