"""What a failed attempt means for the exchange: ask another key, another service, or tell the client."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from proxy.exchange import Attempt
from proxy.providers.fitting import Correction
from proxy.routing.health.key import Key
from proxy.routing.service import Candidate
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.reading import is_json_object

_OF_THE_KEY = frozenset(
    {FailureKind.UNAUTHENTICATED, FailureKind.FORBIDDEN, FailureKind.QUOTA, FailureKind.RATE_LIMIT}
)
_OF_THE_REQUEST = frozenset(
    {
        FailureKind.BAD_REQUEST,
        FailureKind.TOO_LARGE,
        FailureKind.CONTENT_FILTER,
        FailureKind.STOPPING,
        FailureKind.INTERNAL,
    }
)
_ELSEWHERE_PERHAPS = frozenset({405, 406, 409, 410, 411, 415, 421, 423, 425, 426, 428, 431, 451})
"""Refusals of this host at this moment, rather than of the request as such."""
_USEFUL = (
    FailureKind.CONTEXT_OVERFLOW,
    FailureKind.RATE_LIMIT,
    FailureKind.OVERLOADED,
    FailureKind.QUOTA,
    FailureKind.UNAUTHENTICATED,
    FailureKind.FORBIDDEN,
    FailureKind.MODEL_NOT_FOUND,
    FailureKind.NOT_FOUND,
    FailureKind.BAD_REQUEST,
    FailureKind.METHOD_NOT_ALLOWED,
    FailureKind.TIMEOUT,
    FailureKind.SERVER,
    FailureKind.BROKEN_OFF,
    FailureKind.BAD_ANSWER,
    FailureKind.CONNECTION,
    FailureKind.NO_SERVICE,
)
"""From the one that tells the client most about what to do now."""


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """A provider's error as it came."""

    format: Format
    status: int
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes = field(repr=False)

    def is_error_in(self, format_: Format) -> bool:
        """Whether a client of that format can read it; pages of HTML come from whoever stands between."""
        return (
            self.format is format_
            and self.status >= 400
            and is_json_object(self.body.decode(errors="replace"))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """One try that came to nothing; without an attempt nobody was even asked."""

    candidate: Candidate
    failure: Failure
    key: Key | None = None
    attempt: Attempt | None = None
    answer: ErrorAnswer | None = None
    is_official: bool = False
    """Whether the vendor itself said so."""
    correction: Correction | None = None
    """How the same service may be asked again."""


def ends_the_exchange(failure: Failure) -> bool:
    """Whether nobody else can do better: what is wrong is the request, or us."""
    return failure.kind in _OF_THE_REQUEST and failure.status not in _ELSEWHERE_PERHAPS


def is_about_the_key(failure: Failure) -> bool:
    return failure.kind in _OF_THE_KEY


def most_useful(failures: Sequence[Failed]) -> Failed:
    """The failure to tell the client; of several equally useful ones the first, which it asked for most.

    That a prompt is too long makes clients shorten it for good. So it is told only where it was not merely
    out of reach for now: nobody larger was asked and failed otherwise.
    """
    overflow = next((n for n, each in enumerate(failures) if _is_overflow(each)), len(failures))
    larger = [each for each in failures[overflow:] if not _is_overflow(each) and each.attempt is not None]
    chosen = [each for each in failures if not _is_overflow(each)] if larger else failures
    return min(chosen, key=_rank)


def _is_overflow(failed: Failed) -> bool:
    return failed.failure.kind is FailureKind.CONTEXT_OVERFLOW


def _rank(failed: Failed) -> tuple[int, float]:
    """Of those that say when to come back, the soonest."""
    failure = failed.failure
    place = _USEFUL.index(failure.kind) if failure.kind in _USEFUL else -1
    wait = failure.retry_after if failure.kind is FailureKind.RATE_LIMIT else 0.0
    return place, math.inf if wait is None else wait
