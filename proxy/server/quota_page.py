"""How much of what providers allow is used up, as it was heard on the way or, on request, asked for now."""

from collections.abc import Callable, Mapping

import msgspec
from aiohttp import web

from proxy.config import Config
from proxy.money.quota import Allowance, tightest
from proxy.providers.provider import Provider
from proxy.server.endpoint import Access, Endpoint
from proxy.upstream.allowances.allowances import Allowances
from proxy.upstream.allowances.balances import Balances
from proxy.upstream.allowances.endpoints import questions
from proxy.wire.failure import Failure


class QuotaWindow(msgspec.Struct, frozen=True, kw_only=True):
    """One window of one key; null is unknown. Moments are in seconds since 1970."""

    name: str
    kind: str
    key: str
    model: str
    """Whose requests it counts; empty: those of the whole key."""
    counts: bool
    """False for one that says something of a part of its key only."""
    used_percent: float | None
    limit: float | None
    remaining: float | None
    unit: str
    resets_at: float | None
    seen_at: float
    source: str


class ProviderQuota(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one provider; `error` and `detail` tell why its balance could not be had just now."""

    provider: str
    tightest: QuotaWindow | None
    windows: list[QuotaWindow]
    balance_supported: bool
    error: str | None = None
    detail: str | None = None


class Quota(msgspec.Struct, frozen=True):
    """The answer of /api/quota."""

    providers: list[ProviderQuota]
    budgets: object = None


def endpoints(
    config: Callable[[], Config],
    balances: Balances,
    allowances: Allowances,
    budgets: Callable[[], object] = lambda: None,
) -> list[Endpoint]:
    """`budgets` gives whatever JSON can say of them, null as long as nobody counts."""

    async def get_quota(request: web.Request) -> web.Response:
        current = config()
        wants_news = request.query.get("refresh") == "1"
        failures = await balances.refresh(current) if wants_news else {}
        enabled = [Provider(name, table) for name, table in current.providers.items() if table.enabled]
        told = [_told(each, allowances, failures) for each in enabled]
        answer = msgspec.json.encode(Quota(told, budgets()))
        return web.Response(body=answer, content_type="application/json")

    return [
        Endpoint(
            method="GET",
            path="/api/quota",
            access=Access.ADMIN,
            handle=get_quota,
            summary="How much of limits, plans and balances is used; `refresh=1` asks for balances now.",
            answers={
                200: "What is known of every enabled provider; null is unknown.",
                401: "The admin token is missing or not valid.",
            },
        )
    ]


def _told(provider: Provider, allowances: Allowances, failures: Mapping[str, Failure]) -> ProviderQuota:
    known, failure = allowances.of(provider.name), failures.get(provider.name)
    narrow = tightest(known, allowances.now)
    return ProviderQuota(
        provider=provider.name,
        tightest=None if narrow is None else _window(narrow),
        windows=[_window(each) for each in known],
        balance_supported=bool(questions(provider)),
        error=None if failure is None else failure.kind.value,
        detail=None if failure is None else failure.sentence,
    )


def _window(allowance: Allowance) -> QuotaWindow:
    used = allowance.used
    return QuotaWindow(
        name=allowance.window,
        kind=allowance.kind.value,
        key=allowance.key,
        model=allowance.model,
        counts=allowance.counts,
        used_percent=None if used is None else round(used, 2),
        limit=allowance.limit,
        remaining=allowance.remaining,
        unit=allowance.unit,
        resets_at=allowance.resets_at,
        seen_at=allowance.seen_at,
        source=allowance.source.value,
    )
