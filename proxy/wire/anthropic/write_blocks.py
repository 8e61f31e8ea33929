"""Blocks of content from canonical values to what is encoded as JSON."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Raw

from proxy.wire.anthropic.write_sources import document_source, image_source
from proxy.wire.canonical import (
    Block,
    Document,
    Extra,
    Image,
    Opaque,
    RedactedThinking,
    Refusal,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from proxy.wire.format import Format
from proxy.wire.names import Naming
from proxy.wire.reading import UNREADABLE, members_of
from proxy.wire.target import Loss, Target

_UNSEEN = "[An image that cannot be shown to this model.]"
_UNREAD = "[A document that cannot be shown to this model.]"
_FAILED = "Error: the tool failed and said nothing."

Written = dict[str, Any] | Raw
_Table = Mapping[type[Block], Callable[[Any], Written | None]]
"""How to write each kind of block that may stand in a place."""


class BlockWriter:
    """Writes the blocks of one conversation for one target, and collects what cannot be told."""

    def __init__(self, format_: Format, target: Target, naming: Naming, lost: set[Loss]) -> None:
        self.own = format_ is Format.ANTHROPIC
        self._target = target
        self._naming = naming
        self._lost = lost
        instructing: _Table = {Text: self._text, Refusal: self._refusal, Opaque: self._opaque}
        self._shown: _Table = {**instructing, Image: self._image, Document: self._document}
        self._by_role: dict[Role, _Table] = {
            Role.USER: {**self._shown, ToolResult: self._result},
            Role.ASSISTANT: {
                **self._shown,
                ToolCall: self._call,
                Thinking: self._thinking,
                RedactedThinking: self._redacted,
            },
            Role.SYSTEM: instructing,
            Role.DEVELOPER: instructing,
        }

    def content(self, role: Role, blocks: Iterable[Block]) -> list[Written]:
        """The blocks of a message. Text of nothing but whitespace is refused, and so left out."""
        return self._all(self._by_role[role], blocks)

    def _all(self, table: _Table, blocks: Iterable[Block]) -> list[Written]:
        written: list[Written] = []
        for block in blocks:
            write = table.get(type(block))
            if write is None:
                self._lost.add(_LOST.get(type(block), Loss.SERVER_TOOL_HISTORY))
            elif (one := write(block)) is not None:
                written.append(one)
        return written

    def kept(self, extra: Extra | None) -> Mapping[str, Raw]:
        """Members that the format knows and we do not, from those who speak it."""
        if not extra:
            return {}
        if self.own:
            return extra
        self._lost.add(Loss.UNKNOWN_FIELDS)
        return {}

    def marked(
        self, written: dict[str, Any], cache: Raw | None, extra: Extra | None = None
    ) -> dict[str, Any]:
        if cache is not None and "cache_control" in self._target.refuses:
            self._lost.add(Loss.CACHE_MARKS)
        elif cache is not None:
            written["cache_control"] = cache
        if extra:
            written.update(self.kept(extra))
        return written

    def _text(self, block: Text) -> Written | None:
        if not block.text or block.text.isspace():
            return None
        written: dict[str, Any] = {"type": "text", "text": block.text}
        if block.citations:
            citations = [c.raw for c in block.citations if c.format is Format.ANTHROPIC]
            if len(citations) < len(block.citations):
                self._lost.add(Loss.CITATIONS)
            written.update({"citations": citations} if citations else {})
        return self.marked(written, block.cache, block.extra)

    def _refusal(self, block: Refusal) -> Written | None:
        return self._text(Text(block.text))

    def _image(self, image: Image) -> Written:
        if image.detail is not None:
            self._lost.add(Loss.IMAGE_DETAIL)
        source = image_source(image.source, own=self.own) if self._target.vision else None
        if source is None:
            self._lost.add(Loss.IMAGE)
            return self.marked({"type": "text", "text": _UNSEEN}, image.cache)
        return self.marked({"type": "image", "source": source}, image.cache, image.extra)

    def _document(self, document: Document) -> Written:
        if self.own and document.extra and "type" in document.extra:
            # A search result, which is a document to others only.
            return self.marked({**document.extra, "title": document.name}, document.cache)
        source = document_source(document.source, own=self.own) if self._target.documents else None
        if source is None:
            self._lost.add(Loss.DOCUMENT)
            named = f"{_UNREAD[:-2]}: {document.name}]" if document.name else _UNREAD
            return self.marked({"type": "text", "text": named}, document.cache)
        written: dict[str, Any] = {"type": "document", "source": source}
        if document.name is not None:
            written["title"] = document.name
        if document.context is not None:
            written["context"] = document.context
        if document.citable is not None:
            written["citations"] = {"enabled": document.citable}
        return self.marked(written, document.cache, document.extra)

    def _thinking(self, thinking: Thinking) -> Written | None:
        if thinking.signature is None:
            self._lost.add(Loss.THINKING)
            return None
        return {
            "type": "thinking",
            "thinking": thinking.text,
            "signature": thinking.signature,
            **self.kept(thinking.extra),
        }

    def _redacted(self, thinking: RedactedThinking) -> Written:
        return {"type": "redacted_thinking", "data": thinking.data, **self.kept(thinking.extra)}

    def _call(self, call: ToolCall) -> Written:
        if call.signature is not None:
            self._lost.add(Loss.SIGNATURE)
        written = {
            "type": "tool_use",
            "id": call.id,
            "name": self._naming.sent(call.name, call.namespace),
            "input": input_of(call.arguments),
        }
        return self.marked(written, call.cache, call.extra)

    def _result(self, result: ToolResult) -> Written:
        content = self._all(self._shown, result.content)
        if result.is_error and not content:
            content.append({"type": "text", "text": _FAILED})
        written: dict[str, Any] = {"type": "tool_result", "tool_use_id": result.call_id}
        if content:
            written["content"] = content
        if result.is_error:
            written["is_error"] = True
        return self.marked(written, result.cache, result.extra)

    def _opaque(self, block: Opaque) -> Written | None:
        if block.format is Format.ANTHROPIC:
            return block.raw
        self._lost.add(Loss.SERVER_TOOL_HISTORY)
        return None


_LOST: Mapping[type[Block], Loss] = {
    Image: Loss.IMAGE,
    Document: Loss.DOCUMENT,
    Thinking: Loss.THINKING,
    RedactedThinking: Loss.THINKING,
}


def input_of(arguments: str) -> Raw | dict[str, str]:
    """A call's arguments as the object that the format demands; what is none is told as text in one."""
    if not arguments or arguments.isspace():
        return {}
    raw = Raw(arguments.encode())
    try:
        members_of(raw)
    except UNREADABLE:
        return {"_arguments": arguments}
    return raw


def leading_results(content: list[Written]) -> list[Written]:
    """Tool results first: nothing may stand between a call and what answers it."""
    return sorted(content, key=lambda block: not is_of(block, "tool_result"))


def is_of(block: Written, *types: str) -> bool:
    return isinstance(block, dict) and block["type"] in types
