"""Requests that name who is to answer, and those that nothing is configured for: they need no pipeline."""

from collections.abc import Iterable, Iterator

from proxy.config import TIER_NAMES, Config
from proxy.routing.names import is_auto, plain, spelled, tier_named, tier_of_family
from proxy.routing.selection.decision import Decision, SelectionResult, Verdict
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.request import Request
from proxy.routing.selection.route import Route
from proxy.routing.selection.stage import Refusal
from proxy.routing.selection.tier import tiers_from
from proxy.routing.service import Candidate, Service

_NOTHING = ""
"""Left to whoever knows how to help where nothing is configured."""


class Directly:
    """Of one configuration."""

    def __init__(self, config: Config, routes: Iterable[Route]) -> None:
        self._config = config
        self._routes = tuple(routes)
        listed: dict[Service, Candidate] = {}
        for route in reversed(self._routes):  # the built-in one comes last, and has the tiers as they are
            for each in route.candidates:
                listed.setdefault(each.service, each)
        self._listed = listed
        self.listed = tuple(listed.values())
        """Every service that is listed anywhere, once."""

    def decision(self, request: Request, route: Route) -> Decision | None:
        """Who is named, however it is done; None where a pipeline has to choose."""
        if request.said.service is not None:
            return self._only(request.said.service, route, "probe_pin", reason("probe_pin.asked"))
        if request.said.issuer is not None:
            name = str(request.said.issuer)
            return self._only(request.said.issuer, route, "affinity", reason("affinity.answer", name))
        if (named := self.named(request.signals.model)) is not None:
            return self._only(named, route, "passthrough", reason("passthrough.named", str(named)))
        if request.signals.surface == "embeddings":
            return None
        if not self._config.routing.enabled:
            return self._without_routing(request, route)
        if route.uses_tiers and not route.candidates:
            return self._by_speakers(request, route)
        return None

    def embeddings(self, request: Request, route: Route) -> Decision:
        """Vectors of two models cannot be compared, so a request goes to its own model and to no other."""
        model = plain(request.signals.model)
        exact = [each for each in self._able(route) if each.service.model == model]
        if exact:
            return self._chosen(exact, route, "passthrough", reason("passthrough.embeddings", model))
        return self._by_speakers(request, route)

    def named(self, asked: str) -> Service | None:
        """The service that a model's name means; many models have a slash in their own.

        The name of one that is listed and switched off is a model like any other, for the routes to decide.
        """
        model = plain(asked)
        split = Service.named(model)
        service = spelled(self._config, split) if split is not None else None
        if service is None:
            return None
        if (listed := self._listed.get(service)) is not None:
            return service if listed.active else None
        if any(each.model == model for each in self._listed):
            return None
        return service

    def _without_routing(self, request: Request, route: Route) -> Decision:
        """The service with exactly that model, else the tier of its family."""
        model = plain(request.signals.model)
        asked = request.said.tier or tier_named(model)
        exact = [each for each in self._able(route) if each.service.model == model]
        if exact and asked is None:
            return self._chosen(exact, route, "passthrough", reason("passthrough.exact", model))
        tiers = self._routes[-1].tiers
        if not any(self._may_be_asked(each, route) for pool in tiers.values() for each in pool.candidates):
            return self._by_speakers(request, route)
        wanted = asked or tier_of_family(model)
        found = [each for tier in tiers_from(wanted) if tier in tiers for each in tiers[tier].candidates]
        able = [each for each in found if self._may_be_asked(each, route)]
        why = "passthrough.family" if asked is None else "passthrough.asked"
        return self._chosen(able, route, "passthrough", reason(why, wanted))

    def _by_speakers(self, request: Request, route: Route) -> Decision:
        """Nothing is there to be chosen, so the model goes by its name to whoever speaks its language."""
        model = request.signals.model
        is_elsewhere = self._has_services() and request.signals.surface != "embeddings"
        if is_elsewhere or not model or is_auto(model) or tier_named(model):
            return self._refused(route, "passthrough", _NOTHING)
        for name in request.said.speakers:
            each = Candidate(Service(name, plain(model)))
            if self._may_be_asked(each, route):
                return self._chosen([each], route, "passthrough", reason("passthrough.speaker", name))
        return self._refused(route, "passthrough", _NOTHING)

    def _only(self, service: Service, route: Route, source: str, why: Reason) -> Decision:
        """With the parameters it has where it is listed; it need not be."""
        each = self._listed.get(service, Candidate(service))
        provider = self._config.providers.get(service.provider)
        if provider is None:
            return self._refused(route, source, f"The provider {service.provider} is not configured.", why)
        if not provider.enabled:
            sentence = f"The provider {service.provider} is disabled. Switch it on to ask {service}."
            return self._refused(route, source, sentence, why)
        if route.local_only and not provider.keeps_here(service.model):
            sentence = f"{service} would leave this machine, which `local_only` forbids."
            return self._refused(route, source, sentence, why)
        return self._chosen([each], route, source, why)

    def _chosen(self, found: Iterable[Candidate], route: Route, source: str, *reasons: Reason) -> Decision:
        unique: dict[Service, Candidate] = {}
        for each in found:
            unique.setdefault(each.service, each)
        candidates = tuple(unique.values())
        first = candidates[0]
        return Decision(
            result=SelectionResult(
                service=first.service, source=source, evaluated_stages=(source,), reasons=reasons
            ),
            candidates=candidates,
            route=route.name,
            tier=first.tier,
            verdicts=tuple(Verdict(each.service) for each in candidates),
        )

    def _refused(self, route: Route, source: str, sentence: str, *reasons: Reason) -> Decision:
        found = SelectionResult(source=source, evaluated_stages=(source,), reasons=reasons)
        return Decision(result=found, refusal=Refusal(sentence), route=route.name)

    def _has_services(self) -> bool:
        """Whether there is anything to be chosen, though it may not be able to answer."""
        return any(
            each.active
            for tier in TIER_NAMES
            if self._config.tier(tier).enabled
            for each in self._config.tier(tier).services
        )

    def _able(self, route: Route) -> Iterator[Candidate]:
        return (each for each in self._listed.values() if self._may_be_asked(each, route))

    def _may_be_asked(self, each: Candidate, route: Route) -> bool:
        provider = self._config.providers.get(each.service.provider)
        if provider is None or not provider.enabled or not each.active:
            return False
        return provider.keeps_here(each.service.model) or not route.local_only
