"""Failures as the Anthropic Messages API words them, in bodies and inside streams."""

import msgspec

from proxy.wire.failure import Failure, FailureKind

_TYPES = {
    FailureKind.BAD_REQUEST: "invalid_request_error",
    FailureKind.UNAUTHENTICATED: "authentication_error",
    FailureKind.FORBIDDEN: "permission_error",
    FailureKind.NOT_FOUND: "not_found_error",
    FailureKind.METHOD_NOT_ALLOWED: "invalid_request_error",
    FailureKind.TOO_LARGE: "request_too_large",
    FailureKind.TIMEOUT: "timeout_error",
}


def error_body(failure: Failure, request_id: str) -> bytes:
    kind = _TYPES.get(failure.kind, "api_error")
    return msgspec.json.encode(
        {"type": "error", "error": {"type": kind, "message": failure.sentence}, "request_id": request_id}
    )


def error_event(failure: Failure, request_id: str) -> bytes:
    return b"event: error\ndata: " + error_body(failure, request_id) + b"\n\n"
