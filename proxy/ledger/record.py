"""What the loop hands over of an exchange that is over: plain values, and nothing that holds on to more.

An exchange holds failures with their tracebacks, and those hold bodies. While a disk is full, thousands of
records may wait, so nothing of that goes with them.
"""

from msgspec import Struct

from proxy.exchange import Attempt, Exchange, Outcome
from proxy.providers.subscriptions import is_login
from proxy.routing.health.key import is_clients_own
from proxy.routing.selection.decision import Decision
from proxy.wire.canonical import UNKNOWN, Usage

_MOST_TOKENS = 10**9
_MOST_DOLLARS = 10**6


class TryRecord(Struct, gc=False):
    """One attempt. Times are milliseconds after the exchange was opened."""

    provider: str
    model: str
    key: str
    tier: str | None
    purpose: str
    status: int | None
    outcome: str | None
    error: str | None
    began: int
    first_byte: int | None
    ended: int
    usage: Usage
    notes: tuple[str, ...]
    serves: bool
    leaves: bool = False


class Record(Struct, gc=False):
    """One exchange. `received` is in milliseconds since 1970, the other times follow it."""

    id: str
    origin: str
    received: int
    decided: int | None
    ended: int
    surface: str
    client: str
    profile: str
    session: str | None
    requested: str | None
    source: str | None
    reasons: tuple[str, ...]
    status: int | None
    outcome: str
    error: str | None
    streamed: bool
    on_subscription: bool
    cache_seconds: int
    tries: tuple[TryRecord, ...]
    said: tuple[bytes, list[bytes]] | None = None
    """Request and answer, only where the user wants them kept."""
    decision: Decision | None = None
    """As it was made. Nothing of it changes, and nothing of it holds what was said."""


def recorded(exchange: Exchange) -> Record:
    """Called on the loop, so it only copies."""
    opened = exchange.opened
    serving = exchange.serving
    failure = exchange.failure
    credential = exchange.credential
    closed = exchange.closed if exchange.closed is not None else opened
    return Record(
        exchange.id,
        exchange.origin,
        int(exchange.received * 1000),
        None if exchange.decided is None else int((exchange.decided - opened) * 1000),
        int((closed - opened) * 1000),
        exchange.surface,
        exchange.client,
        exchange.profile,
        exchange.session,
        exchange.requested_model,
        exchange.source,
        exchange.reasons,
        exchange.status,
        exchange.outcome or Outcome.CANCELLED,
        None if failure is None else failure.kind,
        exchange.streamed,
        credential is not None and _paid_by(exchange) and is_login(credential),
        exchange.cache_seconds,
        tuple([_try(attempt, opened, closed, serving) for attempt in exchange.attempts]),
        None if exchange.kept is None else (exchange.kept.request, exchange.kept.answer),
        exchange.decision,
    )


def _try(attempt: Attempt, opened: float, closed: float, serving: Attempt | None) -> TryRecord:
    service = attempt.service
    first, ended = attempt.first_byte, attempt.ended
    return TryRecord(
        service.provider,
        service.model,
        attempt.key,
        attempt.tier,
        attempt.purpose,
        attempt.status,
        attempt.outcome,
        None if attempt.failure is None else attempt.failure.kind,
        int((attempt.began - opened) * 1000),
        None if first is None else int((first - opened) * 1000),
        int(((closed if ended is None else ended) - opened) * 1000),
        _believable(attempt.usage),
        attempt.notes,
        attempt is serving,
        attempt.leaves,
    )


def _believable(usage: Usage) -> Usage:
    """Providers say what they like; a number beyond all bounds would spoil every sum it goes into."""
    if usage is UNKNOWN:
        return usage
    counts = (
        usage.input,
        usage.cache_read,
        usage.cache_write,
        usage.cache_write_1h,
        usage.output,
        usage.reasoning,
    )
    for count in counts:
        if count is not None and not 0 <= count <= _MOST_TOKENS:
            return UNKNOWN
    if usage == UNKNOWN or not 0 <= (usage.cost_usd or 0) <= _MOST_DOLLARS:
        return UNKNOWN
    return usage


def _paid_by(exchange: Exchange) -> bool:
    """Whether it is the client's own credential that was used."""
    serving = exchange.serving
    return serving is not None and is_clients_own(serving.key)
