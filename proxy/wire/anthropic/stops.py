"""Reasons to stop, by both names."""

from msgspec import Raw

from proxy.wire.canonical import Extra, Stop, StopReason

_READ = {
    "end_turn": StopReason.END_TURN,
    "max_tokens": StopReason.MAX_TOKENS,
    "stop_sequence": StopReason.STOP_SEQUENCE,
    "tool_use": StopReason.TOOL_USE,
    "pause_turn": StopReason.PAUSE,
    "refusal": StopReason.REFUSAL,
    "model_context_window_exceeded": StopReason.CONTEXT_FULL,
}
_WRITTEN = {reason: name for name, reason in _READ.items()} | {StopReason.CONTENT_FILTER: "refusal"}


def read_stop(reason: str | None, sequence: str | None, details: Raw | None) -> Stop:
    """Why it stopped. llama.cpp says that the turn ended when it came upon a stop sequence."""
    extra: Extra | None = {"stop_details": details} if details is not None else None
    found = _READ.get(reason or "", StopReason.END_TURN)
    if sequence is not None and found is StopReason.END_TURN:
        found = StopReason.STOP_SEQUENCE
    return Stop(found, sequence if found is StopReason.STOP_SEQUENCE else None, extra)


def written_stop(stop: Stop) -> dict[str, object]:
    """The members that tell it. Details of a refusal belong to this format alone."""
    written: dict[str, object] = {
        "stop_reason": _WRITTEN[stop.reason],
        "stop_sequence": stop.sequence if stop.reason is StopReason.STOP_SEQUENCE else None,
    }
    if stop.extra and "stop_details" in stop.extra:
        written["stop_details"] = stop.extra["stop_details"]
    return written
