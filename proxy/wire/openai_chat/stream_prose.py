"""What a model says in a stream apart from calls: text, thinking, refusals, one block at a time."""

from collections.abc import Iterator

from proxy.wire.canonical import (
    BlockBegin,
    BlockEnd,
    Citation,
    CitationDelta,
    Event,
    RedactedThinking,
    Refusal,
    SignatureDelta,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
)

_Kind = type[Text] | type[Thinking] | type[Refusal]


class Prose:
    """Holds the open block. A piece of another kind ends it and begins the next."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._index = -1
        self._kind: _Kind | None = None
        self._signed = False
        self._has_thought = False
        self.has_spoken = False
        self.has_refused = False

    def text(self, words: str) -> list[Event]:
        if self._kind is Text:
            return [TextDelta(self._index, words)]
        return [*self._begun(Text, Text("")), TextDelta(self._index, words)]

    def refusal(self, words: str) -> list[Event]:
        self.has_refused = True
        begun = [] if self._kind is Refusal else self._begun(Refusal, Refusal(""))
        return [*begun, TextDelta(self._index, words)]

    def thinking(self, words: str) -> list[Event]:
        """More of a thought; what follows a signature is another."""
        if self._kind is Thinking and not self._signed:
            return [ThinkingDelta(self._index, words)]
        return [*self._begun(Thinking, Thinking("")), ThinkingDelta(self._index, words)]

    def signature(self, signature: str) -> list[Event]:
        """Signs the open thought, or one that is kept from us. It is of no use for one that has ended."""
        if self._kind is Thinking:
            self._signed = True
            return [SignatureDelta(self._index, signature)]
        if self._has_thought:
            return []
        begun = self._begun(Thinking, Thinking(""))
        self._signed = True
        return [*begun, SignatureDelta(self._index, signature)]

    def redacted(self, data: str) -> list[Event]:
        ended = self.end()
        index = next(self._numbers)
        self.has_spoken = True
        return [*ended, BlockBegin(index, RedactedThinking(data)), BlockEnd(index)]

    def citation(self, citation: Citation) -> list[Event]:
        """Citations come with the last of the text; nothing else can hold them."""
        return [CitationDelta(self._index, citation)] if self._kind is Text else []

    def end(self) -> list[Event]:
        if self._kind is None:
            return []
        self._kind = None
        return [BlockEnd(self._index)]

    def _begun(self, kind: _Kind, block: Text | Thinking | Refusal) -> list[Event]:
        ended = self.end()
        self._index = next(self._numbers)
        self._kind = kind
        self._signed = False
        self.has_spoken = True
        self._has_thought = self._has_thought or kind is Thinking
        return [*ended, BlockBegin(self._index, block)]
