"""Failures as the OpenAI APIs word them, in bodies and inside streams."""

import re

import msgspec

from proxy.wire.errors.telling import SURE_STATUSES
from proxy.wire.failure import Failure, FailureKind

_INVALID = "invalid_request_error"
_TYPES_AND_CODES = {
    FailureKind.BAD_REQUEST: (_INVALID, None),
    FailureKind.UNAUTHENTICATED: ("authentication_error", "invalid_api_key"),
    FailureKind.QUOTA: ("insufficient_quota", "insufficient_quota"),
    FailureKind.FORBIDDEN: ("permission_error", None),
    FailureKind.NOT_FOUND: (_INVALID, None),
    FailureKind.MODEL_NOT_FOUND: (_INVALID, "model_not_found"),
    FailureKind.METHOD_NOT_ALLOWED: (_INVALID, None),
    FailureKind.TOO_LARGE: (_INVALID, None),
    FailureKind.CONTEXT_OVERFLOW: (_INVALID, "context_length_exceeded"),
    FailureKind.CONTENT_FILTER: (_INVALID, "content_filter"),
    FailureKind.RATE_LIMIT: ("rate_limit_error", "rate_limit_exceeded"),
    FailureKind.OVERLOADED: ("server_error", "server_is_overloaded"),
    FailureKind.SERVER: ("server_error", "server_error"),
    FailureKind.TIMEOUT: ("timeout_error", None),
}
_EVERYTHING_ELSE = ("server_error", None)

# 529 is Anthropic's.
_STATUSES = SURE_STATUSES | {FailureKind.OVERLOADED: 503}


def status_for(failure: Failure) -> int:
    return _STATUSES.get(failure.kind, failure.status)


def error_body(failure: Failure, request_id: str) -> bytes:
    return msgspec.json.encode({"error": error_members(failure, "messages") | {"request_id": request_id}})


def error_event(failure: Failure, request_id: str) -> bytes:
    return b"data: " + error_body(failure, request_id) + b"\n\n"


def error_members(failure: Failure, conversation: str) -> dict[str, str | None]:
    """The error object; `conversation` is the name of the parameter that holds what was too long."""
    kind, code = _TYPES_AND_CODES.get(failure.kind, _EVERYTHING_ELSE)
    return {
        "message": _sentence(failure),
        "type": kind,
        "param": conversation if failure.kind is FailureKind.CONTEXT_OVERFLOW else None,
        "code": code or _own_code(failure) or failure.kind.value,
    }


def _own_code(failure: Failure) -> str | None:
    """What exactly is wrong with a request, where the provider or we have a code for it."""
    is_telling = failure.kind is FailureKind.BAD_REQUEST and failure.code not in (None, _INVALID)
    return failure.code if is_telling and re.fullmatch("[a-z][a-z0-9_]+", failure.code or "") else None


def _sentence(failure: Failure) -> str:
    if failure.kind is not FailureKind.CONTEXT_OVERFLOW or None in (failure.tokens, failure.maximum):
        return failure.sentence
    return (
        f"This model's maximum context length is {failure.maximum} tokens. However, your messages resulted "
        f"in {failure.tokens} tokens. Please reduce the length of the messages."
    )
