"""A whole answer of a model."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from proxy.wire.canonical.blocks import Block, Extra, ToolCall
from proxy.wire.canonical.usage import UNKNOWN, Usage
from proxy.wire.format import Format


class StopReason(StrEnum):
    END_TURN = "end_turn"
    MAX_TOKENS = "max_tokens"
    STOP_SEQUENCE = "stop_sequence"
    TOOL_USE = "tool_use"
    PAUSE = "pause"
    REFUSAL = "refusal"
    CONTENT_FILTER = "content_filter"
    CONTEXT_FULL = "context_full"


class Stop(Struct, frozen=True):
    """Why the model stopped; `sequence` is the stop sequence it came upon."""

    reason: StopReason
    sequence: str | None = None
    extra: Extra | None = None

    def given(self, content: Iterable[Block]) -> "Stop":
        """The same, truthful about tools: calls are what the answer holds, whatever the provider said."""
        calls = any(isinstance(block, ToolCall) for block in content)
        return self.with_calls() if calls else self.without_calls()

    def with_calls(self) -> "Stop":
        return Stop(StopReason.TOOL_USE, extra=self.extra) if self.reason is StopReason.END_TURN else self

    def without_calls(self) -> "Stop":
        return Stop(StopReason.END_TURN, extra=self.extra) if self.reason is StopReason.TOOL_USE else self


class Answer(Struct, frozen=True, kw_only=True):
    """What came back. `format` is the one it was written in; `model` is what the provider says served."""

    format: Format
    id: str | None = None
    model: str | None = None
    content: tuple[Block, ...] = ()
    stop: Stop
    usage: Usage = UNKNOWN
    extra: Extra | None = None
