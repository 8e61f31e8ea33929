"""What follows from a decision when its request is really sent, answered, and over."""

from collections.abc import Callable

from proxy.exchange import Attempt, Exchange, Origin, Outcome
from proxy.routing.affinity.call_ids import CallIssuer, is_unique
from proxy.routing.balance.statistics import Sample
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.effects import AdvanceCursor, ClaimProbe, KeepPin, TakeSeat, WritePin
from proxy.routing.selection.route import Route
from proxy.routing.selection.selector import Selector
from proxy.routing.service import Service
from proxy.routing.signals import Signals
from proxy.server.choosing.noting import note_prompt
from proxy.server.choosing.sitting import note_answer, settle
from proxy.server.choosing.world import World
from proxy.upstream.answer import Answer


class Following:
    """Told of every request three times; who looks on tells nothing."""

    def __init__(self, world: World, selector: Callable[[], Selector]) -> None:
        self._world = world
        self._selector = selector
        self._settled: set[str] = set()
        """The open requests that their sessions are with."""
        self._open: dict[str, tuple[Exchange, Decision, Answer]] = {}

    def sent(self, exchange: Exchange, decision: Decision) -> None:
        """It is going to be asked now: what the decision brings about, happens."""
        world = self._world
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
                now, config = self._world.now(), self._route(decision).affinity
                if settle(self._world.affinity, config, decision, effect, serving, now):
                    self._settled.add(exchange.id)

    def over(self, exchange: Exchange, decision: Decision) -> None:
        """It is all over, however it ended: what it told is remembered, and what it held is given back."""
        world = self._world
        self._open.pop(exchange.id, None)
        is_settled = exchange.id in self._settled
        self._settled.discard(exchange.id)
        world.in_flight.leave(exchange.id)
        if decision.service is not None:
            world.board.released(decision.service, exchange.id)
        for attempt in exchange.attempts:
            self._note(attempt)
        serving = exchange.serving
        if serving is None or exchange.origin not in (Origin.CLIENT, Origin.DEMO):
            return
        note_prompt(world, self._selector().config, exchange, decision, serving)
        session = _talk(decision.session.id, decision.agent)
        if serving.calls and self._is_as_it_was(decision, serving.service):
            caller = CallIssuer(serving.service, serving.tier, decision.rule or "")
            world.call_ids.remember(exchange.client, session, serving.calls, caller)
        for effect in decision.effects if is_settled else ():
            if isinstance(effect, WritePin | KeepPin):
                cached = world.beliefs.of(effect.thread.key, world.now()).get(serving.service)
                note_answer(world.affinity, effect, serving, cached)

    def issuer(self, signals: Signals) -> CallIssuer | None:
        """Who asked for the tools whose results the request carries."""
        if not (signals.is_tool_turn and signals.answered):
            return None
        session = _talk(signals.session.id, signals.agent)
        known = self._world.call_ids.issuer(signals.client, session, signals.answered)
        return known or self._open_issuer(signals, session)

    def _open_issuer(self, signals: Signals, session: str) -> CallIssuer | None:
        """An answer that is still open may have asked already; quick clients do not wait for its end."""
        wanted = {id_ for id_ in signals.answered if session or is_unique(id_)}
        for exchange, decision, answer in self._open.values():
            serving = exchange.serving
            talk = _talk(decision.session.id, decision.agent)
            is_same = exchange.client == signals.client and talk == session
            if serving is None or not self._is_as_it_was(decision, serving.service):
                continue
            if is_same and wanted.intersection(answer.heard.calls):
                return CallIssuer(serving.service, serving.tier, decision.rule or "")
        return None

    def _note(self, attempt: Attempt) -> None:
        """How long an answer took, for those who choose by it."""
        if attempt.outcome is not Outcome.ANSWERED or attempt.ended is None:
            return
        world, usage = self._world, attempt.usage
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

    def _is_as_it_was(self, decision: Decision, service: Service) -> bool:
        """Whether the service is configured as it was when it was decided to ask it."""
        now = self._selector().service_version(service)
        return decision.versions.get(service, now) == now

    def _route(self, decision: Decision) -> Route:
        routes = self._selector().routes
        return next((route for route in routes if route.name == decision.route), routes[-1])


def _talk(session: str | None, agent: str) -> str:
    """What tells whose calls are whose: agents of one session may count their calls alike."""
    return f"{session}/{agent}" if session else ""


def _source(decision: Decision, serving: Attempt) -> str:
    """Why it was served there: the decision's own word for its pick, else where its stand-in comes from."""
    if serving.service == decision.service or decision.source in ("probe_pin", "passthrough"):
        return decision.source
    if serving.service in decision.of_rule:
        return "smart_routing"
    return "load_balancer" if serving.tier is None else "tier"
