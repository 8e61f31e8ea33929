"""The selector: pipelines built once from a configuration, and the run of one request through its own.

A selection is a function of the request, the snapshot and the random source it is given. It keeps nothing and
changes nothing, so it may be asked out of curiosity as well.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import msgspec
from msgspec.structs import replace

from proxy.config import Config, Profile
from proxy.routing.affinity.threads import Thread
from proxy.routing.names import tier_named
from proxy.routing.selection.affinity import SIDE_KINDS, AffinityStage
from proxy.routing.selection.comparison import comparison
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.decision import Decision, SelectionResult
from proxy.routing.selection.direct import Directly
from proxy.routing.selection.effects import AdvanceCursor, ClaimProbe, Effect, KeepPin, TakeSeat, WritePin
from proxy.routing.selection.failover import in_order
from proxy.routing.selection.health import HealthStage
from proxy.routing.selection.load_balancer import LoadBalancerStage, cursor_of
from proxy.routing.selection.pinning import fresh_pin
from proxy.routing.selection.reasons import Reason
from proxy.routing.selection.request import Request
from proxy.routing.selection.route import Route, routes_of, shift
from proxy.routing.selection.services import contains_service
from proxy.routing.selection.smart_routing import SmartRoutingStage
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.selection.stage import Refusal, Stage, StageResult, refused_result
from proxy.routing.selection.tier import TierStage
from proxy.routing.selection.verdicts import verdicts
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Signals

_PROFILES: Mapping[str, Profile] = {"save": "save", "balanced": "balanced", "quality": "quality"}
"""Those that a client's address may name without a route that is made for it."""


def pipeline(route: Route) -> tuple[Stage, ...]:
    """The stages in their order. One pin for a whole session is honoured before rules and tiers are asked."""
    health, rules, balance = HealthStage(), SmartRoutingStage(), LoadBalancerStage()
    affinity = AffinityStage()
    choosing: tuple[Stage, ...] = (rules, TierStage()) if route.uses_tiers else (rules,)
    if route.affinity.scope == "route":
        return (health, affinity, *choosing, balance)
    return (health, *choosing, affinity, balance)


class Selector:
    """One configuration's. A reload makes another; whoever has begun with this one ends with it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.version = _digest(msgspec.json.encode(config))
        self.routes = routes_of(config)
        self.direct = Directly(config, self.routes)
        self._pipelines = {route.name: pipeline(route) for route in self.routes}
        self._provider_versions = {
            name: _digest(msgspec.json.encode(msgspec.structs.replace(table, enabled=True)))
            for name, table in config.providers.items()
        }
        self.versions = {
            each.service: self.service_version(each.service)
            for route in self.routes
            for each in route.candidates
        }

    def route(self, client: str, surface: str, model: str, profile: str) -> Route:
        """The first that fits; for embeddings one that is made for them comes before those for everything."""
        fitting = (route for route in self.routes if route.fits(client, surface, model, profile))
        if surface != "embeddings":
            return next(fitting)
        return min(fitting, key=lambda route: route.surface != "embeddings")

    def route_of(self, signals: Signals) -> Route:
        return self.route(signals.client, signals.surface, signals.model, signals.profile)

    def stages(self, route: Route) -> tuple[Stage, ...]:
        return self._pipelines[route.name]

    def thread(self, signals: Signals, route: Route) -> Thread | None:
        """Whose pins this request may read and write; None where it has none."""
        if route.affinity.mode == "off" or signals.kind in SIDE_KINDS or not signals.session.id:
            return None
        return Thread(route.name, signals.client, signals.session.id, signals.agent)

    def service_version(self, service: Service) -> str:
        """Another one when its provider is configured otherwise."""
        return self._provider_versions.get(service.provider, "")

    def select(self, request: Request, snapshot: Snapshot, random: Random) -> Decision:
        """Whom to ask for this request, and why."""
        signals = request.signals
        route = self.route_of(signals)
        direct = self.direct.decision(request, route)
        if direct is None:
            if signals.surface == "embeddings":
                return self.select_for_embeddings(request, snapshot, random)
            return self._routed(request, route, snapshot, random)
        is_bound = snapshot.issuer is not None or snapshot.remembered is not None
        is_wish = direct.source == "passthrough" and self.config.routing.enabled
        if is_wish and is_bound and signals.is_tool_turn:
            stays = self._routed(request, route, snapshot, random)
            if stays.source == "affinity":
                return stays
        return self._complete(direct, request)

    def select_for_embeddings(self, request: Request, snapshot: Snapshot, random: Random) -> Decision:
        """A pool that is made for them, without a look at contents; else exactly the model."""
        route = self.route_of(request.signals)
        if route.surface == "embeddings" and route.base.candidates:
            return self._routed(request, route, snapshot, random)
        return self._complete(self.direct.embeddings(request, route), request)

    def _routed(self, request: Request, route: Route, snapshot: Snapshot, random: Random) -> Decision:
        signals = request.signals
        asked = request.tier or tier_named(signals.model)
        profile = _PROFILES.get(signals.profile, self.config.routing.profile)
        step = shift(profile)
        context = SelectionContext(
            route=route,
            signals=signals,
            snapshot=snapshot,
            random=random,
            versions=self.versions,
            thresholds=tuple([each + step for each in self.config.routing.thresholds]),
            profile=profile,
            asked_tier=asked,
            asked_by="header" if request.tier is not None else "model",
        )
        return self._decided(_run(self.stages(route), context), request)

    def _decided(self, run: "_Run", request: Request) -> Decision:
        context, found = run.context, run.found
        order = () if found.pick is None else in_order(context, found.pick, found.order)
        decision = Decision(
            result=SelectionResult(
                service=None if found.pick is None else found.pick.service,
                source=found.source or run.names[-1],
                evaluated_stages=run.names,
                matched_rule_index=context.matched_rule_index,
                left=run.left,
                reasons=run.reasons,
            ),
            candidates=order,
            refusal=found.refusal,
            route=context.route.name,
            rule=None if context.rule is None else context.rule.name,
            tier=None if found.pick is None else found.pick.tier,
            score=context.score,
            judged=context.judged,
            verdicts=verdicts(context, order, run.left),
            comparison=None if found.pick is None else comparison(context, found.pick),
            partition=context.partition,
            is_explored=found.explored,
            effects=tuple(self._effects(context, found)),
        )
        return self._complete(decision, request)

    def _effects(self, context: SelectionContext, found: StageResult) -> list[Effect]:
        pick = found.pick
        if pick is None:
            return []
        effects: list[Effect] = [ClaimProbe(pick.service), TakeSeat(pick.service)]
        thread = self.thread(context.signals, context.route)
        if thread is not None:
            remembered = context.snapshot.remembered
            is_kept = found.source == "affinity" and remembered is not None
            effects.append(
                KeepPin(thread, _kept_partition(context))
                if is_kept
                else WritePin(
                    thread,
                    context.partition,
                    fresh_pin(
                        context,
                        pick,
                        service_version=self.service_version(pick.service),
                        config_version=self.version,
                    ),
                )
            )
        if found.source != "affinity":
            cursor = cursor_of(context, pick)
            if cursor is not None:
                effects.append(AdvanceCursor(cursor, pick.service))
        return effects

    def _complete(self, decision: Decision, request: Request) -> Decision:
        """With what every decision tells, however it came about."""
        signals = request.signals
        route = self.route_of(signals)
        return replace(
            decision,
            session=signals.session,
            thread=self.thread(signals, route),
            kind=signals.kind,
            is_tool_turn=signals.is_tool_turn,
            deadline=self.config.routing.deadline,
            config_version=self.version,
        )


@dataclass(frozen=True, slots=True)
class _Run:
    """How far a pipeline came, and what it found on the way."""

    context: SelectionContext
    found: StageResult
    names: tuple[str, ...]
    left: Mapping[str, tuple[Service, ...]]
    reasons: tuple[Reason, ...]


def _run(stages: Sequence[Stage], context: SelectionContext) -> _Run:
    """Until a stage picks somebody who can really be asked, or says that nobody can."""
    candidates: Candidates = context.route.candidates
    names: list[str] = []
    left: dict[str, tuple[Service, ...]] = {}
    reasons: list[Reason] = []
    for stage in stages:
        found = stage.evaluate(context, candidates)
        names.append(stage.name)
        reasons += found.reasons
        context = found.context
        if found.refusal is not None:
            return _Run(context, found, tuple(names), left, tuple(reasons))
        if found.pick is None:
            candidates = found.candidates
            left[stage.name] = tuple([each.service for each in candidates])
        elif _can_be_asked(context, found.pick):
            return _Run(context, found, tuple(names), left, tuple(reasons))
    sentence = f"No service available for the route {context.route.name}."
    found = refused_result(context, Refusal(sentence))
    return _Run(context, found, tuple(names), left, tuple(reasons))


def _can_be_asked(context: SelectionContext, pick: Candidate) -> bool:
    """Whether it is active, its provider there and on, and it can do what is asked: health has looked."""
    return pick.active and contains_service(context.healthy, pick.service)


def _kept_partition(context: SelectionContext) -> str:
    """The partition whose pin was followed."""
    remembered = context.snapshot.remembered
    if context.is_tool_turn and remembered is not None and context.route.affinity.scope == "partition":
        return remembered.last
    return context.partition


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=6).hexdigest()
