"""What models can do, as routing asks it: what their provider's list tells, else what is known of them."""

from collections.abc import Iterable, Mapping

from proxy.config import Config
from proxy.providers.facts import facts
from proxy.routing.selection.snapshot import Abilities
from proxy.routing.service import Candidate, Service
from proxy.upstream.catalogue import Catalogue


def abilities(
    config: Config, catalogue: Catalogue, candidates: Iterable[Candidate]
) -> Mapping[Service, Abilities]:
    """Of the candidates whose providers are there."""
    return {
        each.service: _of(each.service, config.providers[each.service.provider].kind, catalogue)
        for each in candidates
        if each.service.provider in config.providers
    }


def _of(service: Service, kind: str, catalogue: Catalogue) -> Abilities:
    listed = catalogue.model(service)
    if listed is not None:
        return Abilities(listed.context, listed.tools, listed.vision)
    known = facts(kind, service.model)
    return Abilities(known.context, known.tools, known.vision)
