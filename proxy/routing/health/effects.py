"""What a failed try says about the key, the service, or neither: one table over all kinds of failure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from proxy.routing.health.key import Key
from proxy.routing.health.marks import FOREVER, Place, Reason, on_key, on_service, on_service_with_key
from proxy.routing.service import Service
from proxy.wire.failure import FailureKind

_TEN_MINUTES = 600.0
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Effect:
    """The mark that a failure leaves: where, why, and for how long unless the provider says how long."""

    reason: Reason
    place: Callable[[Service, Key], Place]
    seconds: float
    hears_the_provider: bool = False
    is_of_the_secret: bool = False
    """A new secret under the same label begins anew."""


_MARKS: Mapping[FailureKind, Effect] = {
    FailureKind.UNAUTHENTICATED: Effect(Reason.REJECTED, on_key, FOREVER, is_of_the_secret=True),
    FailureKind.FORBIDDEN: Effect(Reason.FORBIDDEN, on_service_with_key, _TEN_MINUTES),
    FailureKind.QUOTA: Effect(
        Reason.EXHAUSTED, on_key, _HOUR, hears_the_provider=True, is_of_the_secret=True
    ),
    FailureKind.NOT_FOUND: Effect(Reason.NOT_FOUND, on_service, _TEN_MINUTES),
    FailureKind.MODEL_NOT_FOUND: Effect(Reason.NOT_FOUND, on_service, _TEN_MINUTES),
}

_UNSEEN_KEY = Effect(Reason.FORBIDDEN, on_key, _TEN_MINUTES)
"""For a key without a secret to see: it may be renewed behind our back, so it is never rejected for good."""

COUNTED = frozenset(
    {
        FailureKind.TIMEOUT,
        FailureKind.OVERLOADED,
        FailureKind.SERVER,
        FailureKind.CONNECTION,
        FailureKind.BROKEN_OFF,
        FailureKind.BAD_ANSWER,
    }
)
"""The failures of the service itself, which its breaker counts."""

CRASHES = frozenset({FailureKind.CONNECTION, FailureKind.BROKEN_OFF})
"""What it looks like when a local server dies."""

UNCOUNTED = frozenset(
    {
        FailureKind.BAD_REQUEST,
        FailureKind.METHOD_NOT_ALLOWED,
        FailureKind.TOO_LARGE,
        FailureKind.CONTEXT_OVERFLOW,
        FailureKind.CONTENT_FILTER,
        FailureKind.NO_SERVICE,
        FailureKind.STOPPING,
        FailureKind.INTERNAL,
    }
)
"""They are about the request or about us. The service is neither better nor worse for them."""


def effect_of(kind: FailureKind, key: Key) -> Effect | None:
    """The mark of such a failure. Rate limits and overload have none of a fixed length, so none here."""
    if kind is FailureKind.UNAUTHENTICATED and key.secret is None:
        return _UNSEEN_KEY
    return _MARKS.get(kind)
