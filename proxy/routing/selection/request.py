"""What is known of a request when somebody must be chosen for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from proxy.config import TierName
from proxy.routing.service import Service
from proxy.routing.signals import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What stands beside a request, and says something about who is to answer it."""

    service: Service | None = None
    """Named by header: that one and no other."""
    issuer: Service | None = None
    """Gave an answer that the request refers to."""
    tier: TierName | None = None
    """Asked for by header."""
    speakers: Sequence[str] = ()
    """The providers to try where nothing is configured to be chosen."""


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    signals: Signals
    said: Said = field(default=NOTHING_SAID)
