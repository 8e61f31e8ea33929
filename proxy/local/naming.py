"""What servers are called: as their providers are configured, else as they would be."""

from collections.abc import Collection, Iterable, Mapping

from proxy.config import Config
from proxy.local.found import LocalServer
from proxy.local.place import Place
from proxy.local.surroundings import places_named


def configured_names(config: Config) -> Mapping[Place, str]:
    """The provider at each place; of several at one the first that is switched on, else the first."""
    named: dict[Place, str] = {}
    for name, table in sorted(config.providers.items(), key=lambda each: not each[1].enabled):
        for place in places_named(name, table):
            named.setdefault(place, name)
    return named


def names(servers: Iterable[LocalServer], config: Config) -> Mapping[Place, str]:
    """A name for every server. No two are alike, and none is that of another provider."""
    configured = configured_names(config)
    taken, found = set(config.providers), dict[Place, str]()
    for server in servers:
        name = configured.get(server.place) or free_name(server.kind.value, taken)
        taken.add(name)
        found[server.place] = name
    return found


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, else the first with a number behind it that nobody has."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name
