"""Answers that providers keep, and requests that go on from one of them."""

import msgspec

from proxy.upstream.asked import Asked
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.reading import UNREADABLE


def answer_referred_to(asked: Asked) -> str | None:
    """The answer that this request goes on from, so that only its issuer can."""
    raw = asked.body.value("previous_response_id") if asked.format is Format.RESPONSES else None
    if raw is None:
        return None
    try:
        return msgspec.json.decode(raw, type=str | None)
    except UNREADABLE as error:
        sentence = "`previous_response_id` is not the id of an answer."
        raise Failure(FailureKind.BAD_REQUEST, sentence) from error


def not_found(answer_id: str) -> Failure:
    sentence = f"Previous response with id '{answer_id[:100]}' not found."
    return Failure(FailureKind.BAD_REQUEST, sentence, code="previous_response_not_found")
