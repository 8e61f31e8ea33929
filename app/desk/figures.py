"""The few figures that a tray shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from proxy.server.recent import Past


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the local day. What is saved is net, so it may be negative; None is unknown."""

    requests: int
    errors: int
    saved: float | None
    """Dollars."""
    measured: float | None
    """The part of it that is measured; None where nothing is."""
    estimated: float | None
    """The part of it that is estimated; None where nothing is."""

    @classmethod
    def of(cls, today: Mapping[str, Any]) -> Self:
        parts = today["compared"]
        return cls(
            requests=today["requests"],
            errors=today["errors"],
            saved=today["saved_usd"],
            measured=_of_part(parts["measured"]),
            estimated=_of_part(parts["estimated"]),
        )


@dataclass(frozen=True, slots=True)
class LastDecision:
    """The newest request since the start: where it went, and why, in a sentence."""

    id: str
    when: float
    """Seconds since 1970."""
    client: str
    tier: str | None
    model: str | None
    """As provider/model; None where nobody has served it."""
    sentence: str

    @classmethod
    def of(cls, past: Past) -> Self:
        model = None if past.served is None else str(past.served)
        return cls(past.id, past.when, past.client, past.tier, model, past.sentence)


def _of_part(part: Mapping[str, Any]) -> float | None:
    saved: float | None = part["saved_usd"] if part["requests"] else None
    return saved
