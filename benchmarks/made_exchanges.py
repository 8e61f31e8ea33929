"""Exchanges that are over, made up in bulk: a developer's year, and a mix that is harder than any year.

Both come in the order of time and are the same in every run.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import msgspec

from app.toml.edits import Assign, edited
from benchmarks.made_decisions import RULES, Decisions, Turn
from proxy.config import TIER_NAMES, Config, TierName
from proxy.exchange import Attempt, Exchange, Outcome, Surface
from proxy.routing.service import Service
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

DAYS: Final = 365
_DAY: Final = 86_400
_WORKDAY: Final = (8.0, 19.0)
_WEEKEND: Final = 0.3
"""Of what is asked on a day of work."""

RARE_PROVIDER: Final = "groq"
_PRICED: Final = ("anthropic", "openai", "deepseek", RARE_PROVIDER)
PROVIDERS: Final = {
    **{name: {"kind": name, "key": "none"} for name in _PRICED},
    "house": {"kind": "openai-compatible", "base_url": "https://models.example.com/v1", "key": "none"},
    "ollama": {"kind": "ollama"},
}
"""The models of the house have no price, those of Ollama are on this machine."""

POOLS: Final[dict[TierName, tuple[tuple[str, float], ...]]] = {
    "SIMPLE": (("ollama/qwen3-coder:30b", 5), ("anthropic/claude-haiku-4-5", 4), ("openai/gpt-5-mini", 1)),
    "MEDIUM": (
        ("anthropic/claude-haiku-4-5", 5),
        ("deepseek/deepseek-v4-flash", 3),
        ("house/glm-air", 1),
        (f"{RARE_PROVIDER}/openai/gpt-oss-120b", 0.03),
    ),
    "COMPLEX": (("anthropic/claude-sonnet-4-6", 8), ("openai/gpt-5.4", 2)),
    "REASONING": (("anthropic/claude-opus-4-8", 9), ("openai/gpt-5.5", 1)),
}
_TIER_WEIGHTS: Final = (50, 25, 20, 5)
_CLIENTS: Final = (
    ("claude-code", Surface.MESSAGES, ("claude-opus-4-8", "claude-sonnet-4-6", "auto"), 70),
    ("codex", Surface.RESPONSES, ("gpt-5.5", "auto"), 15),
    ("cursor", Surface.CHAT, ("gpt-5.4", "auto", "nobody-knows-this"), 10),
    ("script", Surface.CHAT, ("auto",), 5),
)
_SESSIONLESS, _FAILED, _FAILED_OVER, _CANCELLED = 0.10, 0.03, 0.05, 0.02
_TOOL_TURNS: Final = 0.8
_LIMIT: Final = Failure(FailureKind.RATE_LIMIT, "The provider has had enough for now.")
_OVERLOAD: Final = Failure(FailureKind.OVERLOADED, "The provider is overloaded.")
_REFUSALS: Final = ((429, _LIMIT), (529, _OVERLOAD))


def config() -> Config:
    """What the exchanges were served under, as a table of config.toml; nothing of it is aged."""
    return msgspec.convert(tables(), Config)


def tables() -> dict[str, Any]:
    return {
        "providers": PROVIDERS,
        "savings": {"reference": "anthropic/claude-opus-4-8"},
        "ledger": {"retention_days": 10 * DAYS},
        "rules": RULES,
        "tiers": {tier: {"services": [_entry(name) for name, _ in pool]} for tier, pool in POOLS.items()},
    }


def written_config() -> str:
    """The same as config.toml."""
    return edited("", [Assign((name,), table) for name, table in tables().items()])


def _entry(name: str) -> dict[str, str]:
    provider, _, model = name.partition("/")
    return {"provider": provider, "model": model}


def developers_year(count: int, end: float, days: int = DAYS) -> Iterator[Exchange]:
    """Conversations of tens of turns on days of work, several at once, whose prompts grow and are cached."""
    chance = random.Random(1)
    starts = [end - _DAY * back for back in range(days, 0, -1)]
    weights = [_WEEKEND if datetime.fromtimestamp(start, UTC).weekday() > 4 else 1.0 for start in starts]
    made, so_far = 0, 0.0
    for start, weight in zip(starts, weights, strict=True):
        so_far += weight
        wanted = round(count * so_far / sum(weights)) - made
        yield from _day(chance, start, wanted)
        made += wanted


def hard_mix(count: int, end: float, days: int = DAYS) -> Iterator[Exchange]:
    """At any time anybody asks for anything: nearly each is the only one of its sort in its quarter."""
    chance = random.Random(2)
    services = [name for pool in POOLS.values() for name, _ in pool]
    often = [1 if name.startswith(RARE_PROVIDER) else 50 for name in services]
    moment, mean = end - days * _DAY, days * _DAY / count
    for _ in range(count):
        moment = min(moment + chance.expovariate(1 / mean), end)
        client, surface, models, _ = chance.choice(_CLIENTS)
        session = None if chance.random() < _SESSIONLESS else f"s{chance.randrange(5000)}"
        talk = _Talk(client, surface, chance.choice(models), session)
        talk.prompt = chance.randrange(100, 200_000)
        tier = chance.choice(TIER_NAMES)
        yield _exchange(chance, moment, talk, tier, _service(chance.choices(services, often)[0]))


@dataclass(slots=True)
class _Talk:
    """A conversation, as far as it has come."""

    client: str
    surface: Surface
    requested: str
    session: str | None
    prompt: int = 0
    cached_at: dict[str, int] = field(default_factory=dict)
    tier: TierName = "SIMPLE"


def _day(chance: random.Random, start: float, wanted: int) -> Iterator[Exchange]:
    """So many exchanges within the hours of work, each conversation's in their order."""
    turns: list[tuple[float, int, _Talk]] = []
    while len(turns) < wanted:
        talk = _begun(chance)
        at = start + 3600 * chance.uniform(*_WORKDAY)
        length = 1 if talk.session is None else 1 + int(chance.expovariate(1 / 35))
        for _ in range(min(length, wanted - len(turns))):
            turns.append((at, len(turns), talk))
            at += 2 + chance.expovariate(1 / 25)
    for at, _, talk in sorted(turns):
        if chance.random() < 0.3:
            talk.tier = chance.choices(TIER_NAMES, _TIER_WEIGHTS)[0]
        talk.prompt += chance.randrange(200, 4000)
        names, weights = zip(*POOLS[talk.tier], strict=True)
        yield _exchange(chance, at, talk, talk.tier, _service(chance.choices(names, weights)[0]))


def _begun(chance: random.Random) -> _Talk:
    client, surface, models, _ = chance.choices(_CLIENTS, [weight for *_, weight in _CLIENTS])[0]
    # Most exchanges belong to long conversations, so far more than a tenth of what begins has no session.
    is_one_of_many = chance.random() < _SESSIONLESS / (_SESSIONLESS + (1 - _SESSIONLESS) / 36)
    session = None if is_one_of_many else f"{chance.getrandbits(64):x}"
    return _Talk(client, surface, chance.choice(models), session, chance.randrange(500, 15_000))


_SERVICES: dict[str, Service] = {}


def _service(name: str) -> Service:
    if name not in _SERVICES:
        named = Service.named(name)
        assert named is not None
        _SERVICES[name] = named
    return _SERVICES[name]


@cache
def _decisions() -> Decisions:
    return Decisions(config())


def _exchange(chance: random.Random, at: float, talk: _Talk, tier: TierName, service: Service) -> Exchange:
    fate = chance.random()
    is_failed = fate < _FAILED
    is_cancelled = _FAILED <= fate < _FAILED + _CANCELLED
    attempts = []
    if is_failed or fate > 1 - _FAILED_OVER:
        attempts.append(_refused(chance, tier, _service(chance.choice(POOLS[tier])[0])))
    if not is_failed:
        attempts.append(_answered(chance, talk, tier, service, 0.5 if attempts else 0.01))
    last = attempts[-1]
    if is_cancelled:
        last.outcome, last.usage = Outcome.CANCELLED, Usage(input=last.usage.input)
    outcome = Outcome.FAILED if is_failed else Outcome.CANCELLED if is_cancelled else Outcome.ANSWERED
    is_tool_turn = talk.session is not None and chance.random() < _TOOL_TURNS
    asked = talk.client, talk.surface, talk.requested
    decision = _decisions().of(Turn(*asked, tier, service, talk.session is not None, is_tool_turn))
    return Exchange(
        id=f"req_{chance.getrandbits(64):016x}",
        surface=talk.surface,
        client=talk.client,
        requested_model=talk.requested,
        format=Format.ANTHROPIC,
        profile="balanced",
        session=talk.session,
        streamed=chance.random() < 0.9,
        received=at,
        opened=0.0,
        decided=0.001,
        closed=(last.ended or 0.0) + 0.01,
        cache_seconds=300 if talk.surface is Surface.MESSAGES else 0,
        source=decision.source,
        decision=decision,
        attempts=attempts,
        serving=None if is_failed else last,
        status=last.status,
        failure=last.failure,
        outcome=outcome,
    )


def _refused(chance: random.Random, tier: TierName, service: Service) -> Attempt:
    status, failure = chance.choice(_REFUSALS)
    return Attempt(service, "main", tier, Format.ANTHROPIC, status, failure, Outcome.FAILED, 0.01, None, 0.4)


def _answered(chance: random.Random, talk: _Talk, tier: TierName, service: Service, began: float) -> Attempt:
    first = began + chance.uniform(0.3, 3)
    output = 20 + int(chance.expovariate(1 / 400))
    return Attempt(
        service,
        "main",
        tier,
        Format.ANTHROPIC,
        200,
        None,
        Outcome.ANSWERED,
        began,
        first,
        first + output / chance.uniform(30, 120),
        usage=_usage(talk, service, output) if chance.random() < 0.995 else UNKNOWN,
    )


def _usage(talk: _Talk, service: Service, output: int) -> Usage:
    """What was sent to this model before is read from its cache; only Anthropic tells what is written."""
    name = str(service)
    prompt, read = talk.prompt, talk.cached_at.get(name, 0)
    talk.cached_at[name] = prompt
    if service.provider == "anthropic":
        return Usage(input=4, cache_read=read, cache_write=prompt - read, cache_write_1h=0, output=output)
    if service.provider == "ollama":
        return Usage(input=prompt, output=output)
    return Usage(input=prompt - read, cache_read=read, output=output, reasoning=output // 3)
