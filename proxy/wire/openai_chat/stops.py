"""Why a model stopped, in this format's words and back."""

from proxy.wire.canonical import Stop, StopReason
from proxy.wire.failure import Failure, FailureKind

_REASONS = {
    "stop": StopReason.END_TURN,
    "eos": StopReason.END_TURN,
    "length": StopReason.MAX_TOKENS,
    "max_tokens": StopReason.MAX_TOKENS,
    "model_length": StopReason.CONTEXT_FULL,
    "tool_calls": StopReason.TOOL_USE,
    "function_call": StopReason.TOOL_USE,
    "content_filter": StopReason.CONTENT_FILTER,
    "sensitive": StopReason.CONTENT_FILTER,
}

_FAILURES = {
    "error": (FailureKind.SERVER, "The provider stopped with an error."),
    "network_error": (FailureKind.SERVER, "The provider lost its connection to the model."),
    "abort": (FailureKind.BROKEN_OFF, "The provider aborted its answer."),
    "insufficient_system_resource": (
        FailureKind.OVERLOADED,
        "The provider stopped for want of resources.",
    ),
}
"""Some hosts say in this place that there is no answer."""

_WORDS = {
    StopReason.END_TURN: "stop",
    StopReason.STOP_SEQUENCE: "stop",
    StopReason.PAUSE: "stop",
    StopReason.TOOL_USE: "tool_calls",
    StopReason.MAX_TOKENS: "length",
    StopReason.CONTEXT_FULL: "length",
    StopReason.CONTENT_FILTER: "content_filter",
    StopReason.REFUSAL: "content_filter",
}


def read_stop(
    reason: str | None, *, sequence: object = None, has_calls: bool = False, has_refusal: bool = False
) -> Stop:
    """What the provider's word means, given what the answer holds; raises where it means a failure.

    `sequence` is vLLM's `stop_reason`: the stop sequence, or the number of a token, which says nothing.
    """
    if reason in _FAILURES:
        kind, sentence = _FAILURES[reason]
        raise Failure(kind, sentence)
    stop = Stop(_REASONS.get(reason or "stop", StopReason.END_TURN))
    if has_calls:
        return stop.with_calls()
    stop = stop.without_calls()
    if stop.reason is not StopReason.END_TURN:
        return stop
    if isinstance(sequence, str) and sequence:
        return Stop(StopReason.STOP_SEQUENCE, sequence)
    return Stop(StopReason.REFUSAL) if has_refusal else stop


def stop_word(stop: Stop, *, has_calls: bool, has_refusal: bool) -> str:
    """The finish reason for a client. A refusal that is told as one needs no filter beside it."""
    told = stop.with_calls() if has_calls else stop.without_calls()
    if told.reason is StopReason.REFUSAL and has_refusal:
        return "stop"
    return _WORDS[told.reason]
