"""Reasons to stop, from Converse's names."""

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Stop, StopReason
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.reading import UNREADABLE, decoded

_READ = {
    "end_turn": StopReason.END_TURN,
    "tool_use": StopReason.TOOL_USE,
    "max_tokens": StopReason.MAX_TOKENS,
    "stop_sequence": StopReason.STOP_SEQUENCE,
    "guardrail_intervened": StopReason.CONTENT_FILTER,
    "content_filtered": StopReason.CONTENT_FILTER,
    "model_context_window_exceeded": StopReason.CONTEXT_FULL,
}
_MALFORMED = {
    "malformed_model_output": "The model wrote an answer that the provider could not read.",
    "malformed_tool_use": "The model wrote a tool call that the provider could not read.",
}

STOP_SEQUENCE_PATH = "/stop_sequence"
"""What is asked for beside the answer of those models that tell which stop sequence they came upon."""


class _Beside(Struct):
    stop_sequence: str | None = None


_BESIDE = msgspec.json.Decoder(_Beside)


def read_stop(reason: str | None, beside: Raw) -> Stop:
    """`beside` are the fields of the answer that are the model's own."""
    if reason in _MALFORMED:
        raise Failure(FailureKind.BAD_ANSWER, _MALFORMED[reason], code=reason)
    found = _READ.get(reason or "", StopReason.END_TURN)
    return Stop(found, _sequence(beside) if found is StopReason.STOP_SEQUENCE else None)


def _sequence(beside: Raw) -> str | None:
    try:
        return decoded(_BESIDE, beside).stop_sequence
    except UNREADABLE:
        return None
