"""The product itself, under clocks that are set by hand.

It is the gateway that users run, without its door: whom to ask is decided, and what follows from it
remembered, by the code that serves requests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.savings.session import Request
from benchmarks.savings.world import DAY, shipped_prices
from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Outcome, Surface
from proxy.gateway import Gateway
from proxy.routing.selection.decision import Decision
from proxy.routing.service import Service
from proxy.routing.signals import Looked
from proxy.secret import Secret
from proxy.server.admin import Reloaded
from proxy.server.choosing.choosing import Choosing
from proxy.server.incoming import FORMATS
from proxy.upstream.asked import Asked
from proxy.wire.anthropic.cache_marks import cache_seconds_in
from proxy.wire.canonical import Usage
from proxy.wire.peek import asked as peeked
from proxy.wire.splice import Body

STEADY: Final = 50_000.0
"""Where the clock stands that never goes back, at the beginning of a session."""


@dataclass
class Clock:
    at: float

    def __call__(self) -> float:
        return self.at


class _AnyKey:
    """Every provider has one; nobody is asked with it."""

    async def get(self, _name: str) -> Secret | None:
        return Secret("made up")


class _NoTokens:
    def client_of(self, _token: str) -> str | None:
        return None

    def is_admin(self, _token: str) -> bool:
        return False


class _NoProgram:
    """Around a gateway that nobody can reach."""

    async def reload(self) -> Reloaded:
        raise NotImplementedError

    async def set_price(self, service: str, prices: Mapping[str, float]) -> Reloaded:
        raise NotImplementedError

    def show(self) -> bool:
        return False

    def request_stop(self) -> None:
        raise NotImplementedError


@dataclass(slots=True)
class Decided:
    """A request on its way through the product."""

    exchange: Exchange
    decision: Decision


@dataclass
class Product:
    """The gateway's choosing, told of every request what the server would tell it."""

    config: Config
    client: str
    now: Clock = field(default_factory=lambda: Clock(DAY))
    steady: Clock = field(default_factory=lambda: Clock(STEADY))

    def __post_init__(self) -> None:
        gateway = Gateway(self.config, _AnyKey(), _NoTokens(), _NoProgram(), now=self.now, clock=self.steady)
        self.choosing: Choosing = gateway._choosing  # noqa: SLF001 -- what is measured is what it has wired
        self.choosing.world.prices.learn(shipped_prices())
        self._count = 0

    async def decide(self, request: Request) -> Decided:
        """Whom to ask, and with which effects: nothing of it has happened yet."""
        self.now.at, self.steady.at = DAY + request.at, STEADY + request.at
        self._count += 1
        surface, body, selector = Surface(request.surface), Body(request.body), self.choosing.selector
        told = peeked(body)
        model = told.model or ""
        exchange = Exchange(
            f"req_{self._count}",
            surface,
            self.client,
            model,
            FORMATS[surface],
            streamed=bool(told.stream),
            received=self.now(),
            opened=self.steady(),
            cache_seconds=cache_seconds_in(request.body),
        )
        looked = looked_at(request, self.client, body, model)
        asked = Asked(exchange, body, tuple(request.headers.items()))
        decision = await self.choosing.select(selector, asked, looked)
        return Decided(exchange, decision)

    def answered(self, decided: Decided, service: Service, usage: Usage, calls: Sequence[str]) -> None:
        """By the service that was chosen, or by another one, which looks like a failover."""
        exchange, decision = decided.exchange, decided.decision
        tier = next((each.tier for each in decision.candidates if each.service == service), None)
        self.choosing.follow.sent(exchange, decision)
        attempt = Attempt(
            service, tier=tier, status=200, outcome=Outcome.ANSWERED, began=self.steady(), calls=tuple(calls)
        )
        exchange.attempts.append(attempt)
        exchange.serving = attempt
        self.choosing.follow.begun(exchange, decision, _Said(tuple(calls)))  # type: ignore[arg-type] # all it is asked
        attempt.usage, attempt.ended = usage, self.steady()
        attempt.answer_id = f"answer_{self._count}"
        exchange.outcome = Outcome.ANSWERED
        self.choosing.follow.over(exchange, decision)


def looked_at(request: Request, client: str, body: Body, model: str) -> Looked:
    """The request as its signals are read from it."""
    return Looked(
        body=body,
        format=FORMATS[Surface(request.surface)],
        surface=request.surface,
        client=client,
        model=model,
        headers=request.headers,
        address="127.0.0.1",
    )


@dataclass(frozen=True)
class _Said:
    """An answer, as far as choosing looks at it."""

    calls: tuple[str, ...]

    @property
    def heard(self) -> "_Said":
        return self
