"""Arbitrary configurations, requests and states of the world, small enough that things often coincide."""

import json
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import msgspec
from hypothesis import strategies as st

from proxy.config import TIER_NAMES, Config
from proxy.money.budget import BudgetState
from proxy.money.caching import cache_rules
from proxy.money.rates import FREE, Prices, Rate
from proxy.money.remaining import Remaining
from proxy.routing.affinity.call_ids import CallIssuer
from proxy.routing.affinity.pins import Need, Pin, Remembered
from proxy.routing.caches.beliefs import Belief
from proxy.routing.health.marks import Reason as Mark
from proxy.routing.health.standing import Condition, Standing
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Abilities, Override, Snapshot, Terms
from proxy.routing.service import Service
from proxy.routing.signals import Kind, Looked, Messages, SessionId, Signals
from proxy.routing.signals import signals as read
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.configured import configured
from tests.proxy.routing.selection.judging import Says

PROVIDERS = ("A", "B", "C", "D")
MODELS = ("m", "n")
SERVICES = tuple(Service(provider, model) for provider in PROVIDERS for model in MODELS)
REQUESTED = ("claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-8", "smart", "A/m", "simple", "auto")
NOW, STEADY = 1_700_000_000.0, 5_000.0
TACTICS = ("priority", "random", "round_robin", "latency", "speed", "least_tokens", "capacity")
NEVER = {"signal": "model", "op": "equals", "value": "a model that nobody asks for"}


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """One selection, ready to be run."""

    tables: dict[str, Any]
    config: Config
    selector: Selector
    request: Request
    snapshot: Snapshot
    seed: int

    def __repr__(self) -> str:
        """As much as one wants to read of it."""
        about, world = self.request.signals, self.snapshot
        parts = {
            "tables": self.tables,
            "asked": (about.model, about.kind.value, about.tokens, about.tool_count, about.images),
            "demanded": (about.thinking, about.is_structured, about.max_output),
            "said": (about.latest_user_text, about.previous_text, self.selector.judge),
            "on a tool turn": about.is_tool_turn,
            "named": (self.request.said.service, self.request.said.tier),
            "standings": world.standings,
            "keyless": world.keyless,
            "abilities": world.abilities,
            "prices": world.prices,
            "terms": world.terms,
            "beliefs": world.beliefs,
            "ratios": world.ratios,
            "override": world.override,
            "budget": world.budget and world.budget.action,
            "remembered": world.remembered,
            "issuer": world.issuer,
        }
        return "\n".join(f"{name}: {part}" for name, part in parts.items())


def providers() -> st.SearchStrategy[dict[str, Any]]:
    one = st.builds(
        lambda enabled, host: {
            "kind": "openai-compatible",
            "base_url": f"http://{host}/v1",
            "key": "none",
            "enabled": enabled,
        },
        st.sampled_from([True] * 7 + [False]),
        st.sampled_from(["127.0.0.1:9", "cloud.example"]),
    )
    return st.fixed_dictionaries(dict.fromkeys(PROVIDERS[:3], one), optional={PROVIDERS[3]: one})


def entries(least: int = 0) -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries(
        {"provider": st.sampled_from(PROVIDERS), "model": st.sampled_from(MODELS)},
        optional={
            "active": st.sampled_from([True, True, True, False]),
            "weight": st.integers(0, 3),
            "priority": st.integers(0, 2),
            "capacity": st.integers(0, 3),
        },
    )
    return st.lists(one, min_size=least, max_size=4, unique_by=lambda each: (each["provider"], each["model"]))


_CONDITIONS: list[dict[str, Any]] = [
    {"signal": "model", "op": "contains", "value": "s"},
    {"signal": "tokens", "op": "ge", "value": 500},
    {"signal": "kind", "op": "equals", "value": "subagent"},
    NEVER,
]


def rules() -> st.SearchStrategy[list[dict[str, Any]]]:
    when = st.lists(st.sampled_from(_CONDITIONS), max_size=2)
    to_services = st.fixed_dictionaries({"when": when, "services": entries(1), "strict": st.booleans()})
    to_tier = st.fixed_dictionaries(
        {"when": when, "tier": st.sampled_from(TIER_NAMES), "strict": st.booleans()}
    )
    return st.lists(to_services | to_tier, max_size=3).map(
        lambda found: [{"name": f"R{at}", **one} for at, one in enumerate(found)]
    )


def _affinity() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["tool_turn", "tool_turn", "tool_history", "off"]),
            "scope": st.sampled_from(["partition", "partition", "route"]),
        }
    )


def routes() -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries(
        {
            "name": st.just("r"),
            "use": st.sampled_from(["tiers", "pool"]),
            "tactic": st.sampled_from(TACTICS),
            "services": entries(1),
            "strict": st.booleans(),
            "local_only": st.sampled_from([False, False, True]),
            "rules": rules(),
        }
    )
    # A route with tiers has no services of its own.
    return st.lists(one, max_size=1).map(
        lambda found: [
            {**each, "services": [] if each["use"] == "tiers" else each["services"]} for each in found
        ]
    )


def tables() -> st.SearchStrategy[dict[str, Any]]:
    tier = st.builds(
        lambda services, tactic: {"services": services, "tactic": tactic},
        entries(1),
        st.sampled_from(TACTICS),
    )
    return st.fixed_dictionaries(
        {
            "providers": providers(),
            "tiers": st.dictionaries(st.sampled_from(TIER_NAMES), tier, min_size=1, max_size=3),
            "routes": routes(),
            "affinity": _affinity(),
            "routing": st.fixed_dictionaries({"local_only": st.sampled_from([False] * 4 + [True])}),
        }
    )


_STANDINGS = st.one_of(
    *(
        st.builds(
            Standing, st.just(condition), st.integers(1, 3).map(lambda more: STEADY + more), st.just(why)
        )
        for condition, why in (
            (Condition.MARKED, Mark.BROKEN),
            (Condition.MARKED, Mark.RATE_LIMITED),
            (Condition.MARKED, Mark.PROBED),
            (Condition.OUT, Mark.REJECTED),
        )
    )
)
_ABILITIES = st.builds(
    Abilities,
    st.sampled_from([None, 100, 1000, 10_000]),
    st.sampled_from([None, True, True, False]),
    st.sampled_from([None, True, True, False]),
    st.sampled_from([None, True, True, False]),
    st.sampled_from([None, True, True, False]),
    st.sampled_from([None, None, 10, 5_000]),
)
_PRICES = st.sampled_from([0.2, 1.0, 5.0, 15.0]).map(
    lambda price: Prices(Rate(price), Rate(5 * price), Rate(price / 10), Rate(1.25 * price))
)
_TERMS = st.builds(
    Terms,
    st.none() | st.just(FREE) | st.just(Prices(Rate(1.0))) | _PRICES | _PRICES,
    st.sampled_from(["anthropic", "openai", "nobody-knows-this", "ollama"]).map(cache_rules),
    st.sampled_from([False, False, False, True]),
)
_PRICED = st.builds(Terms, _PRICES, st.sampled_from([cache_rules("anthropic"), cache_rules("openai")]))
_WARM, _TEPID = Belief(45_000, NOW + 100, NOW - 50), Belief(900, NOW + 100, NOW - 50)
_BELIEFS = st.builds(
    Belief,
    st.sampled_from([500, 5_000, 45_000, 45_000]),
    st.sampled_from([NOW + 100, NOW + 100, NOW - 1]),
    st.just(NOW - 50),
)
_TURNS = (Remaining(), Remaining((40,) * 20, {"SIMPLE": (3,) * 20, "MEDIUM": (30,) * 20}))


@st.composite
def pins(draw: st.DrawFn, selector: Selector, signals: Signals, rule: str) -> Pin:
    listed = [each.service for each in selector.route_of(signals).candidates]
    service = draw(st.sampled_from([*listed * 2, *SERVICES]))
    age, left = draw(st.sampled_from([10, 10, 50_000])), draw(st.sampled_from([500, 10, 0, -1]))
    is_changed = draw(st.sampled_from([False, False, False, True]))
    return Pin(
        provider=service.provider,
        model=service.model,
        tier=draw(st.sampled_from([None, *TIER_NAMES])),
        requested=draw(st.sampled_from([signals.model] * 4 + ["smart"])),
        rule=rule,
        locked_at=NOW - age,
        first_locked=NOW - age,
        expires_at=NOW + left,
        service_version="another" if is_changed else selector.service_version(service),
        prefix=draw(st.sampled_from([0, 900, 45_000])),
        warm_until=NOW + draw(st.sampled_from([-1, 100])),
    )


@st.composite
def remembered(draw: st.DrawFn, selector: Selector, signals: Signals) -> Remembered:
    partitions = ["", *(rule.name for route in selector.routes for rule in route.rules)]
    names = draw(st.lists(st.sampled_from(partitions), min_size=1, max_size=2, unique=True))
    found = {name: draw(pins(selector, signals, name)) for name in names}
    return Remembered(
        MappingProxyType(found), draw(st.sampled_from(names)), NOW - 100, need=draw(needs(signals))
    )


@st.composite
def needs(draw: st.DrawFn, signals: Signals) -> Need:
    """Of the turn before, or of this very one, which is sent again."""
    wanted, scores = st.sampled_from([None, *TIER_NAMES]), st.sampled_from([None, 10.0, 48.0, 52.0, 90.0])
    mark = draw(st.sampled_from([0, signals.turn_mark]))
    return Need(draw(wanted), draw(scores), mark, draw(wanted), draw(scores))


def budget(action: Any) -> BudgetState:
    return BudgetState(
        daily_spent=2,
        daily_limit=1,
        monthly_spent=2,
        monthly_limit=None,
        in_flight=0,
        over=True,
        action=action,
        resets_at=NOW + 60,
    )


@st.composite
def snapshots(draw: st.DrawFn, selector: Selector, signals: Signals) -> Snapshot:
    service = st.sampled_from(SERVICES)
    issuer = st.builds(CallIssuer, service, st.sampled_from([None, *TIER_NAMES]))
    return Snapshot(
        now=NOW,
        steady=STEADY,
        standings=draw(st.dictionaries(service, _STANDINGS, max_size=4)),
        well_since=draw(st.dictionaries(service, st.sampled_from([STEADY - 100, STEADY - 1]), max_size=2)),
        keyless=draw(st.sampled_from([{}, {}, {}, {"A": "no key"}])),
        abilities=draw(st.dictionaries(service, _ABILITIES, max_size=5)),
        in_flight=draw(st.dictionaries(service, st.integers(1, 3), max_size=3)),
        prices=draw(st.dictionaries(service, st.sampled_from([0.0, 1.0]), max_size=3)),
        terms=draw(st.dictionaries(service, _TERMS, min_size=2, max_size=8)),
        beliefs=draw(_beliefs(signals)),
        turns=draw(st.sampled_from(_TURNS)),
        asked_seconds=draw(st.sampled_from([300, 300, 0, 3600])),
        ratios=draw(st.dictionaries(service, st.sampled_from([0.5, 1.3, 2.0]), max_size=3)),
        override=draw(st.sampled_from([None] * 6 + [Override("COMPLEX", NOW + 9), Override("SIMPLE", NOW)])),
        budget=draw(st.sampled_from([None, None, None, *map(budget, ("warn", "cheaper", "stop"))])),
        remembered=draw(st.none() | remembered(selector, signals) | remembered(selector, signals)),
        issuer=draw(st.none() | st.none() | issuer) if signals.is_tool_turn else None,
    )


def _beliefs(signals: Signals) -> st.SearchStrategy[dict[Service, Belief]]:
    """Of chores on the side nothing is believed, for they belong to no thread."""
    if signals.kind is Kind.TITLE:
        return st.just({})
    return st.dictionaries(st.sampled_from(SERVICES), _BELIEFS, max_size=6)


_EARLIER = (*["an earlier thing"] * 6, "an earlier thing [tier:reasoning]", "/tier simple")
_COMMANDS = ("/tier up\nthis thing", "this thing [tier:medium]", "/tier down")
_NOW = (*["this thing"] * 7, "yes, go on", *_COMMANDS)
_POINTS = st.sampled_from([1.0, 30.0, 47.0, 53.0, 60.0, 90.0])


def judges() -> st.SearchStrategy[Says]:
    by_words = st.fixed_dictionaries({"this thing": _POINTS, "an earlier thing": _POINTS})
    return st.builds(Says, by_words, _POINTS)


@st.composite
def spoken(draw: st.DrawFn, is_tool_turn: bool) -> Signals:
    """With the words that a user and a model have exchanged."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "/tier reasoning"}
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": draw(st.sampled_from(_EARLIER))},
        {"role": "assistant", "content": [call] if is_tool_turn else "Done."},
        {"role": "user", "content": [result] if is_tool_turn else draw(st.sampled_from(_NOW))},
    ]
    body = Body(json.dumps({"messages": messages}).encode())
    looked = Looked(body=body, format=Format.ANTHROPIC, surface="messages", client="sdk")
    return read(looked, Messages())


@st.composite
def asked(draw: st.DrawFn) -> Signals:
    is_tool_turn = draw(st.booleans())
    return replace(
        draw(spoken(is_tool_turn)),
        model=draw(st.sampled_from(REQUESTED)),
        kind=draw(st.sampled_from([Kind.MAIN, Kind.MAIN, Kind.MAIN, Kind.SUBAGENT, Kind.TITLE])),
        has_tool_history=is_tool_turn or draw(st.booleans()),
        answered=("toolu_1",) if is_tool_turn else (),
        session=SessionId("s1", "header"),
        messages=3,
        turns=2,
        tool_count=draw(st.sampled_from([0, 5])),
        tokens=draw(st.sampled_from([50, 600, 5_000, 50_000])),
        images=draw(st.sampled_from([0, 0, 2])),
        thinking=draw(st.booleans()),
        max_output=draw(st.sampled_from([None, None, 20, 32_000])),
        is_structured=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    written = draw(tables())
    config = configured(**written)
    selector = Selector(config, draw(st.none() | judges() | judges()))
    signals = draw(asked())
    snapshot = draw(snapshots(selector, signals))
    tier = draw(st.sampled_from([None, None, None, *TIER_NAMES]))
    named = draw(st.sampled_from([None] * 9 + [SERVICES[0]]))
    request = Request(signals=signals, said=Said(tier=tier, service=named))
    return Case(written, config, selector, request, snapshot, draw(st.integers(0, 99)))


@st.composite
def sessions(draw: st.DrawFn) -> Case:
    """Typed turns of sessions that are with somebody who can answer them, so that it is a matter of cost."""
    tier = st.builds(
        lambda services, tactic: {"services": services, "tactic": tactic},
        st.lists(st.sampled_from([str(each) for each in SERVICES]), min_size=1, max_size=2, unique=True),
        st.sampled_from(["priority", "priority", "random"]),
    )
    written = {
        "providers": draw(providers().filter(lambda found: len(found) == len(PROVIDERS))),
        "tiers": draw(st.fixed_dictionaries(dict.fromkeys(TIER_NAMES, tier))),
        "routes": [],
    }
    config = configured(**written)
    selector = Selector(config, draw(judges()))
    more = draw(asked())
    kind = draw(st.sampled_from([Kind.MAIN, Kind.MAIN, Kind.MAIN, Kind.COMPACTION]))
    tokens = draw(st.sampled_from([46_000, 46_000, 50_000, 2_000]))
    signals = replace(draw(spoken(False)), session=more.session, model="auto", kind=kind, tokens=tokens)
    in_tiers = [each for pool in selector.routes[0].tiers.values() for each in pool.candidates]
    at = draw(st.sampled_from([each for each in in_tiers if each.tier != "SIMPLE"]))
    pin = Pin(
        provider=at.service.provider,
        model=at.service.model,
        tier=at.tier,
        requested="auto",
        locked_at=NOW - 50,
        first_locked=NOW - 50,
        expires_at=NOW + 500,
        service_version=selector.service_version(at.service),
    )
    snapshot = msgspec.structs.replace(
        draw(snapshots(selector, signals)),
        standings=draw(st.dictionaries(st.sampled_from(SERVICES), _STANDINGS, max_size=1)),
        keyless={},
        abilities={},
        budget=draw(st.sampled_from([None] * 5 + [budget("cheaper")])),
        beliefs={**draw(_beliefs(signals)), at.service: draw(st.sampled_from([_WARM, _WARM, _TEPID]))},
        terms=draw(st.fixed_dictionaries(dict.fromkeys(SERVICES, _TERMS | _PRICED | _PRICED))),
        remembered=Remembered(MappingProxyType({"": pin}), "", NOW - 100, need=draw(needs(signals))),
        override=None,
    )
    return Case(written, config, selector, Request(signals=signals), snapshot, draw(st.integers(0, 99)))
