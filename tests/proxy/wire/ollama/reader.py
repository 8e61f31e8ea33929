"""Reads what we send to Ollama, as Ollama does: the tests' side of a format that no client of ours speaks."""

from typing import Any

import msgspec
from msgspec import Raw

from proxy.wire.canonical import (
    Block,
    Conversation,
    Data,
    Image,
    Message,
    Output,
    OutputKind,
    Reasoning,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.wire.format import Format

PICTURE = "image/png"
"""Nobody says what the bytes are; the server looks at them."""


class _Function(msgspec.Struct):
    name: str
    description: str | None = None
    parameters: Raw = Raw()


class _Tool(msgspec.Struct):
    function: _Function


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    model: str
    messages: list[dict[str, Any]]
    stream: bool
    truncate: bool
    tools: list[_Tool] = []
    format: Raw = Raw(b"null")
    think: bool | str | None = None
    options: dict[str, Any] = {}
    keep_alive: str | None = None


def read_request(body: bytes) -> Conversation:
    asked = msgspec.json.decode(body, type=_Body)
    options = asked.options
    return Conversation(
        format=Format.OLLAMA,
        model=asked.model,
        messages=tuple(_messages(asked.messages)),
        tools=tuple(
            Tool(t.function.name, t.function.description, t.function.parameters) for t in asked.tools
        ),
        max_tokens=options.get("num_predict"),
        temperature=options.get("temperature"),
        top_p=options.get("top_p"),
        top_k=options.get("top_k"),
        frequency_penalty=options.get("frequency_penalty"),
        presence_penalty=options.get("presence_penalty"),
        seed=options.get("seed"),
        stop=tuple(options.get("stop", ())),
        reasoning=_reasoning(asked.think),
        output=_output(asked.format),
        stream=asked.stream,
    )


def _messages(raws: list[dict[str, Any]]) -> list[Message]:
    messages: list[Message] = []
    results: list[Block] = []
    for raw in [*raws, {"role": "end"}]:
        if raw["role"] == "tool":
            assert raw["tool_name"]
            content = (Text(raw["content"]),) if raw["content"] else ()
            results.append(ToolResult(raw["tool_call_id"], content))
            continue
        if results:
            messages.append(Message(Role.USER, tuple(results)))
            results = []
        if raw["role"] != "end":
            messages.append(Message(Role(raw["role"]), tuple(_blocks(raw))))
    return messages


def _blocks(raw: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Thinking(raw["thinking"])] if raw.get("thinking") else []
    blocks += [Text(raw["content"])] if raw["content"] else []
    blocks += [Image(Data(PICTURE, base64)) for base64 in raw.get("images", ())]
    for place, call in enumerate(raw.get("tool_calls", ())):
        function = call["function"]
        assert function["index"] == place
        assert isinstance(function["arguments"], dict)
        arguments = msgspec.json.encode(function["arguments"]).decode()
        blocks.append(ToolCall(call["id"], function["name"], arguments))
    return blocks


def _reasoning(think: bool | str | None) -> Reasoning | None:
    if think is None:
        return None
    return Reasoning(effort=think) if isinstance(think, str) else Reasoning(enabled=think)


def _output(form: Raw) -> Output | None:
    match bytes(form):
        case b"null":
            return None
        case b'"json"':
            return Output(OutputKind.JSON)
    return Output(OutputKind.SCHEMA, form)
