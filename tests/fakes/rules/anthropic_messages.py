"""What Anthropic refuses about messages: their order, their blocks, calls and results without each other."""

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.speech import Memory, need

_ID = re.compile("[a-zA-Z0-9_-]+")
_BLOCKS = {
    "text": {"text", "cache_control", "citations"},
    "image": {"source", "cache_control"},
    "document": {"source", "title", "context", "citations", "cache_control"},
    "search_result": {"source", "title", "content", "citations", "cache_control"},
    "thinking": {"thinking", "signature"},
    "redacted_thinking": {"data"},
    "tool_use": {"id", "name", "input", "cache_control", "caller"},
    "tool_result": {"tool_use_id", "content", "is_error", "cache_control"},
}
"""Blocks of the vendor's own tools are not judged."""


def check_messages(messages: Any, memory: Memory, *, system_allowed: bool) -> None:
    need(messages is not None, "messages: Field required")
    need(isinstance(messages, list), "messages: Input should be a valid list")
    need(messages, "messages: at least one message is required")
    for place, message in enumerate(messages):
        _check_message(message, place, system_allowed=system_allowed)
    need(messages[0]["role"] == "user", 'messages: first message must use the "user" role')
    _check_last(messages[-1])
    _check_signatures(messages, memory)
    _check_pairs(messages)


def _check_message(message: Mapping[str, Any], place: int, *, system_allowed: bool) -> None:
    for member in message:
        need(member in ("role", "content"), f"messages.{place}.{member}: Extra inputs are not permitted")
    role, content = message.get("role"), message.get("content")
    need(
        role in ("user", "assistant", "system"),
        f"messages.{place}.role: Input should be 'user' or 'assistant'",
    )
    need(
        role != "system" or system_allowed,
        'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, '
        'not "system" as an input message role.',
    )
    need(content is not None, f"messages.{place}.content: Field required")
    need(isinstance(content, str | list), f"messages.{place}.content: Input should be a valid list")
    need(content or role == "assistant", f"messages.{place}: {role} messages must have non-empty content")
    for index, block in enumerate(content if isinstance(content, list) else []):
        _check_block(block, f"messages.{place}.content.{index}", role)


def _check_block(block: Any, where: str, role: str) -> None:
    need(isinstance(block, dict) and block.get("type"), f"{where}.type: Field required")
    type_ = block["type"]
    for member in block if type_ in _BLOCKS else ():
        need(
            member in _BLOCKS[type_] or member == "type",
            f"{where}.{type_}.{member}: Extra inputs are not permitted",
        )
    if type_ in ("tool_use", "thinking", "redacted_thinking"):
        need(role == "assistant", f"messages: `{type_}` blocks can only be in `assistant` messages")
    if type_ == "tool_result":
        need(role == "user", "messages: `tool_result` blocks can only be in `user` messages")
        need(block.get("tool_use_id"), f"{where}.tool_result.tool_use_id: Field required")
    if type_ == "text":
        need(isinstance(block.get("text"), str), f"{where}.text.text: Field required")
        need(block["text"], "messages: text content blocks must be non-empty")
        need(block["text"].strip(), "messages: text content blocks must contain non-whitespace text")
    if type_ == "tool_use":
        _check_call(block, where)


def _check_call(block: Mapping[str, Any], where: str) -> None:
    for member in ("id", "name", "input"):
        need(member in block, f"{where}.tool_use.{member}: Field required")
    need(_ID.fullmatch(block["id"]), f"{where}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
    need(isinstance(block["input"], dict), f"{where}.tool_use.input: Input should be a valid dictionary")


def _check_last(message: Mapping[str, Any]) -> None:
    """An answer that is to be continued."""
    if message["role"] != "assistant":
        return
    blocks = _blocks(message)
    last = blocks[-1].get("text", "") if blocks else message["content"]
    need(last == last.rstrip(), "messages: final assistant content cannot end with trailing whitespace")


def _check_signatures(messages: list[Any], memory: Memory) -> None:
    for place, message in enumerate(messages):
        for index, block in enumerate(_blocks(message)):
            if block["type"] == "thinking":
                where = f"messages.{place}.content.{index}"
                need("signature" in block, f"{where}.thinking.signature: Field required")
                need(
                    block["signature"] in memory.signatures,
                    f"{where}: Invalid `signature` in `thinking` block",
                )


def _check_pairs(messages: list[Any]) -> None:
    """Neighbours of one role are one message to the vendor."""
    seen: set[str] = set()
    open_: list[str] = []
    for place, (role, blocks) in enumerate(_merged(messages)):
        results = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
        first = [block["tool_use_id"] for block in _leading(blocks)]
        missing = [id_ for id_ in open_ if id_ not in first]
        need(
            not missing,
            f"messages.{place - 1}: `tool_use` ids were found without `tool_result` blocks immediately "
            "after: "
            f"{', '.join(missing)}. Each `tool_use` block must have a corresponding `tool_result` block "
            "in the "
            "next message.",
        )
        for id_ in results:
            need(
                id_ in open_,
                f"messages.{place}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: "
                f"{id_}. Each "
                "`tool_result` block must have a corresponding `tool_use` block in the previous message.",
            )
            need(
                results.count(id_) == 1,
                f"messages.{place}.content.0: each tool_use must have a single result. Found multiple "
                f"`tool_result` blocks with id: {id_}",
            )
        open_ = (
            [block["id"] for block in blocks if block["type"] == "tool_use"] if role == "assistant" else []
        )
        for id_ in open_:
            need(id_ not in seen, "messages: `tool_use` ids must be unique")
            seen.add(id_)
    need(
        not open_,
        f"messages.{len(messages) - 1}: `tool_use` ids were found without `tool_result` blocks "
        "immediately after: "
        f"{', '.join(open_)}. Each `tool_use` block must have a corresponding `tool_result` block in "
        "the next "
        "message.",
    )


def _merged(messages: list[Any]) -> list[tuple[str, list[Any]]]:
    merged: list[tuple[str, list[Any]]] = []
    for message in messages:
        if merged and merged[-1][0] == message["role"]:
            merged[-1][1].extend(_blocks(message))
        else:
            merged.append((message["role"], list(_blocks(message))))
    return merged


def _leading(blocks: list[Any]) -> list[Any]:
    """The results that come before anything else."""
    leading: list[Any] = []
    for block in blocks:
        if block["type"] != "tool_result":
            break
        leading.append(block)
    return leading


def _blocks(message: Mapping[str, Any]) -> list[Any]:
    """A content of text alone counts as a block: it stands before results in a merged message."""
    content = message["content"]
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return content
