"""Why a model stopped, in this format's words and back."""

import msgspec
from msgspec import Raw

from proxy.wire.canonical import Stop, StopReason
from proxy.wire.failure import Failure, FailureKind

_REASONS = {
    "STOP": StopReason.END_TURN,
    "MAX_TOKENS": StopReason.MAX_TOKENS,
    "SAFETY": StopReason.CONTENT_FILTER,
    "RECITATION": StopReason.CONTENT_FILTER,
    "BLOCKLIST": StopReason.CONTENT_FILTER,
    "PROHIBITED_CONTENT": StopReason.CONTENT_FILTER,
    "SPII": StopReason.CONTENT_FILTER,
    "MODEL_ARMOR": StopReason.CONTENT_FILTER,
    "IMAGE_SAFETY": StopReason.CONTENT_FILTER,
    "IMAGE_PROHIBITED_CONTENT": StopReason.CONTENT_FILTER,
    "IMAGE_RECITATION": StopReason.CONTENT_FILTER,
}

_FAILURES = {
    "MALFORMED_FUNCTION_CALL": (FailureKind.BAD_ANSWER, "The model made a call that cannot be read."),
    "UNEXPECTED_TOOL_CALL": (FailureKind.BAD_ANSWER, "The model called a tool that it was not offered."),
    "TOO_MANY_TOOL_CALLS": (FailureKind.BAD_ANSWER, "The model called too many tools in a row."),
    "MALFORMED_RESPONSE": (FailureKind.BAD_ANSWER, "The model's answer cannot be read."),
    "MISSING_THOUGHT_SIGNATURE": (
        FailureKind.BAD_REQUEST,
        "The provider misses the signature of an earlier call.",
    ),
}
"""There is no answer then, although the status says that all is well."""

_WORDS = {
    StopReason.END_TURN: "STOP",
    StopReason.STOP_SEQUENCE: "STOP",
    StopReason.PAUSE: "STOP",
    StopReason.TOOL_USE: "STOP",
    StopReason.MAX_TOKENS: "MAX_TOKENS",
    StopReason.CONTEXT_FULL: "MAX_TOKENS",
    StopReason.CONTENT_FILTER: "SAFETY",
    StopReason.REFUSAL: "SAFETY",
}
_WORD = "finishReason"
_TEXT = msgspec.json.Decoder(str)


def read_stop(word: str, message: str | None, *, has_said: bool) -> Stop:
    """What the word means; raises where it means a failure. The word itself is kept for this format."""
    if word in _FAILURES:
        kind, sentence = _FAILURES[word]
        raise Failure(kind, f"{sentence} {message}" if message else sentence, code=word)
    if word == "OTHER" and not has_said:
        sentence = message or "The model stopped without an answer, and the provider did not say why."
        raise Failure(FailureKind.SERVER, sentence, code=word)
    reason = _REASONS.get(word, StopReason.END_TURN)
    return Stop(reason, extra=None if _WORDS[reason] == word else {_WORD: Raw(msgspec.json.encode(word))})


def blocked(reason: str) -> Stop:
    """The prompt was not answered at all. Its reason is one that answers have too, or near enough."""
    word = reason if reason in _REASONS else "SAFETY"
    return read_stop(word, None, has_said=False)


def stop_word(stop: Stop) -> str:
    if stop.extra and _WORD in stop.extra:
        return _TEXT.decode(stop.extra[_WORD])
    return _WORDS[stop.reason]
