"""Servers that were found and are not configured: they become providers when a tier is to ask them."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from app.errors import UserError
from app.proposal.pieces import NewProvider
from app.proposal.servers import adding_by_hand, new_provider
from app.providers.known import unknown
from app.settings import Settings
from proxy.config import ServiceEntry
from proxy.local.found import LocalServer, State
from proxy.local.naming import names


class LockedError(UserError):
    """The server wants a key, which is asked for elsewhere."""

    kind = "locked"


def newcomers(
    services: Iterable[ServiceEntry], servers: Sequence[LocalServer], settings: Settings
) -> list[NewProvider]:
    """A provider for each of these services that has none, if a server of that name was found."""
    called = names(servers, settings)
    found = {called[server.place]: server for server in servers if server.state is not State.GONE}
    wanted = dict.fromkeys(service.provider for service in services)
    return [_newcomer(name, found, settings) for name in wanted if name not in settings.providers]


def with_them(settings: Settings, new: Iterable[NewProvider]) -> Settings:
    """The settings as they would be."""
    return replace(settings, providers={**settings.providers, **{each.name: each.config for each in new}})


def _newcomer(name: str, found: Mapping[str, LocalServer], settings: Settings) -> NewProvider:
    server = found.get(name)
    if server is None:
        raise unknown(name, [*settings.providers, *found])
    if server.state is State.LOCKED:
        raise LockedError(
            f"{server.sort.label} at {server.place.url} wants a key: "
            f"`{adding_by_hand(server, name)}` asks for it."
        )
    return new_provider(server, name)
