"""What an answer told on its way back, whichever way it took."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from proxy.wire.canonical import (
    UNKNOWN,
    Begin,
    Block,
    BlockBegin,
    Event,
    Failed,
    Finish,
    RedactedThinking,
    SignatureDelta,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.wire.failure import Failure
from proxy.wire.tap.calls import add_calls

# Where the formats carry what a provider has signed or sealed, in answers and in later requests.
_SEALED = re.compile(
    rb'"(?:signature|thoughtSignature|thought_signature|encrypted_content|data)"\s*+:\s*+"([^"\\]{16,}+)"'
)
_MARKS = (b'ignature"', b'"encrypted_content"', b'"redacted_thinking"')


def signatures_in(data: bytes) -> Iterator[str]:
    """What looks like a signature in a request, an answer or an event; images may, too."""
    if any(mark in data for mark in _MARKS):
        yield from (found[1].decode(errors="replace") for found in _SEALED.finditer(data))


@dataclass(slots=True)
class Heard:
    """Grows while the answer passes."""

    usage: Usage = UNKNOWN
    model: str | None = None
    """What the provider says has answered."""
    id: str | None = None
    """What the provider calls the answer."""
    failure: Failure | None = None
    """What went wrong in the midst of it."""
    signatures: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """The ids of its tool calls so far, as the client gets them; with any, it awaits their results."""
    _signing: dict[int, str] = field(default_factory=dict)

    def note(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case SignatureDelta(index, signature):
                    self._signing[index] = self._signing.get(index, "") + signature
                case BlockBegin(_, block):
                    self.note_block(block)
                case Begin(id_, model, usage):
                    self.id, self.model = id_ or self.id, model or self.model
                    self.usage = self.usage.updated(usage)
                case Finish(_, usage):
                    self.usage = self.usage.updated(usage)
                    self._sign()
                case Failed(failure):
                    self.failure = failure
                    self._sign()

    def note_block(self, block: Block) -> None:
        match block:
            case Thinking(signature=str(signature)) | ToolCall(signature=str(signature)) if signature:
                self.signatures.append(signature)
            case RedactedThinking(data):
                self.signatures.append(data)
        if isinstance(block, ToolCall):
            add_calls(self.calls, (block.id,))  # all writers give the client this id

    def _sign(self) -> None:
        self.signatures += self._signing.values()
        self._signing = {}
