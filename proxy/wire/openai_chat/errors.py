"""Failures as the OpenAI APIs word them, in bodies and inside streams."""

import msgspec

from proxy.wire.failure import Failure, FailureKind

_TYPES = {
    FailureKind.BAD_REQUEST: "invalid_request_error",
    FailureKind.UNAUTHENTICATED: "authentication_error",
    FailureKind.FORBIDDEN: "permission_error",
    FailureKind.NOT_FOUND: "invalid_request_error",
    FailureKind.METHOD_NOT_ALLOWED: "invalid_request_error",
    FailureKind.TOO_LARGE: "invalid_request_error",
    FailureKind.TIMEOUT: "timeout_error",
}


def error_body(failure: Failure, request_id: str) -> bytes:
    kind = _TYPES.get(failure.kind, "server_error")
    return msgspec.json.encode(
        {
            "error": {
                "message": failure.sentence,
                "type": kind,
                "param": None,
                "code": failure.kind.value,
                "request_id": request_id,
            }
        }
    )


def error_event(failure: Failure, request_id: str) -> bytes:
    return b"data: " + error_body(failure, request_id) + b"\n\n"
