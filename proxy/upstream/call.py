"""Everything needed to ask a provider once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from proxy.config import ProviderConfig
from proxy.routing.service import Service
from proxy.upstream.seats import NO_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it goes out, but for what the connection adds."""

    service: Service
    config: ProviderConfig
    method: str = "POST"
    url: str = field(repr=False)
    shown_url: str
    """The same for eyes: without the credentials that an address may carry."""
    headers: Iterable[tuple[str, str]] = field(repr=False)
    body: bytes | None = field(repr=False)
    is_official: bool = False
    """Whether it goes to the vendor's own host."""
    via: Sequence[str] = ()
    """What the client's request said of the proxies it came through."""
    takes_seat: bool = True
    """Whether it counts among the requests that a provider may have at once."""
    seats: int = 0
    """How many it may have, where its configuration does not say; zero is no limit, or not known."""
    seats_at: str = ""
    """Whose they are then: a server's, which other providers may lead to as well."""
    seat_seconds: float | None = None
    """How long it waits for a seat at most; None is as long as it may take at all."""

    @property
    def limit(self) -> int:
        """0 is not known: a server that tells nothing may well have one."""
        return self.config.max_concurrency or self.seats or (0 if self.seats_at else NO_LIMIT)

    @property
    def room(self) -> str:
        """Where it has to have a seat; the user's own limit is for a provider, whoever else leads there."""
        return (not self.config.max_concurrency and self.seats_at) or self.service.provider
