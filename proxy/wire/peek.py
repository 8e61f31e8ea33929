"""What a request asks for, read without taking its body apart.

The scan skips over everything but a few top-level keys, at gigabytes per second. It judges nothing:
a body that only the scanner finds odd (msgspec refuses lone surrogates, which clients produce when
they cut text inside an emoji) is read by the slower, more forgiving parser of the standard library.
"""

import json

import msgspec

from proxy.wire.failure import Failure, FailureKind


class Asked(msgspec.Struct, frozen=True):
    """The top-level values that decide where a request goes and how its answer comes."""

    model: str | None = None
    stream: bool | None = None


_scan = msgspec.json.Decoder(Asked).decode


def peek(body: bytes) -> Asked:
    try:
        return _scan(body)
    except msgspec.ValidationError as error:
        raise Failure(FailureKind.BAD_REQUEST, f"The request body is not as expected: {error}.") from error
    except (msgspec.DecodeError, RecursionError):
        return _peek_forgivingly(body)


def _peek_forgivingly(body: bytes) -> Asked:
    try:
        return msgspec.convert(json.loads(body), Asked)
    except msgspec.ValidationError as error:
        raise Failure(FailureKind.BAD_REQUEST, f"The request body is not as expected: {error}.") from error
    except RecursionError as error:
        raise Failure(FailureKind.BAD_REQUEST, "The request body is nested too deeply.") from error
    except ValueError as error:
        raise Failure(FailureKind.BAD_REQUEST, f"The request body is not valid JSON: {error}.") from error
