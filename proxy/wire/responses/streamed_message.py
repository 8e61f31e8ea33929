"""A message in a streamed answer: one part, which is text or a refusal."""

from typing import Any

from proxy.wire.canonical import Citation, CitationDelta, Event, Refusal, Text, TextDelta
from proxy.wire.responses.numbering import Delta
from proxy.wire.responses.output_items import COMPLETED, message_item, written_citation
from proxy.wire.responses.streamed_items import Output, StreamedItem


class StreamedMessage(StreamedItem):
    def __init__(self, output: Output, block: Text | Refusal) -> None:
        super().__init__(output, block)
        self._first = block
        self._is_refusal = isinstance(block, Refusal)
        self._words = "refusal" if self._is_refusal else "output_text"
        self._pieces: list[str] = []
        self._length = 0
        self._annotations: list[Any] = []
        self._delta: Delta | None = None

    def begin(self) -> bytes:
        first = self._first
        cited = first.citations if isinstance(first, Text) else ()
        return self._say(first.text) + b"".join(self._cite(citation) for citation in cited)

    def more(self, event: Event) -> bytes:
        if type(event) is TextDelta:
            return self._say(event.text)
        if type(event) is CitationDelta:
            return self._cite(event.citation)
        return b""

    def end(self) -> bytes:
        if not self._is_announced:
            return b""
        part = self._part()
        done = {name: value for name, value in part.items() if name not in ("type", "annotations")}
        return (
            self._event(f"response.{self._words}.done", content_index=0, **done)
            + self._event("response.content_part.done", content_index=0, part=part)
            + self._finish({**message_item(self._id, [part]), "status": COMPLETED})
        )

    def _say(self, text: str) -> bytes:
        if not text:
            return b""
        self._pieces.append(text)
        self._length += len(text)
        if self._delta is not None:
            return self._delta.event(text)
        opened = self._open()
        logprobs: dict[str, Any] = {} if self._is_refusal else {"logprobs": []}
        self._delta = self._deltas(f"response.{self._words}.delta", content_index=0, **logprobs)
        return opened + self._delta.event(text)

    def _cite(self, citation: Citation) -> bytes:
        annotation = None if self._is_refusal else written_citation(citation, self._length)
        if annotation is None:
            return b""
        opened = self._open()
        place = len(self._annotations)
        self._annotations.append(annotation)
        return opened + self._event(
            "response.output_text.annotation.added",
            content_index=0,
            annotation_index=place,
            annotation=annotation,
        )

    def _open(self) -> bytes:
        if self._is_announced:
            return b""
        announced = self._announce(self._first)
        part = {"type": "refusal", "refusal": ""} if self._is_refusal else _text_part("", [])
        return announced + self._event("response.content_part.added", content_index=0, part=part)

    def _empty(self, block: Any) -> Any:
        return message_item(self._id, [])

    def _part(self) -> dict[str, Any]:
        text = "".join(self._pieces)
        return (
            {"type": "refusal", "refusal": text} if self._is_refusal else _text_part(text, self._annotations)
        )


def _text_part(text: str, annotations: list[Any]) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}
