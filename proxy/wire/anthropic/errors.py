"""Failures as the Anthropic Messages API words them, in bodies and inside streams."""

from typing import Any

import msgspec

from proxy.wire.errors.telling import SURE_STATUSES
from proxy.wire.failure import Failure, FailureKind

_TYPES = {
    FailureKind.BAD_REQUEST: "invalid_request_error",
    FailureKind.UNAUTHENTICATED: "authentication_error",
    FailureKind.QUOTA: "billing_error",
    FailureKind.FORBIDDEN: "permission_error",
    FailureKind.NOT_FOUND: "not_found_error",
    FailureKind.MODEL_NOT_FOUND: "not_found_error",
    FailureKind.METHOD_NOT_ALLOWED: "invalid_request_error",
    FailureKind.TOO_LARGE: "request_too_large",
    FailureKind.CONTEXT_OVERFLOW: "invalid_request_error",
    FailureKind.CONTENT_FILTER: "invalid_request_error",
    FailureKind.RATE_LIMIT: "rate_limit_error",
    FailureKind.OVERLOADED: "overloaded_error",
    FailureKind.TIMEOUT: "timeout_error",
}
_EVERYTHING_ELSE = "api_error"

# Its SDK tries again after a 429, which an empty account does not mend.
_STATUSES = SURE_STATUSES | {FailureKind.QUOTA: 402, FailureKind.OVERLOADED: 529}

THREAD_UNSUPPORTED = "thread_unsupported_request"
"""Upon this a client that sends only what is new sends everything."""

_TOLD_BY_CODE = (THREAD_UNSUPPORTED,)
_TOO_LONG = "prompt is too long"


def status_for(failure: Failure) -> int:
    return _STATUSES.get(failure.kind, failure.status)


def error_body(failure: Failure, request_id: str) -> bytes:
    kind = _TYPES.get(failure.kind, _EVERYTHING_ELSE)
    error: dict[str, Any] = {"type": kind, "message": _sentence(failure)}
    if failure.code in _TOLD_BY_CODE:
        error["details"] = {"error_code": failure.code}
    return msgspec.json.encode({"type": "error", "error": error, "request_id": request_id})


def error_event(failure: Failure, request_id: str) -> bytes:
    return b"event: error\ndata: " + error_body(failure, request_id) + b"\n\n"


def _sentence(failure: Failure) -> str:
    """The failure's own, except that clients know by these words that they must shorten the conversation."""
    if failure.kind is not FailureKind.CONTEXT_OVERFLOW:
        return failure.sentence
    if failure.tokens is not None and failure.share is not None:
        # Upon these they ask for a shorter answer instead.
        sizes = f"{failure.tokens - failure.share} + {failure.share} > {failure.maximum}"
        return f"input length and `max_tokens` exceed context limit: {sizes}, decrease one of them"
    if failure.tokens is not None and failure.maximum is not None:
        return f"{_TOO_LONG}: {failure.tokens} tokens > {failure.maximum} maximum"
    if failure.sentence.startswith(_TOO_LONG):
        return failure.sentence
    return f"{_TOO_LONG}: {failure.sentence}"
