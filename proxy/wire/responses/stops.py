"""Why a model stopped: here, whether the response is complete and if not, why."""

from proxy.wire.canonical import Stop, StopReason
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.responses.schema import Response

_TOKENS = "max_output_tokens"
_FILTER = "content_filter"
_REASONS = {_TOKENS: StopReason.MAX_TOKENS, _FILTER: StopReason.CONTENT_FILTER, "steered": StopReason.PAUSE}
_WORDS = {
    StopReason.MAX_TOKENS: _TOKENS,
    StopReason.CONTEXT_FULL: _TOKENS,
    StopReason.CONTENT_FILTER: _FILTER,
    StopReason.REFUSAL: _FILTER,
}
_UNFINISHED = {
    "cancelled": (FailureKind.BROKEN_OFF, "The provider cancelled its answer."),
    "queued": (FailureKind.BAD_ANSWER, "The provider only queued its answer."),
    "in_progress": (FailureKind.BAD_ANSWER, "The provider's answer is not finished."),
}


def read_stop(response: Response, *, has_calls: bool, has_refusal: bool) -> Stop:
    """What the status means, given what the answer holds; raises where it means that there is none."""
    if response.status in _UNFINISHED:
        raise Failure(*_UNFINISHED[response.status])
    reason = StopReason.END_TURN
    if response.status == "incomplete":
        why = response.incomplete_details.reason if response.incomplete_details is not None else None
        reason = _REASONS.get(why or _TOKENS, StopReason.MAX_TOKENS)
    if has_calls:
        return Stop(reason).with_calls()
    return Stop(StopReason.REFUSAL) if has_refusal and reason is StopReason.END_TURN else Stop(reason)


def incomplete_reason(stop: Stop, *, has_refusal: bool) -> str | None:
    """The word for it; None for a complete response, as one is that tells its refusal itself."""
    if stop.reason is StopReason.REFUSAL and has_refusal:
        return None
    return _WORDS.get(stop.reason)
