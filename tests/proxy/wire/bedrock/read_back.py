"""Reads a Converse request back, so that tests can say what became of a conversation."""

from typing import Any

import msgspec
from msgspec import Raw

from proxy.wire.anthropic.reasoning import read_reasoning
from proxy.wire.canonical import (
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Data,
    Document,
    Image,
    Message,
    Output,
    OutputKind,
    PlainText,
    Reasoning,
    RedactedThinking,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolRef,
    ToolResult,
)
from proxy.wire.format import Format
from proxy.wire.reading import members_of

_MEDIA_TYPES = {"pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "md": "text/markdown"}


class _Spec(msgspec.Struct):
    name: str
    inputSchema: dict[str, Raw]  # noqa: N815 -- the format's name
    description: str | None = None
    strict: bool | None = None


def read_request(body: bytes) -> Conversation:
    members = members_of(body)
    said: dict[str, Any] = msgspec.json.decode(body)
    inference = said.get("inferenceConfig", {})
    beside = said.get("additionalModelRequestFields", {})
    config = said.get("toolConfig", {})
    return Conversation(
        format=Format.BEDROCK,
        system=tuple(_blocks(said.get("system", []))),
        messages=tuple(
            Message(Role(message["role"]), tuple(_blocks(message["content"]))) for message in said["messages"]
        ),
        tools=_tools(members.get("toolConfig")),
        choice=_choice(config.get("toolChoice")),
        max_tokens=inference.get("maxTokens"),
        temperature=inference.get("temperature"),
        top_p=inference.get("topP"),
        top_k=beside.get("top_k") or beside.get("inferenceConfig", {}).get("topK"),
        stop=tuple(inference.get("stopSequences", ())),
        reasoning=_reasoning(beside),
        output=_output(said.get("outputConfig")),
        metadata=members.get("requestMetadata"),
        service_tier=said.get("serviceTier", {}).get("type"),
    )


def _blocks(blocks: list[dict[str, Any]]) -> list[Block]:
    read: list[Block] = []
    for block in blocks:
        ((kind, value),) = block.items()
        if kind == "cachePoint":
            mark = {"type": "ephemeral", **({"ttl": value["ttl"]} if "ttl" in value else {})}
            read[-1] = msgspec.structs.replace(read[-1], cache=Raw(msgspec.json.encode(mark)))
        else:
            read.append(_block(kind, value))
    return read


def _block(kind: str, value: Any) -> Block:
    match kind:
        case "text":
            return Text(value)
        case "image":
            return Image(Data(f"image/{value['format']}", value["source"]["bytes"]))
        case "document":
            return _document(value)
        case "toolUse":
            arguments = msgspec.json.encode(value["input"]).decode()
            return ToolCall(value["toolUseId"], value["name"], arguments)
        case "toolResult":
            content = tuple(_blocks(value["content"]))
            return ToolResult(value["toolUseId"], content, is_error=value.get("status") == "error")
        case "reasoningContent" if "redactedContent" in value:
            return RedactedThinking(value["redactedContent"])
        case "reasoningContent":
            return Thinking(value["reasoningText"]["text"], value["reasoningText"].get("signature"))
    raise AssertionError(kind)


def _document(value: dict[str, Any]) -> Document:
    source = value["source"]
    return Document(
        PlainText(source["text"])
        if "text" in source
        else Data(_MEDIA_TYPES[value["format"]], source["bytes"]),
        name=value["name"],
        context=value.get("context"),
        citable=value["citations"]["enabled"] if "citations" in value else None,
    )


def _tools(config: Raw | None) -> tuple[Tool, ...]:
    """The schemas byte for byte."""
    if config is None:
        return ()
    tools: list[Tool] = []
    for raw in msgspec.json.decode(members_of(config)["tools"], type=list[Raw]):
        members = members_of(raw)
        if "cachePoint" in members:
            tools[-1] = msgspec.structs.replace(tools[-1], cache=Raw(b'{"type":"ephemeral"}'))
            continue
        spec = msgspec.json.decode(members["toolSpec"], type=_Spec)
        tools.append(
            Tool(
                spec.name,
                description=spec.description,
                schema=Raw(bytes(spec.inputSchema["json"])),
                strict=spec.strict,
            )
        )
    return tuple(tools)


def _choice(choice: dict[str, Any] | None) -> Choice | None:
    if choice is None:
        return None
    ((mode, value),) = choice.items()
    if mode == "tool":
        return Choice(ChoiceMode.TOOL, (ToolRef(value["name"]),))
    return Choice(ChoiceMode(mode))


def _reasoning(beside: dict[str, Any]) -> Reasoning | None:
    if "reasoning_effort" in beside:
        return Reasoning(effort=beside["reasoning_effort"])
    if "reasoningConfig" in beside:
        return Reasoning(effort=beside["reasoningConfig"]["maxReasoningEffort"])
    thinking = beside.get("thinking")
    return read_reasoning(
        Raw(msgspec.json.encode(thinking)) if thinking is not None else None,
        beside.get("output_config", {}).get("effort"),
    )


def _output(config: dict[str, Any] | None) -> Output | None:
    if config is None:
        return None
    schema = config["textFormat"]["structure"]["jsonSchema"]
    return Output(
        OutputKind.SCHEMA,
        schema=Raw(schema["schema"].encode()),
        name=schema.get("name"),
        description=schema.get("description"),
    )
