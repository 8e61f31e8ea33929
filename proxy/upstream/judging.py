"""What a failed attempt means for the exchange: ask another key, another service, or tell the client."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from proxy.routing.health.key import Key
from proxy.routing.service import Candidate
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

_OF_THE_KEY = frozenset(
    {FailureKind.UNAUTHENTICATED, FailureKind.FORBIDDEN, FailureKind.QUOTA, FailureKind.RATE_LIMIT}
)
_OF_THE_REQUEST = frozenset(
    {
        FailureKind.BAD_REQUEST,
        FailureKind.TOO_LARGE,
        FailureKind.CONTENT_FILTER,
        FailureKind.METHOD_NOT_ALLOWED,
        FailureKind.STOPPING,
        FailureKind.INTERNAL,
    }
)
_USEFUL = (
    FailureKind.CONTEXT_OVERFLOW,
    FailureKind.RATE_LIMIT,
    FailureKind.OVERLOADED,
    FailureKind.QUOTA,
    FailureKind.UNAUTHENTICATED,
    FailureKind.FORBIDDEN,
    FailureKind.MODEL_NOT_FOUND,
    FailureKind.NOT_FOUND,
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


@dataclass(frozen=True, slots=True)
class Failed:
    """One attempt that came to nothing; without a key it was not even made."""

    candidate: Candidate
    failure: Failure
    key: Key | None = None
    answer: ErrorAnswer | None = None
    is_official: bool = False
    """Whether the vendor itself said so."""


def ends_the_exchange(failure: Failure) -> bool:
    """Whether nobody else can do better: what is wrong is the request, or us."""
    return failure.kind in _OF_THE_REQUEST


def is_about_the_key(failure: Failure) -> bool:
    return failure.kind in _OF_THE_KEY


def most_useful(failures: Sequence[Failed]) -> Failed:
    """The failure to tell the client; of several equally useful ones the first, which it asked for most."""
    return min(
        failures,
        key=lambda failed: _USEFUL.index(failed.failure.kind) if failed.failure.kind in _USEFUL else -1,
    )
