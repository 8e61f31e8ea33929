"""Failures as the Gemini API words them, in bodies and inside streams."""

from typing import Any

import msgspec

from proxy.wire.errors.telling import SURE_STATUSES
from proxy.wire.failure import Failure, FailureKind

_NAMES = {
    FailureKind.BAD_REQUEST: "INVALID_ARGUMENT",
    FailureKind.UNAUTHENTICATED: "UNAUTHENTICATED",
    FailureKind.QUOTA: "RESOURCE_EXHAUSTED",
    FailureKind.FORBIDDEN: "PERMISSION_DENIED",
    FailureKind.NOT_FOUND: "NOT_FOUND",
    FailureKind.MODEL_NOT_FOUND: "NOT_FOUND",
    FailureKind.METHOD_NOT_ALLOWED: "INVALID_ARGUMENT",
    FailureKind.TOO_LARGE: "INVALID_ARGUMENT",
    FailureKind.CONTEXT_OVERFLOW: "INVALID_ARGUMENT",
    FailureKind.CONTENT_FILTER: "INVALID_ARGUMENT",
    FailureKind.RATE_LIMIT: "RESOURCE_EXHAUSTED",
    FailureKind.NO_SERVICE: "UNAVAILABLE",
    FailureKind.OVERLOADED: "UNAVAILABLE",
    FailureKind.STOPPING: "UNAVAILABLE",
    FailureKind.TIMEOUT: "DEADLINE_EXCEEDED",
}
_EVERYTHING_ELSE = "INTERNAL"

# 529 is Anthropic's.
_STATUSES = SURE_STATUSES | {FailureKind.OVERLOADED: 503}

_TOO_LONG = "The input token count exceeds the maximum number of tokens allowed"
_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
_REQUEST_INFO = "type.googleapis.com/google.rpc.RequestInfo"


def status_for(failure: Failure) -> int:
    return _STATUSES.get(failure.kind, failure.status)


def error_body(failure: Failure, request_id: str) -> bytes:
    details: list[dict[str, Any]] = [{"@type": _REQUEST_INFO, "requestId": request_id}]
    if failure.retry_after is not None:
        details.append({"@type": _RETRY_INFO, "retryDelay": f"{failure.retry_after:g}s"})
    error = {
        "code": status_for(failure),
        "message": _sentence(failure),
        "status": _NAMES.get(failure.kind, _EVERYTHING_ELSE),
        "details": details,
    }
    return msgspec.json.encode({"error": error})


def error_event(failure: Failure, request_id: str) -> bytes:
    """Without `data:`, as Google sends it: its SDK knows an error in a stream by a chunk that is one."""
    return error_body(failure, request_id) + b"\n\n"


def _sentence(failure: Failure) -> str:
    """The failure's own, except that clients know by these words that they must shorten the conversation."""
    if failure.kind is not FailureKind.CONTEXT_OVERFLOW:
        return failure.sentence
    if failure.tokens is None or failure.maximum is None:
        return f"{_TOO_LONG}: {failure.sentence}"
    return (
        f"The input token count ({failure.tokens}) exceeds the maximum number of tokens allowed "
        f"({failure.maximum})."
    )
