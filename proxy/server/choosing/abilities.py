"""What models can do, as routing asks it: what their provider's list tells, else what is known of them."""

from collections.abc import Callable, Iterable, Mapping

from proxy.config import Config
from proxy.providers.facts import facts
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
    if listed is not None:
        return Abilities(listed.context, listed.tools, listed.vision)
    known = facts(kind, service.model)
    return Abilities(known.context, known.tools, known.vision)
