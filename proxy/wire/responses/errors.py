"""Failures as the OpenAI Responses API words them, in bodies and as an event.

A stream that had begun ends with `response.failed`, which holds the response; the error event is for one
of which nothing was told yet.
"""

import msgspec

from proxy.wire.failure import Failure
from proxy.wire.openai_chat.errors import error_members, status_for

__all__ = ["error_body", "error_event", "failed_error", "status_for"]


def error_body(failure: Failure, request_id: str) -> bytes:
    return msgspec.json.encode({"error": error_members(failure, "input") | {"request_id": request_id}})


def error_event(failure: Failure, request_id: str, sequence_number: int = 0) -> bytes:
    """Some clients look for the members in the event itself, others for an error object in it."""
    error = error_members(failure, "input")
    event = {
        "type": "error",
        "code": error["code"],
        "message": error["message"],
        "param": error["param"],
        "sequence_number": sequence_number,
        "error": error | {"request_id": request_id},
    }
    return b"event: error\ndata: " + msgspec.json.encode(event) + b"\n\n"


def failed_error(failure: Failure) -> dict[str, str | None]:
    """The error inside a response that failed."""
    error = error_members(failure, "input")
    return {"code": error["code"], "message": error["message"]}
