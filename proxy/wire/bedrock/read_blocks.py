"""Blocks of an answer, from JSON to canonical values."""

from collections.abc import Callable, Iterable, Mapping

import msgspec
from msgspec import Raw

from proxy.wire.bedrock import schema
from proxy.wire.canonical import (
    Block,
    Citation,
    Data,
    Image,
    Opaque,
    RedactedThinking,
    Text,
    Thinking,
    ToolCall,
)
from proxy.wire.format import Format
from proxy.wire.names import made_id
from proxy.wire.reading import decoded, members_of
from proxy.wire.target import Expecting, IdRule

IDS = IdRule(prefix="tooluse_")

_TEXT = msgspec.json.Decoder(str)
_CALL = msgspec.json.Decoder(schema.ToolUse)
_REASONING = msgspec.json.Decoder(schema.Reasoning)
_CITED = msgspec.json.Decoder(schema.Cited)
_CITATION = msgspec.json.Decoder(schema.Citation)
_IMAGE = msgspec.json.Decoder(schema.Image)


def read_content(blocks: Iterable[Raw], expecting: Expecting) -> tuple[Block, ...]:
    """The blocks that say something; models now and then begin one and leave it empty."""
    read = (_read_block(raw, place, expecting) for place, raw in enumerate(blocks))
    return tuple(block for block in read if block is not None)


def _read_block(raw: Raw, place: int, expecting: Expecting) -> Block | None:
    members = members_of(raw)
    if "toolUse" in members:
        return read_call(members["toolUse"], place, expecting)
    for name, read in _READ.items():
        if name in members:
            return read(members[name])
    return Opaque(Format.BEDROCK, next(iter(members), ""), raw)


def read_call(raw: Raw, place: int, expecting: Expecting) -> ToolCall | Opaque:
    """A call, by the name that the client knows the tool by. One that the provider runs is no call."""
    call = decoded(_CALL, raw)
    if call.type is not None:
        return Opaque(Format.BEDROCK, "toolUse", Raw(msgspec.json.encode({"toolUse": raw})))
    tool = expecting.names.restored(call.name)
    return ToolCall(
        call.tool_use_id or made_id(IDS, expecting.seed, place),
        tool.name,
        bytes(call.input).decode(errors="replace") or "{}",
        namespace=tool.namespace,
        custom=tool.custom,
    )


def read_citation(raw: Raw) -> Citation:
    cited = decoded(_CITATION, raw)
    web = cited.location.web if cited.location is not None else None
    quote = "".join(words.text for words in cited.source_content or [])
    return Citation(
        Format.BEDROCK,
        raw,
        url=web.url if web is not None else None,
        title=cited.title,
        quote=quote or None,
    )


def _text(raw: Raw) -> Text | None:
    text = decoded(_TEXT, raw)
    return Text(text) if text else None


def _cited(raw: Raw) -> Text:
    cited = decoded(_CITED, raw)
    text = "".join(words.text for words in cited.content)
    return Text(text, citations=tuple(map(read_citation, cited.citations)))


def _reasoning(raw: Raw) -> Thinking | RedactedThinking | None:
    reasoning = decoded(_REASONING, raw)
    if reasoning.redacted_content is not None:
        return RedactedThinking(reasoning.redacted_content)
    said = reasoning.reasoning_text or schema.ReasoningText()
    return Thinking(said.text, said.signature or None) if said.text or said.signature else None


def _image(raw: Raw) -> Image:
    image = decoded(_IMAGE, raw)
    return Image(Data(f"image/{image.format}", image.source.bytes))


_READ: Mapping[str, Callable[[Raw], Block | None]] = {
    "text": _text,
    "reasoningContent": _reasoning,
    "citationsContent": _cited,
    "image": _image,
}
