"""The servers of this machine: under which name each is or would be configured, and its one model to ask.

A server with room for one model swaps when two tiers ask for different ones, and that takes longer than any
answer. So a server gives one model to all tiers, and where one of its models is in use already, that one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.proposal.local_models import Judged, Machine, judged
from app.proposal.pieces import Findings, NewProvider
from proxy.config import Config, ProviderConfig, ProviderKind
from proxy.config.address import is_loopback
from proxy.local.found import LocalServer, State
from proxy.local.naming import configured_names, names
from proxy.local.place import Place
from proxy.local.surroundings import places_named
from proxy.providers.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """The model of a server that is proposed, and the provider it is asked as."""

    provider: str
    new: NewProvider | None
    judged: Judged


def picks(
    servers: Iterable[LocalServer],
    settings: Config,
    findings: Findings,
    machine: Machine,
) -> list[Pick]:
    """At most one for each server, in the order of their addresses."""
    here = sorted(_distinct(servers), key=lambda each: each.place)
    called = names(here, settings)
    found = []
    for server in here:
        if _is_ourselves(server, settings) or server.state is State.GONE:
            continue
        name = provider_at(server.place, settings) or called[server.place]
        new = None if name in settings.providers else new_provider(server, name)
        pick = _pick(server, name, new, settings, findings, machine)
        if pick is not None:
            found.append(pick)
    return found


def provider_at(place: Place, settings: Config) -> str:
    """The provider with that address, whatever its path; of several one that is enabled; empty: none."""
    named = configured_names(settings).get(place)
    there = (name for name, config in settings.providers.items() if place.socket in _sockets(name, config))
    return named or min(there, key=lambda name: not settings.providers[name].enabled, default="")


def server_of(name: str, config: ProviderConfig, servers: Iterable[LocalServer]) -> LocalServer | None:
    """The one that answers at the provider's address, else one that is gone from there; None: not found."""
    sockets = _sockets(name, config)
    there = (server for server in servers if server.place.socket in sockets)
    return min(there, key=lambda server: server.state is State.GONE, default=None)


def _sockets(name: str, config: ProviderConfig) -> set[tuple[str, int]]:
    """All that its address may mean."""
    said = Place.from_url(Provider(name, config).base)
    meant = places_named(name, config)
    return {each.socket for each in (*meant, *([] if said is None else [said]))}


def _distinct(servers: Iterable[LocalServer]) -> Sequence[LocalServer]:
    return list({server.place.socket: server for server in servers}.values())


def _is_ourselves(server: LocalServer, settings: Config) -> bool:
    """Asked as a provider we would ask ourselves, and so on without end."""
    return server.place.port == settings.server.port and is_loopback(server.place.host)


def new_provider(server: LocalServer, name: str) -> NewProvider:
    """The provider that a server becomes when it is used."""
    kind = server.sort.provider
    usual = ProviderConfig(kind=kind)
    is_usual = Provider("", usual).base == server.base_url
    needs_saying = usual.key_forms != ("none",)
    return NewProvider(
        name=name,
        label=server.sort.label,
        config=ProviderConfig(
            kind=kind,
            base_url="" if is_usual else server.base_url,
            key="none" if needs_saying else None,
        ),
    )


def adding_by_hand(server: LocalServer, name: str) -> str:
    """The command that adds it, and asks for its key."""
    return f"providers add {name} --kind {server.sort.provider} --base-url {server.base_url}"


def _pick(
    server: LocalServer,
    name: str,
    new: NewProvider | None,
    settings: Config,
    findings: Findings,
    machine: Machine,
) -> Pick | None:
    known = settings.providers.get(name)
    if known is not None and not known.enabled:
        return None
    if server.state is State.LOCKED and known is None:
        findings.leave_out(
            f"{server.sort.label} at {server.place.url}",
            f"it wants a key: `{adding_by_hand(server, name)}` asks for it",
        )
        return None
    kind = known.kind if known is not None else server.sort.provider
    fit = list(_fit(server, name, kind, findings, machine))
    in_use = _in_use(server, name, settings)
    best = _best(fit, in_use)
    asked = best.model.name if best is not None else ", ".join(sorted(in_use))
    for other in fit:
        if other is not best and other.model.name not in in_use:
            findings.leave_out(f"{name}/{other.model.name}", _why_not(other, asked))
    return None if best is None else Pick(provider=name, new=new, judged=best)


def _fit(
    server: LocalServer,
    name: str,
    kind: ProviderKind,
    findings: Findings,
    machine: Machine,
) -> Iterable[Judged]:
    for model in sorted(server.models, key=lambda each: each.name):
        service = f"{name}/{model.name}"
        outcome = judged(model, server, machine, service, kind)
        if isinstance(outcome, str):
            findings.leave_out(service, outcome)
        else:
            yield outcome


def _in_use(server: LocalServer, name: str, settings: Config) -> set[str]:
    """The models of it that some tier asks. One that the server does not have any more is in nobody's way."""
    configured = {service.model for service in settings.services if service.provider == name}
    return {each.name for each in server.models if not configured.isdisjoint(_spellings(each.name))}


def _spellings(name: str) -> tuple[str, str]:
    """Ollama lists with its tag what may be asked for without."""
    return name, name.removesuffix(":latest")


def _best(fit: Sequence[Judged], in_use: Collection[str]) -> Judged | None:
    """The one that is in use, whatever it is worth; else the one that may do most."""
    used = [each for each in fit if each.model.name in in_use]
    if in_use and not used:
        return None
    return max(used or fit, key=lambda each: each.rank, default=None)


def _why_not(other: Judged, asked: str) -> str:
    if other.doubt:
        return f"{other.doubt}; {asked} of the same server is asked"
    return f"{asked} of the same server is asked: one of each, so that none pushes another out of memory"
