"""Blocks of content from canonical values to what is encoded as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.bedrock.families import Family
from proxy.wire.bedrock.write_sources import DocumentNames, written_document, written_image
from proxy.wire.canonical import (
    Block,
    Document,
    Extra,
    Image,
    RedactedThinking,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from proxy.wire.names import Naming
from proxy.wire.reading import UNREADABLE, decoded, is_json_object
from proxy.wire.target import Loss, Target

UNSEEN = "[An image that cannot be shown to this model.]"
UNREAD = "[A document that cannot be shown to this model.]"
FAILED = "Error: the tool failed and said nothing."
SHOWN_BELOW = "[The result is shown below.]"

Written = dict[str, Any]


class _CacheMark(Struct):
    ttl: str | None = None


_CACHE_MARK = msgspec.json.Decoder(_CacheMark)
_LOST: Mapping[type[Block], Loss] = {
    Image: Loss.IMAGE,
    Document: Loss.DOCUMENT,
    Thinking: Loss.THINKING,
    RedactedThinking: Loss.THINKING,
}


class BlockWriter:
    """Writes the blocks of one conversation for one target, and collects what cannot be told."""

    def __init__(self, target: Target, family: Family, naming: Naming, lost: set[Loss]) -> None:
        self._target = target
        self._family = family
        self._naming = naming
        self._lost = lost
        self._names = DocumentNames()
        self._caches = family.takes_cache_points or target.takes_cache_marks
        self._caches = self._caches and "cachePoint" not in target.refuses
        self.named_documents = False
        """Whether any document got a name that nobody gave it."""

    def system(self, blocks: Iterable[Block]) -> list[Written]:
        return self._each(blocks, self._text_only)

    def of_user(self, results: Iterable[ToolResult], others: Iterable[Block]) -> list[Written]:
        """Results first: nothing may stand between a call and what answers it."""
        written: list[Written] = []
        shown: list[Written] = []
        for result in results:
            inside, below = self._result(result)
            written += inside
            shown += below
        return [*written, *shown, *self._each(others, self._shown)]

    def of_assistant(self, blocks: Iterable[Block]) -> list[Written]:
        return self._each(blocks, self._said)

    def note_extra(self, extra: Extra | None) -> None:
        """No client speaks this format, so members that we do not know are another's."""
        if extra:
            self._lost.add(Loss.UNKNOWN_FIELDS)

    def cache_point(self, mark: Raw | None) -> list[Written]:
        """What stands behind the block that bears the mark."""
        if mark is None:
            return []
        if not self._caches:
            self._lost.add(Loss.CACHE_MARKS)
            return []
        point = {"type": "default"}
        if _is_for_an_hour(mark):
            if "cachePoint.ttl" in self._target.refuses:
                self._lost.add(Loss.CACHE_MARKS)
            else:
                point["ttl"] = "1h"
        return [{"cachePoint": point}]

    def _each(self, blocks: Iterable[Block], write: Any) -> list[Written]:
        written: list[Written] = []
        for block in blocks:
            self.note_extra(getattr(block, "extra", None))
            one = write(block)
            mark = getattr(block, "cache", None)
            if one is not None:
                written += [one, *self.cache_point(mark)]
            elif mark is not None:
                self._lost.add(Loss.CACHE_MARKS)
        return written

    def _text_only(self, block: Block) -> Written | None:
        if isinstance(block, Text | Refusal):
            return self._text(block)
        self._lost.add(_LOST.get(type(block), Loss.SERVER_TOOL_HISTORY))
        return None

    def _said(self, block: Block) -> Written | None:
        match block:
            case Text() | Refusal():
                return self._text(block)
            case ToolCall():
                return self._call(block)
            case Thinking(text, str(signature)):
                return {"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}}
            case RedactedThinking(data):
                return {"reasoningContent": {"redactedContent": data}}
            case Image():
                # Models are shown images by the user alone.
                self._lost.add(Loss.IMAGE)
                return {"text": UNSEEN}
            case Document():
                self._lost.add(Loss.DOCUMENT)
                return {"text": _unread(block)}
        return self._text_only(block)

    def _shown(self, block: Block) -> Written | None:
        match block:
            case Image():
                return self._image(block)
            case Document():
                return self._document(block)
        return self._text_only(block)

    def _text(self, block: Text | Refusal) -> Written | None:
        """Text of nothing but whitespace is refused."""
        if isinstance(block, Text) and block.citations:
            self._lost.add(Loss.CITATIONS)
        return {"text": block.text} if block.text.strip() else None

    def _image(self, image: Image) -> Written:
        if image.detail is not None:
            self._lost.add(Loss.IMAGE_DETAIL)
        written = written_image(image.source) if self._target.vision else None
        if written is None:
            self._lost.add(Loss.IMAGE)
            return {"text": UNSEEN}
        return {"image": written}

    def _document(self, document: Document) -> Written:
        name = self._names.name(document.name)
        written = written_document(document, name) if self._target.documents else None
        if written is None:
            self._lost.add(Loss.DOCUMENT)
            return {"text": _unread(document)}
        if document.name is None:
            self.named_documents = True
        elif name != document.name:
            self._lost.add(Loss.DOCUMENT_DETAILS)
        return {"document": written}

    def _call(self, call: ToolCall) -> Written:
        if call.signature is not None:
            self._lost.add(Loss.SIGNATURE)
        name = self._naming.sent(call.name, call.namespace)
        return {"toolUse": {"toolUseId": call.id, "name": name, "input": input_of(call.arguments)}}

    def _result(self, result: ToolResult) -> tuple[list[Written], list[Written]]:
        """The result, and what of it must be shown after all results of the turn."""
        self.note_extra(result.extra)
        content: list[Written] = []
        shown: list[Written] = []
        mark = result.cache
        for block in result.content:
            self.note_extra(getattr(block, "extra", None))
            # Inside a result nothing can be marked; what stands behind it is nearly the same place.
            mark = getattr(block, "cache", None) or mark
            one = self._shown(block)
            if one is not None:
                is_inside = self._family.images_in_results or "text" in one
                (content if is_inside else shown).append(one)
        if shown and not content:
            content.append({"text": SHOWN_BELOW})
        if shown:
            shown.insert(0, {"text": f"[From the result of the tool call {result.call_id}:]"})
        if result.is_error and not content:
            content.append({"text": FAILED})
        inside: Written = {"toolUseId": result.call_id, "content": content}
        if result.is_error:
            inside["status"] = "error"
        return [{"toolResult": inside}, *self.cache_point(mark)], shown


def input_of(arguments: str) -> Raw | dict[str, str]:
    """A call's arguments as the object that the format demands; what is none is told as text in one."""
    if not arguments.strip():
        return {}
    return Raw(arguments.encode()) if is_json_object(arguments) else {"_arguments": arguments}


def _is_for_an_hour(mark: Raw) -> bool:
    try:
        return decoded(_CACHE_MARK, mark).ttl == "1h"
    except UNREADABLE:
        return False


def _unread(document: Document) -> str:
    return f"{UNREAD[:-2]}: {document.name}]" if document.name else UNREAD
