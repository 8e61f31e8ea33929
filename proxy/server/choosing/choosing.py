"""Decides for every request who is asked, and carries out what follows when it is really sent."""

from random import Random

from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Origin, Outcome
from proxy.routing.affinity.call_ids import CallIssuer
from proxy.routing.affinity.pins import Pin
from proxy.routing.balance.statistics import Sample
from proxy.routing.rules import read_ahead
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.effects import AdvanceCursor, ClaimProbe, KeepPin, TakeSeat, WritePin
from proxy.routing.selection.pinning import moved_pin
from proxy.routing.selection.request import NOTHING_SAID, Request, Said
from proxy.routing.selection.route import Route
from proxy.routing.selection.selector import Selector
from proxy.routing.service import Service
from proxy.routing.signals import Looked, Signals, signals
from proxy.server.choosing.world import World
from proxy.upstream.answer import Answer
from proxy.upstream.asked import Asked, aside

_LONGEST_TOOL = 600.0
"""Seconds after which a call is taken to have been given up, when the client goes on with another model."""

_CACHE_SECONDS = 300.0
"""For so long vendors keep a prompt in their cache where nobody has asked for more."""


class Choosing:
    """One gateway's. Its selector is replaced when the configuration is."""

    def __init__(self, config: Config, world: World, random: Random | None = None) -> None:
        self.world = world
        self.selector = Selector(config)
        self._random = random or Random()  # noqa: S311 -- it spreads requests, and guards nothing
        self._open: dict[str, tuple[Exchange, Decision, Answer]] = {}
        world.prices.reconfigured(config)

    def apply(self, config: Config) -> None:
        """Sessions stay where they are, but with services that are configured otherwise now."""
        before, self.selector = self.selector, Selector(config)
        selector = self.selector
        self.world.prices.reconfigured(config)
        self.world.call_ids.release(
            lambda issuer: selector.service_version(issuer.service) != before.service_version(issuer.service)
        )
        self.world.affinity.release(lambda pin: selector.service_version(pin.service) != pin.service_version)

    async def signals(self, selector: Selector, asked: Asked, looked: Looked) -> Signals:
        """With the texts that its rules look at; beside the loop where the body is large."""

        def read() -> Signals:
            found = signals(looked, self.world.messages)
            read_ahead(selector.route_of(found).rules, found)
            return found

        return await aside(read, len(asked.body.data))

    async def select(
        self, selector: Selector, asked: Asked, looked: Looked, said: Said = NOTHING_SAID
    ) -> Decision:
        """Who is to be asked; the exchange knows from here on, and knows its session."""
        exchange = asked.exchange
        read = await self.signals(selector, asked, looked)
        decision = self.decide(selector, read, exchange, said)
        if await self.world.keys_looked_for(selector, selector.route_of(read), decision):
            decision = self.decide(selector, read, exchange, said)
        exchange.decision, exchange.session = decision, decision.session.id
        exchange.source = decision.source
        return decision

    def decide(
        self,
        selector: Selector,
        signals: Signals,
        exchange: Exchange | None = None,
        said: Said = NOTHING_SAID,
        random: Random | None = None,
    ) -> Decision:
        """Who is to be asked, without any effect."""
        route = selector.route_of(signals)
        thread = selector.listening_thread(signals, route)
        asked = (said.service, said.issuer, selector.direct.named(signals.model))
        named = [each for each in asked if each is not None]
        caller = self._issuer(signals)
        snapshot = self.world.snapshot(selector, route, thread, exchange, caller, named)
        return selector.select(Request(signals=signals, said=said), snapshot, random or self._random)

    def sent(self, exchange: Exchange, decision: Decision) -> None:
        """It is going to be asked now: what the decision brings about, happens."""
        world = self.world
        for effect in decision.effects:
            match effect:
                case ClaimProbe(service):
                    world.board.admit(service, exchange.id)
                case TakeSeat(service):
                    world.in_flight.take(exchange.id, service)
                case AdvanceCursor(key, service):
                    world.turn_taken(key, service)
                case WritePin() | KeepPin():
                    pass  # when somebody answers

    def begun(self, exchange: Exchange, decision: Decision, answer: Answer) -> None:
        """Somebody answers. The session goes where it was served, and its pin lives on."""
        self._open[exchange.id] = exchange, decision, answer
        serving = exchange.serving
        if serving is None:
            return
        exchange.source = _source(decision, serving)
        if not self._is_as_it_was(decision, serving.service):
            return  # what the session was with is there no more
        for effect in decision.effects:
            if isinstance(effect, WritePin | KeepPin):
                self._settle(decision, effect, serving)

    def over(self, exchange: Exchange, decision: Decision) -> None:
        """It is all over, however it ended: what it told is remembered, and what it held is given back."""
        world = self.world
        self._open.pop(exchange.id, None)
        world.in_flight.leave(exchange.id)
        if decision.service is not None:
            world.board.released(decision.service, exchange.id)
        for attempt in exchange.attempts:
            self._note(attempt)
        serving = exchange.serving
        if serving is None or exchange.origin not in (Origin.CLIENT, Origin.DEMO):
            return
        session = _talk(decision.session.id, decision.agent)
        if serving.calls and self._is_as_it_was(decision, serving.service):
            caller = CallIssuer(serving.service, serving.tier, decision.rule or "")
            world.call_ids.remember(exchange.client, session, serving.calls, caller)
        for effect in decision.effects:
            if isinstance(effect, WritePin | KeepPin):
                known = world.affinity.remembered(effect.thread)
                pin = None if known is None else known.pins.get(effect.partition)
                if pin is None or pin.service != serving.service:
                    continue  # the session has gone elsewhere meanwhile
                usage = serving.usage
                world.affinity.note_answer(
                    effect.thread,
                    effect.partition,
                    serving.answer_id or "",
                    awaits_result=bool(serving.calls),
                    prefix=(usage.cache_read or 0) + (usage.cache_write or 0),
                    warm_until=world.now() + (exchange.cache_seconds or _CACHE_SECONDS),
                )

    def _settle(self, decision: Decision, effect: WritePin | KeepPin, serving: Attempt) -> None:
        """The session is with whoever answers it, as it was meant to be or not."""
        affinity, now = self._route(decision).affinity, self.world.now()
        thread, partition, pins = effect.thread, effect.partition, self.world.affinity
        known = pins.remembered(thread)
        before = None if known is None else known.pins.get(partition)
        pin = effect.pin if isinstance(effect, WritePin) else before
        if pin is None:
            return
        if serving.service != decision.service:
            version = decision.versions.get(serving.service, "")
            pin = moved_pin(pin, serving.service, serving.tier, version, now, now + affinity.ttl)
        if isinstance(effect, WritePin) and _is_beside(before, effect.pin):
            return
        if pin is not before:
            pins.put(thread, partition, pin, now, affinity.max_sessions)
        else:
            if not decision.is_tool_turn:
                pins.followed(thread, partition)
            if affinity.sliding and pin.service == serving.service:
                pins.renew(thread, partition, now, affinity.ttl, affinity.max_age)

    def _note(self, attempt: Attempt) -> None:
        """How long an answer took, for those who choose by it."""
        if attempt.outcome is not Outcome.ANSWERED or attempt.ended is None:
            return
        world, usage = self.world, attempt.usage
        counts = (usage.input, usage.cache_read, usage.cache_write, usage.output)
        now = world.now()
        sample = Sample(
            ended=now,
            latency_s=attempt.ended - attempt.began,
            first_byte_s=None if attempt.first_byte is None else attempt.first_byte - attempt.began,
            output_tokens=usage.output or 0,
            tokens=sum(count or 0 for count in counts),
        )
        world.statistics.note(attempt.service, sample, now)

    def _issuer(self, signals: Signals) -> CallIssuer | None:
        """Who asked for the tools whose results the request carries."""
        if not (signals.is_tool_turn and signals.answered):
            return None
        session = _talk(signals.session.id, signals.agent)
        known = self.world.call_ids.issuer(signals.client, session, signals.answered)
        return known or self._open_issuer(signals, session)

    def _open_issuer(self, signals: Signals, session: str) -> CallIssuer | None:
        """An answer that is still open may have asked already; quick clients do not wait for its end."""
        wanted = set(signals.answered)
        for exchange, decision, answer in self._open.values():
            serving = exchange.serving
            talk = _talk(decision.session.id, decision.agent)
            is_same = exchange.client == signals.client and talk == session
            if serving is None or not self._is_as_it_was(decision, serving.service):
                continue
            if is_same and wanted.intersection(answer.heard.calls):
                return CallIssuer(serving.service, serving.tier, decision.rule or "")
        return None

    def _is_as_it_was(self, decision: Decision, service: Service) -> bool:
        """Whether the service is configured as it was when it was decided to ask it."""
        now = self.selector.service_version(service)
        return decision.versions.get(service, now) == now

    def _route(self, decision: Decision) -> Route:
        routes = self.selector.routes
        return next((route for route in routes if route.name == decision.route), routes[-1])


def _talk(session: str | None, agent: str) -> str:
    """What tells whose calls are whose: agents of one session may count their calls alike."""
    return f"{session}/{agent}" if session else ""


def _is_beside(before: Pin | None, pin: Pin) -> bool:
    """Whether a turn that asks for another model comes in between a call and its result."""
    if before is None or not before.awaits_result or before.requested == pin.requested:
        return False
    return pin.locked_at - before.locked_at < _LONGEST_TOOL


def _source(decision: Decision, serving: Attempt) -> str:
    """Why it was served there: the decision's own word for its pick, else where its stand-in comes from."""
    if serving.service == decision.service or decision.source in ("probe_pin", "passthrough"):
        return decision.source
    if serving.service in decision.of_rule:
        return "smart_routing"
    return "load_balancer" if serving.tier is None else "tier"
