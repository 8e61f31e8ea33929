"""Embeddings pass through as they are: only the model's name is put in, and usage read out."""

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.openai_chat.usage import read_usage
from proxy.wire.peek import peek
from proxy.wire.reading import ABSENT, UNREADABLE, decoded, given
from proxy.wire.splice import Set, spliced


class _Body(Struct):
    usage: Raw = ABSENT


_BODY = msgspec.json.Decoder(_Body)


def asked_model(body: bytes) -> str:
    """The model that the client named."""
    model = peek(body).model
    if not model:
        raise Failure(FailureKind.BAD_REQUEST, "The request names no `model`.")
    return model


def for_model(body: bytes, model: str) -> bytes:
    """The same request for another model."""
    return spliced(body, [Set(("model",), msgspec.json.encode(model))])


def usage_of(body: bytes) -> Usage:
    """What an answer says it used; an answer that cannot be read is passed on all the same."""
    try:
        usage = given(decoded(_BODY, body).usage)
    except UNREADABLE:
        return UNKNOWN
    return UNKNOWN if usage is None else read_usage(usage)
