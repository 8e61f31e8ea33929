"""What goes wrong in the middle of a stream: frames that are no events.

An exception is one of the service's own kinds, with words in its payload; an error has all in its headers.
"""

import msgspec

from proxy.wire.bedrock.schema import Object
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure
from proxy.wire.framing.event_stream import Frame
from proxy.wire.reading import UNREADABLE, decoded


class _Exception(Object):
    original_status_code: int | None = None
    original_message: str | None = None


_EXCEPTION = msgspec.json.Decoder(_Exception)


def failure_in(frame: Frame) -> Failure | None:
    """The failure that a frame tells of, if it does."""
    headers = {name: value for name, value in frame.headers.items() if isinstance(value, str)}
    match headers.get(":message-type"):
        case "exception":
            return _of_exception(frame.payload, headers)
        case "error":
            words = {"message": headers.get(":error-message"), "code": headers.get(":error-code")}
            return read_error(None, msgspec.json.encode(words))
    return None


def _of_exception(payload: bytes, headers: dict[str, str]) -> Failure:
    """A model's own error is wrapped in one of the service's, and says more."""
    try:
        wrapped = decoded(_EXCEPTION, payload)
    except UNREADABLE:
        wrapped = _Exception()
    if wrapped.original_message:
        payload = msgspec.json.encode({"message": wrapped.original_message})
    status = wrapped.original_status_code
    return read_error(status if status is not None and status >= 400 else None, payload, headers)
