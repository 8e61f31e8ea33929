"""Selections in a world of real parts with one clock that stands still until it is moved."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from proxy.config import TierName
from proxy.exchange import Attempt, Exchange, Outcome, Surface
from proxy.routing.affinity.pins import Pin
from proxy.routing.balance.statistics import Sample
from proxy.routing.health.key import Key
from proxy.routing.score.judging import TextJudge
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Said
from proxy.routing.service import Service
from proxy.routing.signals import Looked
from proxy.routing.signals import signals as read
from proxy.server.choosing.choosing import Choosing
from proxy.server.choosing.world import World
from proxy.upstream.outward import Outward
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import KnownSecrets

HI = {"messages": [{"role": "user", "content": "Hi"}]}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "text"}
AFTER_A_CALL = {
    "messages": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": [CALL]},
        {"role": "user", "content": [RESULT]},
    ]
}


@dataclass
class Clock:
    at: float = 1_000_000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Simulator:
    """What the gateway does with a request, but for asking anybody."""

    tables: Mapping[str, Any]
    seed: int = 1
    clock: Clock = field(default_factory=Clock)
    asked: int = 0
    judge: TextJudge | None = None
    usage: Usage = UNKNOWN
    """What every answer reports."""

    def __post_init__(self) -> None:
        self.config = configured(**self.tables)
        out = Outward(self.config, KnownSecrets(), clock=self.clock)
        self.board = out.board
        self.world = World(
            board=out.board,
            keys=out.keys,
            catalogue=out.catalogue,
            in_flight=out.in_flight,
            now=self.clock,
            steady=self.clock,
        )
        self.choosing = Choosing(self.config, self.world, Random(self.seed), self.judge)

    def apply(self, **tables: Any) -> None:
        self.tables = {**self.tables, **tables}
        self.config = configured(**self.tables)
        self.choosing.apply(self.config)

    def decide(
        self,
        body: Mapping[str, Any] = HI,
        *,
        model: str = "smart",
        client: str = "sdk",
        surface: str = "messages",
        session: str | None = "s1",
        headers: Mapping[str, str] | None = None,
        tier: TierName | None = None,
        service: Service | None = None,
        profile: str = "",
    ) -> Decision:
        told = dict(headers or {})
        if session is not None:
            told["x-tierwise-session"] = session
        looked = Looked(
            body=Body(json.dumps({"model": model, **body}).encode()),
            format=Format.ANTHROPIC if surface == "messages" else Format.OPENAI_CHAT,
            surface=surface,
            client=client,
            profile=profile,
            model=model,
            headers=told,
        )
        selector = self.choosing.selector
        signals = read(looked, self.world.messages)
        return self.choosing.decide(selector, signals, said=Said(service=service, tier=tier))

    def ask(
        self,
        body: Mapping[str, Any] = HI,
        *,
        by: str | None = None,
        calls: Sequence[str] = (),
        **about: Any,
    ) -> Decision:
        """A request that is answered, by the one it was meant for or by another."""
        decision = self.decide(body, **about)
        assert decision.service is not None, decision.refusal
        self.asked += 1
        exchange = Exchange(f"req_{self.asked}", Surface.MESSAGES, "sdk", "smart", Format.ANTHROPIC)
        exchange.decision, self.last = decision, exchange
        self.choosing.follow.sent(exchange, decision)
        served = decision.candidates[0] if by is None else self._candidate(decision, by)
        attempt = Attempt(
            served.service, tier=served.tier, outcome=Outcome.ANSWERED, calls=tuple(calls), usage=self.usage
        )
        exchange.attempts.append(attempt)
        exchange.serving = attempt
        self.choosing.follow.begun(exchange, decision, _Silent(list(calls)))  # type: ignore[arg-type] # all it is asked
        self.succeed(str(served.service))
        self.choosing.follow.over(exchange, decision)
        return decision

    def _candidate(self, decision: Decision, name: str) -> Any:
        return next(each for each in decision.candidates if str(each.service) == name)

    # What happens to services

    def fail(self, name: str, kind: FailureKind = FailureKind.SERVER, wait: float | None = None) -> None:
        failure = Failure(kind, "It failed.", retry_after=wait)
        self.board.failed(_service(name), _key(name), failure)

    def succeed(self, name: str) -> None:
        self.board.succeeded(_service(name), _key(name))

    def open(self, *names: str) -> None:
        """Their breakers."""
        for name in names:
            for _ in range(3):
                self.fail(name)

    def limit(self, name: str, wait: float = 60.0) -> None:
        self.fail(name, FailureKind.RATE_LIMIT, wait)

    def measure(self, name: str, speed: float, samples: int) -> None:
        for _ in range(samples):
            sample = Sample(self.clock(), 1 + 99 / speed, 1.0, output_tokens=100, tokens=200)
            self.world.statistics.note(_service(name), sample, self.clock())

    # What is remembered

    def pin(self, name: str, *, left: float, partition: str = "", model: str = "smart", **more: Any) -> None:
        """The session s1 is pinned, for so many seconds more."""
        decision = self.decide(model=model)
        assert decision.thread is not None
        now, service = self.clock(), _service(name)
        pin = Pin(
            provider=service.provider,
            model=service.model,
            requested=model,
            rule=partition,
            locked_at=now,
            first_locked=now,
            expires_at=now + left,
            service_version=self.choosing.selector.service_version(service),
            **more,
        )
        self.world.affinity.put(decision.thread, partition, pin, now, 2000)

    def pins(self, session: str = "s1") -> dict[str, tuple[str, float]]:
        """By partition: the service, and the seconds that are left."""
        thread = self.decide(session=session).thread
        known = None if thread is None else self.world.affinity.remembered(thread)
        if known is None:
            return {}
        return {name: (str(pin.service), pin.expires_at - self.clock()) for name, pin in known.pins.items()}


@dataclass
class _Silent:
    """An answer, as far as choosing looks at it."""

    calls: list[str]

    @property
    def heard(self) -> "_Silent":
        return self


def _service(name: str) -> Service:
    found = Service.named(name)
    assert found is not None
    return found


def _key(name: str) -> Key:
    return Key(name.partition("/")[0], "keyring")
