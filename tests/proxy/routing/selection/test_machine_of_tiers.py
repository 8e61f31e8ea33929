"""Sessions among tiers, with prices and caches, in any order, beside a naive notebook of what must hold."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from proxy.config import TIER_NAMES, TierName
from proxy.money.catalogue import FILE, Catalogue
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.snapshot import Override
from proxy.wire.canonical import Usage
from resources import resource
from tests.proxy.routing.selection.judging import Says
from tests.proxy.routing.selection.simulator import Simulator

TIERS: dict[TierName, str] = {"SIMPLE": "p/s", "MEDIUM": "p/m", "COMPLEX": "p/c", "REASONING": "p/r"}
WORDS: dict[str, TierName] = {
    "tiny": "SIMPLE",
    "plain": "MEDIUM",
    "knotty": "COMPLEX",
    "deep": "REASONING",
}
PRICES = {"p/s": 1.0, "p/m": 4.5, "p/c": 5.0}
"""Dollars per million tokens; what the largest costs nobody knows."""
CACHED_SECONDS, PINNED_SECONDS = 300.0, 3600.0
LONG = "word " * 5000


@cache
def catalogue() -> Catalogue:
    return Catalogue(resource(FILE).read_bytes())


@dataclass
class Session:
    tier: TierName | None = None
    """Where it is."""
    wanted: TierName | None = None
    """What its last typed turn needed."""
    cached: dict[str, float] = field(default_factory=dict)
    """Who has its prompt, and until when."""
    expires: float = 0.0
    call: str = ""
    """What it awaits the result of."""
    said: int = 0
    """How often the user has typed something; a turn is known by it when it is sent again."""


class Tiers(RuleBasedStateMachine):
    """The real parts on one side, the notebook on the other."""

    @initialize()
    def begin(self) -> None:
        judge = Says({"tiny": 10, "plain": 35, "knotty": 62, "deep": 90})
        prices = {
            name: {"input": price, "output": 5 * price, "cache_read": price / 10, "cache_write": 1.25 * price}
            for name, price in PRICES.items()
        }
        provider = {"kind": "anthropic-compatible", "base_url": "http://p.example", "key": "none"}
        tiers = {tier: {"services": [service]} for tier, service in TIERS.items()}
        self.real = Simulator({"providers": {"p": provider}, "tiers": tiers, "prices": prices}, judge=judge)
        self.real.world.prices.learn(catalogue())
        self.sessions = {"s1": Session(), "s2": Session()}
        self.override: tuple[TierName, float] | None = None
        self.count = 0

    @property
    def now(self) -> float:
        return self.real.clock()

    def forced(self) -> TierName | None:
        return self.override[0] if self.override is not None and self.now < self.override[1] else None

    @rule(
        name=st.sampled_from(["s1", "s2"]),
        word=st.sampled_from([*WORDS, "go on"]),
        is_long=st.sampled_from([True, True, True, False]),
        asks=st.booleans(),
    )
    def says(self, name: str, word: str, is_long: bool, asks: bool) -> None:
        session = self.sessions[name]
        if word == "go on" and session.wanted is None:
            word = "plain"
        text = word if word == "go on" else f"some {word} words"
        past = [{"role": "user", "content": "some"}, {"role": "assistant", "content": "Done."}] * session.said
        session.said += 1
        messages = [*past, {"role": "user", "content": text}]
        body = {"system": LONG if is_long else "Be brief.", "messages": messages}
        decision = self.asked(name, body, asks=asks)
        needed = session.wanted if word == "go on" else WORDS[word]
        wanted = self.forced() or needed
        assert decision.wanted == wanted
        self.goes_where_it_may(session, decision, is_long=is_long)
        session.wanted = wanted
        self.is_at(session, decision, is_long=is_long)

    def goes_where_it_may(self, session: Session, decision: Decision, *, is_long: bool) -> None:
        wanted, tier = decision.wanted, decision.tier
        assert wanted is not None
        assert tier is not None
        found = decision.economics
        is_new = session.tier is None or self.now > session.expires
        if is_new or self.forced() or _place(wanted) >= _place(session.tier):
            assert tier == wanted
            assert found is None
            return
        assert found is not None
        assert found.here == TIERS[session.tier]
        until = session.cached.get(TIERS[session.tier], 0.0)
        if self.now > until:
            assert (found.verdict, tier) == ("cold", wanted)
        elif not is_long:
            assert (found.verdict, tier) == ("restarted", wanted)
        elif session.tier == "REASONING":
            assert (found.verdict, tier) == ("unpriced", session.tier)
        else:
            assert found.verdict in ("pays", "stays")
            assert (tier == session.tier) == (found.verdict == "stays")
            assert _place(wanted) <= _place(tier)
            assert found.stay_usd is not None
            assert found.switch_usd is not None
            assert (found.switch_usd < found.stay_usd) == (found.verdict == "pays")

    @precondition(lambda self: any(session.call for session in self.sessions.values()))
    @rule(at=st.integers(0, 1), is_long=st.booleans(), asks=st.booleans())
    def brings_what_a_tool_came_to(self, at: int, is_long: bool, asks: bool) -> None:
        """It stays, whatever is cheaper, set for everything, or said in the result."""
        waiting = [name for name, session in self.sessions.items() if session.call]
        name = waiting[at % len(waiting)]
        session = self.sessions[name]
        use = {"type": "tool_use", "id": session.call, "name": "read", "input": {}}
        result = {"type": "tool_result", "tool_use_id": session.call, "content": "/tier simple"}
        messages = [
            {"role": "user", "content": "some deep words"},
            {"role": "assistant", "content": [use]},
            {"role": "user", "content": [result]},
        ]
        body = {"system": LONG if is_long else "Be brief.", "messages": messages}
        decision = self.asked(name, body, asks=asks)
        assert (decision.tier, decision.source) == (session.tier, "affinity")
        assert (decision.economics, decision.score) == (None, None)
        self.is_at(session, decision, is_long=is_long)

    def asked(self, name: str, body: Any, *, asks: bool) -> Decision:
        """And answered, with all of the prompt cached."""
        self.count += 1
        self.real.usage = Usage(
            input=0, cache_read=self.real.decide(body, model="auto", session=name).tokens, output=100
        )
        self.sessions[name].call = call = f"toolu_{self.count}" if asks else ""
        return self.real.ask(body, model="auto", session=name, calls=[call] if call else [])

    def is_at(self, session: Session, decision: Decision, *, is_long: bool) -> None:
        session.tier, session.expires = decision.tier, self.now + PINNED_SECONDS
        if not is_long:
            session.cached.clear()  # it has begun anew, and is too short to be cached
            return
        session.cached[str(decision.service)] = self.now + CACHED_SECONDS

    @rule(tier=st.sampled_from(TIER_NAMES), seconds=st.sampled_from([60.0, 400.0]))
    def everything_is_set_to(self, tier: TierName, seconds: float) -> None:
        self.override = tier, self.now + seconds
        self.real.world.override = Override(*self.override)

    @rule()
    def nothing_is_set_any_more(self) -> None:
        self.override = self.real.world.override = None

    @rule(seconds=st.sampled_from([1.0, 61.0, 299.0, 301.0]))
    def time_passes(self, seconds: float) -> None:
        self.real.clock.at += seconds

    @invariant()
    def sessions_are_where_the_notebook_says(self) -> None:
        pins = {name: self.real.pins(name) for name in self.sessions}
        for name, session in self.sessions.items():
            if session.tier is not None and pins[name]:
                assert pins[name][""][0] == TIERS[session.tier]


def _place(tier: TierName) -> int:
    return TIER_NAMES.index(tier)


TestTiers = Tiers.TestCase
TestTiers.settings = settings(max_examples=40, stateful_step_count=30)
