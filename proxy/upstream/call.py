"""Everything needed to ask a provider once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from proxy.config import ProviderConfig
from proxy.routing.service import Service


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
