"""What can happen in a streamed answer.

A stream is: Begin, then blocks, then exactly one Finish or Failed; KeepAlive may stand anywhere.
Each block is BlockBegin, its deltas, BlockEnd, and has an index of its own, 0, 1, 2 in the order of
beginning. The block in BlockBegin holds what is known from the start (a call's id and name); what comes
later are deltas. A block without deltas (Opaque, RedactedThinking) is whole at its beginning. A Thinking
that begins with an empty signature is going to be signed; one that begins with None may turn out not to be.

Providers may interleave the deltas of several calls, so blocks may overlap here; `in_order` puts them
one after the other for the formats that demand it. A block still open at the Finish ends there.
"""

from msgspec import Struct

from proxy.wire.canonical.answer import Stop
from proxy.wire.canonical.blocks import Block, Citation
from proxy.wire.canonical.usage import UNKNOWN, Usage
from proxy.wire.failure import Failure


class Begin(Struct, frozen=True):
    id: str | None = None
    model: str | None = None
    usage: Usage = UNKNOWN
    """What is known of it already; the Finish has the last word."""


class BlockBegin(Struct, frozen=True):
    index: int
    block: Block


class TextDelta(Struct, frozen=True):
    """More of a Text or a Refusal."""

    index: int
    text: str


class ThinkingDelta(Struct, frozen=True):
    index: int
    text: str


class SignatureDelta(Struct, frozen=True):
    """More of the signature of a Thinking or a ToolCall."""

    index: int
    signature: str


class ArgumentsDelta(Struct, frozen=True):
    """More of a call's JSON text."""

    index: int
    json: str


class CitationDelta(Struct, frozen=True):
    index: int
    citation: Citation


class BlockEnd(Struct, frozen=True):
    index: int


class Finish(Struct, frozen=True):
    stop: Stop
    usage: Usage = UNKNOWN


class Failed(Struct, frozen=True):
    failure: Failure


class KeepAlive(Struct, frozen=True):
    """The provider says that it is still there."""


Event = (
    Begin
    | BlockBegin
    | TextDelta
    | ThinkingDelta
    | SignatureDelta
    | ArgumentsDelta
    | CitationDelta
    | BlockEnd
    | Finish
    | Failed
    | KeepAlive
)
