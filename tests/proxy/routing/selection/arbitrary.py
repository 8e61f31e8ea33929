"""Arbitrary configurations, requests and states of the world, small enough that things often coincide."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from proxy.config import TIER_NAMES, Config
from proxy.money.budget import BudgetState
from proxy.routing.affinity.call_ids import CallIssuer
from proxy.routing.affinity.pins import Pin, Remembered
from proxy.routing.health.marks import Reason as Mark
from proxy.routing.health.standing import Condition, Standing
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Abilities, Snapshot
from proxy.routing.service import Service
from proxy.routing.signals import Kind, SessionId, Signals
from tests.proxy.configured import configured

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
            "on a tool turn": about.is_tool_turn,
            "named": (self.request.said.service, self.request.said.tier),
            "standings": world.standings,
            "keyless": world.keyless,
            "abilities": world.abilities,
            "prices": world.prices,
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
)


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
        prefix=draw(st.sampled_from([0, 900])),
        warm_until=NOW + draw(st.sampled_from([-1, 100])),
    )


@st.composite
def remembered(draw: st.DrawFn, selector: Selector, signals: Signals) -> Remembered:
    partitions = ["", *(rule.name for route in selector.routes for rule in route.rules)]
    names = draw(st.lists(st.sampled_from(partitions), min_size=1, max_size=2, unique=True))
    found = {name: draw(pins(selector, signals, name)) for name in names}
    return Remembered(MappingProxyType(found), draw(st.sampled_from(names)), NOW - 100)


def _budget(action: Any) -> BudgetState:
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
        budget=draw(st.sampled_from([None, None, None, *map(_budget, ("warn", "cheaper", "stop"))])),
        remembered=draw(st.none() | remembered(selector, signals) | remembered(selector, signals)),
        issuer=draw(st.none() | st.none() | issuer) if signals.is_tool_turn else None,
    )


@st.composite
def asked(draw: st.DrawFn) -> Signals:
    is_tool_turn = draw(st.booleans())
    return Signals(
        surface="messages",
        client="sdk",
        model=draw(st.sampled_from(REQUESTED)),
        kind=draw(st.sampled_from([Kind.MAIN, Kind.MAIN, Kind.MAIN, Kind.SUBAGENT, Kind.TITLE])),
        is_tool_turn=is_tool_turn,
        has_tool_history=is_tool_turn or draw(st.booleans()),
        answered=("toolu_1",) if is_tool_turn else (),
        session=SessionId("s1", "header"),
        messages=3,
        turns=2,
        tool_count=draw(st.sampled_from([0, 5])),
        tokens=draw(st.sampled_from([50, 600, 5_000, 50_000])),
        images=draw(st.sampled_from([0, 0, 2])),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    written = draw(tables())
    config = configured(**written)
    selector = Selector(config)
    signals = draw(asked())
    snapshot = draw(snapshots(selector, signals))
    tier = draw(st.sampled_from([None, None, None, *TIER_NAMES]))
    named = draw(st.sampled_from([None] * 9 + [SERVICES[0]]))
    request = Request(signals=signals, said=Said(tier=tier, service=named))
    return Case(written, config, selector, request, snapshot, draw(st.integers(0, 99)))
