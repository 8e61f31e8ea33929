"""Selections, answers, failures, time and reloads in any order, beside a naive notebook of what must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from proxy.exchange import Attempt, Exchange, Outcome, Surface
from proxy.routing.affinity.threads import Thread
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.effects import KeepPin, WritePin
from proxy.routing.service import Service
from proxy.wire.format import Format
from tests.proxy.configured import configured
from tests.proxy.routing.selection.simulator import Simulator

POOLS = {"P0": ("S/m", "T/m"), "": ("A/m", "B/m")}
NAMES = (*POOLS[""], *POOLS["P0"])
FAILURES, SUCCESSES, OPEN, TTL, MAX_AGE, LIMITED = 3, 2, 30, 600, 1500, 60
LONGEST_TOOL = 600.0
SESSIONS = ("s1", "s2")


@dataclass
class Breaker:
    """Of one service: closed, open until a moment, half open after it with one probe at a time."""

    failures: int = 0
    good: int = 0
    opens: float | None = None
    prober: str = ""
    lapses: float = 0.0
    limited: float = 0.0

    def is_open(self, now: float) -> bool:
        return self.opens is not None and now < self.opens

    def is_half_open(self, now: float) -> bool:
        return self.opens is not None and now >= self.opens

    def is_probed(self, now: float) -> bool:
        return self.is_half_open(now) and now < self.lapses

    def ends(self, now: float) -> float | None:
        """When it is well again; None: it is."""
        opens = self.opens if self.opens is not None and self.is_open(now) else 0.0
        return (
            max(opens, now if self.is_probed(now) else 0.0, self.limited if now < self.limited else 0.0)
            or None
        )

    def claimed(self, asker: str, now: float) -> None:
        if self.is_half_open(now) and not self.is_probed(now):
            self.prober, self.lapses = asker, now + OPEN

    def given_back(self, asker: str) -> None:
        if asker == self.prober:
            self.lapses = 0.0

    def succeeded(self, now: float) -> None:
        self.lapses, self.failures = 0.0, 0
        if self.is_open(now):
            self.opens = now
        elif self.is_half_open(now):
            self.good += 1
            if self.good >= SUCCESSES:
                self.opens = None

    def failed(self, now: float) -> None:
        was_open = self.is_open(now)
        self.lapses, self.failures = 0.0, self.failures + 1
        if self.is_half_open(now) or (not was_open and self.failures >= FAILURES):
            self.opens, self.good = now + OPEN, 0


@dataclass
class Sat:
    """Where a session sits under one rule."""

    service: str
    requested: str
    first: float
    expires: float
    locked: float
    awaits: bool = False


@dataclass
class Session:
    sits: dict[str, Sat] = field(default_factory=dict)
    last: str = ""
    calls: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Who called a tool, and under which rule."""


@dataclass
class Sent:
    exchange: Exchange
    decision: Decision
    session: str
    model: str
    partition: str
    is_typed: bool
    call: str
    at: float
    addresses: dict[str, int]
    followed: str
    """The partition whose pin it follows; `?`: none, so that it writes one; `-`: neither."""
    served: str = ""
    is_settled: bool = False


@dataclass(frozen=True)
class Answer:
    calls: tuple[str, ...]

    @property
    def heard(self) -> "Answer":
        return self


class Selections(RuleBasedStateMachine):
    """The real parts on one side, the notebook on the other; both are told the same."""

    @initialize()
    def begin(self) -> None:
        self.addresses = dict.fromkeys("ABST", 1)
        self.off: set[str] = set()
        self.real = Simulator(self.tables())
        self.breakers = {name: Breaker() for name in NAMES}
        self.sessions = {name: Session() for name in SESSIONS}
        self.open: list[Sent] = []
        self.count = 0

    def tables(self) -> Mapping[str, Any]:
        route = {
            "name": "r",
            "use": "pool",
            "tactic": "random",
            "services": list(POOLS[""]),
            "rules": [
                {
                    "name": "P0",
                    "when": [{"signal": "model", "op": "equals", "value": "smart"}],
                    "services": list(POOLS["P0"]),
                }
            ],
        }
        providers = {
            name: {
                "kind": "openai-compatible",
                "base_url": f"http://{name.lower()}{number}.example/v1",
                "key": "none",
                "enabled": name not in self.off,
            }
            for name, number in self.addresses.items()
        }
        return {
            "providers": providers,
            "routes": [route],
            "health": {
                "failures": FAILURES,
                "successes": SUCCESSES,
                "open_seconds": OPEN,
                "error_share": 1.0,
            },
            "affinity": {"ttl": TTL, "max_age": MAX_AGE, "sliding": True},
        }

    # What the notebook says

    @property
    def now(self) -> float:
        return self.real.clock()

    def there(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name[0] not in self.off]

    def ends(self, name: str) -> float | None:
        return self.breakers[name].ends(self.now)

    def well(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if self.ends(name) is None]

    def may_stay(self, name: str, others: list[str]) -> bool:
        """Its breaker does not stand open, or there is nobody else."""
        return name[0] not in self.off and not (self.breakers[name].is_open(self.now) and len(others) > 1)

    def pool(self, wanted: str) -> tuple[str, list[str]]:
        """The rule that narrows in the end, and whom it leaves."""
        own, base = self.there(POOLS[wanted]), self.there(POOLS[""])
        if wanted and (not own or (not self.well(own) and self.well(base))):
            return "", base
        return wanted, own

    def balanced(self, names: list[str]) -> list[str]:
        well = self.well(names)
        if well:
            return well
        first = min(self.ends(name) or 0.0 for name in names)
        return [name for name in names if self.ends(name) == first]

    def allowed(self, session: Session, model: str, call: str | None) -> tuple[list[str], str, str]:
        """The services that may be picked, the rule, and the partition whose pin is followed, if one is."""
        everybody = self.there(NAMES)
        issuer = session.calls.get(call or "")
        wanted = "P0" if model == "smart" else ""
        if call is not None:
            wanted = issuer[1] if issuer is not None else session.last if session.sits else ""
        rule_, names = self.pool(wanted)
        if call is not None:
            if issuer is not None and self.may_stay(issuer[0], everybody):
                followed = (at for at in (issuer[1], session.last) if at in session.sits)
                there = (at for at in followed if session.sits[at].service == issuer[0])
                return [issuer[0]], rule_, next(there, "-")
            sat = session.sits.get(session.last)
            if sat is not None and self.may_stay(sat.service, everybody):
                return [sat.service], rule_, session.last
            return self.balanced(names), rule_, "?"
        sat = session.sits.get(rule_)
        if sat is not None and self.stays(sat, model, names):
            return [sat.service], rule_, rule_
        return self.balanced(names), rule_, "?"

    def stays(self, sat: Sat, model: str, names: list[str]) -> bool:
        if (
            sat.requested != model
            or sat.service not in names
            or self.now > min(sat.expires, sat.first + MAX_AGE)
        ):
            return False
        is_marked = self.ends(sat.service) is not None
        return self.may_stay(sat.service, names) and not (is_marked and self.well(names))

    # What happens

    @rule(
        name=st.sampled_from(SESSIONS),
        model=st.sampled_from(["smart", "other"]),
        call=st.sampled_from([None, None, 0, 1, 7]),
    )
    def ask(self, name: str, model: str, call: int | None) -> None:
        session = self.sessions[name]
        id_ = None if call is None else f"toolu_{max(self.count - call, 0)}"
        allowed, rule_, followed = self.allowed(session, model, id_)
        decision = self.real.decide(body(id_), model=model, session=name)
        assert str(decision.service) in allowed, (decision.service, allowed, decision.reasons)
        assert (decision.rule or "") == rule_
        kinds = [type(each) for each in decision.effects if isinstance(each, KeepPin | WritePin)]
        expected = {"?": [WritePin], "-": []}.get(followed, [KeepPin])
        assert kinds == expected, decision.reasons
        self.count += 1
        exchange = Exchange(f"req_{self.count}", Surface.MESSAGES, "sdk", model, Format.ANTHROPIC)
        self.real.choosing.follow.sent(exchange, decision)
        picked = str(decision.service)
        self.breakers[picked].claimed(exchange.id, self.now)
        partition = rule_ if followed in ("?", "-") else followed
        call_id = f"toolu_{self.count}"
        self.open.append(
            Sent(
                exchange,
                decision,
                name,
                model,
                partition,
                id_ is None,
                call_id,
                self.now,
                dict(self.addresses),
                followed,
            )
        )

    @precondition(lambda self: any(not sent.served for sent in self.open))
    @rule(at=st.integers(0, 5), failed=st.integers(0, 2))
    def begins(self, at: int, failed: int) -> None:
        """Somebody answers, after so many others have failed."""
        waiting = [sent for sent in self.open if not sent.served]
        sent = waiting[at % len(waiting)]
        candidates = sent.decision.candidates
        failed = min(failed, len(candidates) - 1)
        for each in candidates[:failed]:
            self.fails(str(each.service))
        served = candidates[failed]
        sent.served = name = str(served.service)
        attempt = Attempt(served.service, outcome=Outcome.ANSWERED, calls=(sent.call,))
        sent.exchange.attempts.append(attempt)
        sent.exchange.serving = attempt
        answer = Answer((sent.call,))
        self.real.choosing.follow.begun(sent.exchange, sent.decision, answer)  # type: ignore[arg-type] # all it is asked
        if sent.addresses[name[0]] != self.addresses[name[0]]:
            return
        session = self.sessions[sent.session]
        session.calls[sent.call] = name, sent.decision.rule or ""
        if sent.followed != "-":
            sent.is_settled = self.settles(session, sent, is_moved=name != str(sent.decision.service))

    def settles(self, session: Session, sent: Sent, *, is_moved: bool) -> bool:
        """The session sits where it was answered, unless that was beside a call that is still open."""
        sat, last = session.sits.get(sent.partition), session.sits.get(session.last)
        writes, is_first = sent.followed == "?", not session.sits
        is_beside = sent.is_typed and self.is_beside(sat, sent.model, sent.at)
        if writes and sat is not None and (sat.locked > sent.at or is_beside):
            return False
        if not writes and sat is None:
            return False
        requested = sent.model if writes or sat is None else sat.requested
        leads = writes or sent.is_typed
        if sent.is_typed and self.is_beside(last, requested, self.now):
            leads = False
        at = self.now if is_moved else sent.at
        if writes or is_moved:
            session.sits[sent.partition] = Sat(sent.served, requested, at, at + TTL, at)
            leads = leads or is_first
        elif sat is not None and sat.service == sent.served:
            sat.expires, sat.locked = min(self.now + TTL, sat.first + MAX_AGE), self.now
        if leads:
            session.last = sent.partition
        return True

    def is_beside(self, sat: Sat | None, requested: str, at: float) -> bool:
        return (
            sat is not None and sat.awaits and sat.requested != requested and at - sat.locked < LONGEST_TOOL
        )

    @precondition(lambda self: bool(self.open))
    @rule(at=st.integers(0, 5))
    def ends_well_or_gives_up(self, at: int) -> None:
        sent = self.open.pop(at % len(self.open))
        if sent.served:
            self.real.succeed(sent.served)
            self.breakers[sent.served].succeeded(self.now)
        self.real.choosing.follow.over(sent.exchange, sent.decision)
        sat = self.sessions[sent.session].sits.get(sent.partition)
        if sent.is_settled and sat is not None and sat.service == sent.served:
            sat.awaits = True
        self.breakers[str(sent.decision.service)].given_back(sent.exchange.id)

    @rule(name=st.sampled_from(NAMES), times=st.integers(1, 3))
    def fails_often(self, name: str, times: int) -> None:
        for _ in range(times):
            self.fails(name)

    def fails(self, name: str) -> None:
        self.real.fail(name)
        self.breakers[name].failed(self.now)

    @rule(name=st.sampled_from(NAMES))
    def is_limited(self, name: str) -> None:
        self.real.limit(name, LIMITED)
        self.breakers[name].limited = self.now + LIMITED

    @rule(seconds=st.sampled_from([1.37, 11.3, 31.1, 61.3, 211.7, 611.9]))
    def time_passes(self, seconds: float) -> None:
        self.real.clock.at += seconds

    @rule(provider=st.sampled_from("ABST"))
    def moves_elsewhere(self, provider: str) -> None:
        """Its address is another: what was known of it is true of nobody."""
        self.addresses[provider] += 1
        self.reload(provider)
        for session in self.sessions.values():
            for partition in [name for name, sat in session.sits.items() if sat.service[0] == provider]:
                del session.sits[partition]
            for call in [id_ for id_, (name, _) in session.calls.items() if name[0] == provider]:
                del session.calls[call]

    @rule()
    def is_switched(self) -> None:
        self.off ^= {"B"}
        self.reload("B")

    def reload(self, provider: str) -> None:
        self.real.tables = self.tables()
        self.real.config = configured(**self.real.tables)
        self.real.board.reconfigured(self.real.config.health, [provider])
        self.real.choosing.apply(self.real.config)
        self.breakers[f"{provider}/m"] = Breaker()

    # What holds at any time

    @invariant()
    def sessions_sit_where_the_notebook_says(self) -> None:
        for name, session in self.sessions.items():
            known = self.real.world.affinity.remembered(Thread("r", "sdk", name))
            pins = {} if known is None else known.pins
            found = {at: (str(pin.service), pin.first_locked, pin.expires_at) for at, pin in pins.items()}
            assert found == {at: (sat.service, sat.first, sat.expires) for at, sat in session.sits.items()}
            assert known is None or known.last == session.last

    @invariant()
    def breakers_stand_as_the_notebook_says(self) -> None:
        for name, breaker in self.breakers.items():
            provider, _, _model = name.partition("/")
            standing = next(
                (each for each in self.real.board.snapshot().breakers if each.service.provider == provider),
                None,
            )
            is_open = standing is not None and standing.state.value == "open"
            assert is_open == breaker.is_open(self.now), name

    @invariant()
    def seats_are_taken_by_open_requests_alone(self) -> None:
        taken = [str(sent.decision.service) for sent in self.open]
        for each in self.real.config.services:
            name = f"{each.provider}/{each.model}"
            assert self.real.world.in_flight.count(Service(each.provider, each.model)) == taken.count(name)


def body(call: str | None) -> Mapping[str, Any]:
    """A typed turn, or the result of this call."""
    typed = {"role": "user", "content": "Hi"}
    if call is None:
        return {"messages": [typed]}
    use = {"type": "tool_use", "id": call, "name": "read", "input": {}}
    result = {"type": "tool_result", "tool_use_id": call, "content": "text"}
    return {
        "messages": [typed, {"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    }


TestSelections = Selections.TestCase
TestSelections.settings = settings(max_examples=60, stateful_step_count=40)


@pytest.mark.parametrize("is_tool_turn", [True, False])
def test_an_open_breaker_counts_although_a_rate_limit_lasts_longer(is_tool_turn: bool) -> None:
    provider = {"kind": "openai-compatible", "base_url": "http://a.example/v1", "key": "none"}
    route = {"name": "r", "use": "pool", "services": ["A/m", "B/m"]}
    simulator = Simulator({"providers": {"A": provider, "B": provider}, "routes": [route]})
    assert str(simulator.ask().service) == "A/m"
    simulator.limit("A/m", 60)
    simulator.open("A/m")
    assert str(simulator.decide(body("toolu_1" if is_tool_turn else None)).service) == "B/m"
