"""Whether a model is one that anybody has heard of, for a remark where it may be mistyped."""

import time
from collections.abc import Iterable, Sequence
from itertools import chain

from app.proposal.here import shipped_prices
from app.proposal.servers import server_of
from app.settings import Settings
from proxy.config import ProviderConfig, ServiceEntry, did_you_mean
from proxy.local.found import LocalServer, State
from proxy.providers.facts import facts
from proxy.providers.presets import presets

_UNTOLD = {
    State.GONE: "does not answer now",
    State.LOADING: "is loading a model",
    State.LOCKED: "shows its models only to who has its key",
}


def remarks(
    services: Iterable[ServiceEntry], settings: Settings, servers: Sequence[LocalServer]
) -> list[str]:
    """A sentence for every service whose model is not known; it is taken all the same."""
    said = (_remark(service, settings, servers) for service in services)
    return [remark for remark in said if remark]


def is_here(service: ServiceEntry, settings: Settings) -> bool:
    """Whether its provider is a server of this machine, which can be asked what it has."""
    return settings.providers[service.provider].is_on_this_machine


def _remark(service: ServiceEntry, settings: Settings, servers: Sequence[LocalServer]) -> str:
    if any(service.name == other.name for other in settings.services):
        return ""
    if is_here(service, settings):
        return _remark_on_local(service, settings, servers)
    config = settings.providers[service.provider]
    if _is_heard_of(service, config, settings):
        return ""
    models = chain.from_iterable(each.models for each in presets() if each.kind == config.kind)
    meant = did_you_mean(service.model, models)
    return f"{service.name}: nothing is known here of that model{meant or '; it is asked for as it is.'}"


def _remark_on_local(service: ServiceEntry, settings: Settings, servers: Sequence[LocalServer]) -> str:
    """Nothing of a server that was not found or wants a key which its provider has: it may well answer it."""
    config = settings.providers[service.provider]
    found = server_of(service.provider, config, servers)
    if found is None or (found.state is State.LOCKED and config.key_forms != ("none",)):
        return ""
    if found.state is not State.READY:
        why = _UNTOLD[found.state]
        return f"{service.name}: {service.provider} {why}, so nobody knows whether it has that."
    model = found.model(service.model)
    if model is not None:
        return (
            f"{service.name} is no local model: what it is asked leaves this machine."
            if model.is_remote
            else ""
        )
    meant = did_you_mean(service.model, (model.name for model in found.models))
    return f"{service.name}: {service.provider} has no such model now{meant or '.'}"


def _is_heard_of(service: ServiceEntry, config: ProviderConfig, settings: Settings) -> bool:
    known = facts(config.kind, service.model)
    if known.context is not None:
        return True
    prices = shipped_prices(time.time())
    return prices.of(settings, service.provider, config, service.model) is not None
