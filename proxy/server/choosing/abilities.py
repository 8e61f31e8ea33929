"""What models can do, as routing asks it: what their provider's list tells, else what is known of them."""

from collections.abc import Callable, Iterable, Mapping

from proxy.config import Config
from proxy.providers.facts import Facts, facts
from proxy.routing.selection.snapshot import Abilities
from proxy.routing.service import Candidate, Service
from proxy.upstream.listing import KnownModel

Listed = Callable[[Service], KnownModel | None]
"""What the list of a service's provider tells of it, where there is one."""


def abilities(
    config: Config, candidates: Iterable[Candidate], listed: Listed = lambda _service: None
) -> Mapping[Service, Abilities]:
    """Of the candidates whose providers are there."""
    return {
        each.service: _of(each.service, config.providers[each.service.provider].kind, listed(each.service))
        for each in candidates
        if each.service.provider in config.providers
    }


def _of(service: Service, kind: str, listed: KnownModel | None) -> Abilities:
    known = facts(kind, service.model)
    if listed is not None:
        return _abilities(listed, known)
    return _abilities(known, known)


def _abilities(told: KnownModel | Facts, known: Facts) -> Abilities:
    return Abilities(told.context, told.tools, told.vision, told.thinking, known.structured, told.max_output)
