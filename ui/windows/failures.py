"""What went wrong with a request or an attempt, in two or three words, wherever it is told."""

from collections.abc import Mapping
from typing import Final

from ui.speech import Speech, later

tr = Speech("failures").tr

_WORDS: Final[Mapping[str, str]] = {
    "bad_request": later("refused the request"),
    "unauthenticated": later("key refused"),
    "quota": later("quota used up"),
    "forbidden": later("not allowed"),
    "not_found": later("not found"),
    "model_not_found": later("model not found"),
    "method_not_allowed": later("method not allowed"),
    "too_large": later("request too large"),
    "context_overflow": later("prompt too long"),
    "content_filter": later("content filter"),
    "rate_limit": later("rate limited"),
    "no_service": later("nobody could serve"),
    "overloaded": later("overloaded"),
    "server": later("provider's error"),
    "connection": later("not reachable"),
    "bad_answer": later("unreadable answer"),
    "broken_off": later("answer broke off"),
    "timeout": later("took too long"),
    "stopping": later("Tierwise was stopping"),
    "internal": later("Tierwise's own error"),
}


def failure(kind: str | None) -> str:
    """A kind that is new to this table is told by its name."""
    return tr(_WORDS.get(kind or "", kind or later("failed")))


def longest_failure() -> str:
    """What a column has room for, if it has room for all of them."""
    return max(map(failure, _WORDS), key=len)
