"""The selector: pipelines built once from a configuration, and the run of one request through its own.

A selection is a function of the request, the snapshot and the random source it is given. It keeps nothing and
changes nothing, so it may be asked out of curiosity as well.
"""

import hashlib
from collections.abc import Mapping
from random import Random

import msgspec
from msgspec.structs import replace

from proxy.config import Config, Profile
from proxy.routing.affinity.threads import Thread
from proxy.routing.names import plain
from proxy.routing.rules.rule import Rule
from proxy.routing.score.bands import shift
from proxy.routing.score.judging import TextJudge
from proxy.routing.selection.affinity import SIDE_KINDS
from proxy.routing.selection.affording import afforded
from proxy.routing.selection.bounds import within
from proxy.routing.selection.comparison import comparison
from proxy.routing.selection.consequences import effects_of
from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.decision import Decision, SelectionResult
from proxy.routing.selection.direct import Directly
from proxy.routing.selection.effects import Effect
from proxy.routing.selection.failover import in_order
from proxy.routing.selection.forcing import forced_tier
from proxy.routing.selection.load_balancer import source_of
from proxy.routing.selection.pipeline import Run, pipeline, run
from proxy.routing.selection.promises import kept
from proxy.routing.selection.request import Request
from proxy.routing.selection.route import Route, routes_of
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.selection.stage import Stage, StageResult
from proxy.routing.selection.verdicts import verdicts
from proxy.routing.service import Service
from proxy.routing.signals import Kind, Signals

_PROFILES: Mapping[str, Profile] = {"save": "save", "balanced": "balanced", "quality": "quality"}
"""Those that a client's address may name without a route that is made for it."""


class Selector:
    """One configuration's. A reload makes another; whoever has begun with this one ends with it."""

    def __init__(self, config: Config, judge: TextJudge | None = None) -> None:
        self.config = config
        self.judge = judge
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
        return None if signals.kind in SIDE_KINDS else self.listening_thread(signals, route)

    def listening_thread(self, signals: Signals, route: Route) -> Thread | None:
        """Whose past tells something about this request, also where it is beside the conversation."""
        if route.affinity.mode == "off" or not signals.session.id:
            return None
        agent = signals.agent
        if signals.kind is Kind.SUBAGENT and agent == "main":
            agent = "subagent"  # one that does not say which it is must not take the conversation along
        return Thread(route.name, signals.client, signals.session.id, agent)

    def service_version(self, service: Service) -> str:
        """Another one when its provider is configured otherwise."""
        return self._provider_versions.get(service.provider, "")

    def changed_since(self, before: "Selector") -> set[str]:
        """The providers that are configured otherwise now, or are gone."""
        now, then = self._provider_versions, before._provider_versions  # noqa: SLF001 -- one of its own kind
        return {name for name, version in then.items() if now.get(name) != version}

    def select(self, request: Request, snapshot: Snapshot, random: Random) -> Decision:
        """Whom to ask for this request, and why."""
        signals = request.signals
        route = self.route_of(signals)
        direct = self.direct.decision(request, route)
        if direct is None:
            if signals.surface == "embeddings":
                return self.select_for_embeddings(request, snapshot, random)
            return self._routed(request, route, snapshot, random)
        wished = within(self._wished(direct, request, route, snapshot, random), signals, route, snapshot)
        return self._complete(afforded(wished, snapshot), request, route)

    def select_for_embeddings(self, request: Request, snapshot: Snapshot, random: Random) -> Decision:
        """A pool that is made for them, without a look at contents; else exactly the model."""
        route = self.route_of(request.signals)
        if route.surface == "embeddings" and route.base.candidates:
            return self._routed(request, route, snapshot, random)
        context = self._context(request, route, snapshot, random)
        promised = kept(self.direct.embeddings(request, route), context)
        bounded = within(promised, request.signals, route, snapshot)
        return self._complete(afforded(bounded, snapshot), request, route)

    def _wished(
        self, direct: Decision, request: Request, route: Route, snapshot: Snapshot, random: Random
    ) -> Decision:
        """A client's own choice holds, but against no promise, and not between a call and its result."""
        if direct.service is None or direct.source == "probe_pin":
            return direct
        context = self._context(request, route, snapshot, random)
        promised = kept(direct, context)
        is_bound = snapshot.issuer is not None or snapshot.remembered is not None
        is_wish = direct.source == "passthrough" and self.config.routing.enabled
        if is_wish and is_bound and request.signals.is_tool_turn:
            stays = self._routed(request, route, snapshot, random)
            return stays if _is_of_this_talk(stays, request, snapshot) else promised
        return promised

    def _routed(self, request: Request, route: Route, snapshot: Snapshot, random: Random) -> Decision:
        context = self._context(request, route, snapshot, random)
        return self._decided(run(self.stages(route), context), request)

    def _context(
        self, request: Request, route: Route, snapshot: Snapshot, random: Random
    ) -> SelectionContext:
        profile = _PROFILES.get(request.signals.profile, self.config.routing.profile)
        step = shift(profile)
        thresholds = tuple([each + step for each in self.config.routing.thresholds])
        forced = forced_tier(request, snapshot, thresholds, self.judge)
        return SelectionContext(
            route=route,
            signals=request.signals,
            snapshot=snapshot,
            random=random,
            versions=self.versions,
            judge=self.judge,
            thresholds=thresholds,
            asked_tier=forced.tier,
            asked_by=forced.by,
        )

    def _decided(self, run: Run, request: Request) -> Decision:
        context, found = run.context, run.found
        order = () if found.pick is None else in_order(context, found.pick, found.order)
        decision = Decision(
            result=SelectionResult(
                service=None if found.pick is None else found.pick.service,
                source=found.source or source_of(context),
                evaluated_stages=run.names,
                matched_rule_index=context.matched_rule_index,
                left=run.left,
                reasons=run.reasons,
            ),
            candidates=order,
            refusal=found.refusal,
            route=context.route.name,
            rule=None if context.rule is None else context.rule.name,
            of_rule=() if context.rule is None else _services_of(context.rule, context.route),
            tier=None if found.pick is None else found.pick.tier,
            wanted=context.wanted,
            score=context.score,
            economics=context.economics,
            judged=context.judged,
            verdicts=verdicts(context, order, run.left),
            comparison=None if found.pick is None else comparison(context, found.pick, order),
            partition=context.partition,
            is_explored=found.explored,
            effects=self._effects(context, found),
        )
        return self._complete(decision, request, context.route)

    def _effects(self, context: SelectionContext, found: StageResult) -> tuple[Effect, ...]:
        if found.pick is None:
            return ()
        thread = self.thread(context.signals, context.route)
        version = self.service_version(found.pick.service)
        return effects_of(context, found, found.pick, thread, (version, self.version))

    def _complete(self, decision: Decision, request: Request, route: Route) -> Decision:
        """With what every decision tells, however it came about."""
        signals = request.signals
        return replace(
            decision,
            session=signals.session,
            thread=self.thread(signals, route),
            agent=signals.agent,
            kind=signals.kind,
            is_tool_turn=signals.is_tool_turn,
            turn_mark=signals.turn_mark,
            tokens=signals.tokens,
            deadline=self.config.routing.deadline,
            config_version=self.version,
            versions=self.versions,
        )


def _services_of(rule: Rule, route: Route) -> tuple[Service, ...]:
    return tuple([each.service for each in route.pool_of(rule).candidates])


def _is_of_this_talk(stays: Decision, request: Request, snapshot: Snapshot) -> bool:
    """Whether the service that a tool's result would stay with has to do with the service that is named.

    Whoever asked for the tool has. A pin that was written when the client asked for something else has not.
    """
    if stays.source != "affinity":
        return False
    remembered = snapshot.remembered
    pin = None if remembered is None else remembered.pins.get(remembered.last)
    is_same = pin is not None and pin.requested == plain(request.signals.model)
    return snapshot.issuer is not None or is_same


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=6).hexdigest()
